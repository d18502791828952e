import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssortmentGap } from '../../../contracts/gaps.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { GapRepository } from '../../../domain/ports/gaps.ts';
import type { StepContext, StepServices } from '../../../domain/ports/step-context.ts';
import { generateDemo } from '../../../pipelines/offers/demo/index.ts';
import { ingestDocuments } from '../../../pipelines/offers/documents/ingest.ts';
import type { GapTrainingOutput, TablesOutput } from '../../../pipelines/offers/outputs.ts';
import type { OffersParams } from '../../../pipelines/offers/params.ts';
import { findGaps } from '../../../pipelines/offers/steps/find-gaps.ts';
import { trainGaps } from '../../../pipelines/offers/steps/train-gaps.ts';
import { writeTables } from '../../../pipelines/offers/tables.ts';
import { fileArtifactStore, fileCheckpointStore } from '../../../storage/artifacts/file.ts';
import { type Database, openDatabase } from '../../../storage/postgres/index.ts';
import { freshDatabase } from '../../support/servers.ts';
import { sql, type Workplace, workplace } from './source.ts';
import { stepContext } from './step-context.ts';

const asOf = '2026-07-01';
const params = { seed: 1, market: '', gapScore: 0.2, train: 'auto' } as OffersParams;
interface Truth {
  readonly customer: string;
  readonly market: string;
  readonly gap: readonly string[];
  readonly staples: readonly string[];
}
let place: Workplace;
let database: Database;
let drop: () => Promise<void>;
let demo: string;
let truth: Truth[];
let services: StepServices;
let tables: TablesOutput;
let logs: string[];
let trained: GapTrainingOutput;

beforeAll(async () => {
  place = await workplace();
  const fresh = await freshDatabase();
  drop = fresh.drop;
  database = await openDatabase({ url: fresh.url, pool: 3 });
  demo = join(place.base, 'demo');
  const { sales } = await generateDemo({ customers: 240, products: 40, days: 150, markets: 2, out: demo });
  truth = JSON.parse(await readFile(join(demo, 'truth.json'), 'utf8')) as Truth[];
  await place.ingest(sales);
  services = {
    lake: place.lake,
    sql,
    artifacts: fileArtifactStore(join(place.base, 'artifacts')),
    checkpoints: fileCheckpointStore(join(place.base, 'checkpoints')),
    gaps: database.gaps,
    models: database.models,
  } as unknown as StepServices;
  const scratch = join(place.base, 'scratch');
  await mkdir(scratch);
  const signal = new AbortController().signal;
  tables = await writeTables({ asOf, productPattern: '^[0-9]{5}', services, scratch, signal });
}, 60_000);
afterAll(async () => {
  await database.close();
  await drop();
  await place.drop();
});

function context(
  inputs: Record<string, unknown>,
  { item, runId, changed = {} }: { item?: string; runId?: string; changed?: Partial<OffersParams> } = {},
): StepContext<OffersParams> {
  logs = [];
  const log = (message: string): number => logs.push(message);
  return stepContext({ params: { ...params, ...changed }, inputs, item, runId, services, base: place.base, log });
}
const learn = async (more: { runId?: string; changed?: Partial<OffersParams> } = {}) =>
  (await trainGaps.run!(context({ preprocess: tables }, more))) as unknown as GapTrainingOutput;
const find = (market: string) =>
  findGaps.run!(context({ preprocess: tables, 'train-gaps': trained }, { item: market }));
const bringIn = (documents: string) => ingestDocuments({ documents, now: new Date(), lake: place.lake, sql });

describe('the steps of assortment gaps', () => {
  it('say why nothing is learned without documents, and with too few', async () => {
    expect(await learn()).toEqual({
      trained: false,
      reason: 'no assortment gaps are looked for: the lake holds no documents of customers',
      customers: 0,
      sentences: 0,
      gap: null,
    });
    const few = await mkdtemp(join(place.base, 'few-'));
    await writeFile(join(few, `${truth[0]!.customer}.txt`), 'We use red mugs.');
    await writeFile(join(few, 'a prospect.txt'), 'We use red mugs.');
    await bringIn(few);
    expect((await learn()).reason).toMatch(/customers with texts buy something again and again; 100 are needed/);
    expect(logs.join()).toContain('documents of 1 customer(s) without a sale are left out');
    await rm(few, { recursive: true });
  });

  it('find in each market what customers use and never bought, with the text, its chance and its value', async () => {
    await bringIn(join(demo, 'documents'));
    trained = await learn();
    expect(trained).toMatchObject({ trained: true });
    const stored: AssortmentGap[] = [];
    for (const market of tables.markets) {
      const out = (await find(market)) as JsonObject;
      const all = await database.gaps.byMarket(market, asOf, { minScore: 0, limit: 100_000 });
      const sure = all.filter(({ score }) => score >= 0.5);
      expect(out).toMatchObject({ gaps: sure.length });
      expect(out['expectedValue']).toBeCloseTo(
        sure.reduce((sum, one) => sum + (one.expectedValue ?? 0), 0),
        3,
      );
      expect(all.map(({ rank }) => rank)).toEqual(all.map((_, i) => i + 1));
      for (const [i, one] of all.entries()) {
        expect(one).toMatchObject({ market, asOf, runId: 'run' });
        expect(one.score).toBeGreaterThanOrEqual(0.2);
        expect(one.expectedValue).toBeCloseTo(one.score * one.yearlyValue!, 6);
        expect(one.expectedValue).toBeLessThanOrEqual(all[i - 1]?.expectedValue ?? Number.POSITIVE_INFINITY);
        const [{ source, sentence, start, end }] = one.evidence as [AssortmentGap['evidence'][number]];
        expect(source).toBe(`${one.customerId}.txt`);
        expect(await readFile(join(demo, 'documents', source), 'utf8')).toContain(sentence);
        expect(sentence.slice(start, end)).not.toBe('');
      }
      const [partition] = await place.lake.list('offers/assortment-gaps', { market, date: asOf });
      const engine = await sql.open();
      const rows = await engine.query(
        `select customer_id, product_id, score, expected_value, source, sentence, evidence from read_parquet('${partition?.uri}') where product_id is not null order by rank`,
      );
      await engine.close();
      expect(rows).toEqual(
        all.map(({ customerId, productId, score, expectedValue, evidence }) => ({
          customer_id: customerId,
          product_id: productId,
          score,
          expected_value: expectedValue,
          source: evidence[0]?.source,
          sentence: evidence[0]?.sentence,
          evidence: evidence.map((one) => ({ ...one })),
        })),
      );
      stored.push(...sure);
    }
    // A staple that the sales happen to lack is used and not bought, too.
    const planted = new Map(truth.map(({ customer, gap, staples }) => [customer, [...gap, ...staples]]));
    const right = stored.filter((one) => planted.get(one.customerId)?.includes(one.productId ?? ''));
    expect(right.length / stored.length).toBeGreaterThan(0.9);
    expect(right.length).toBeGreaterThan(0.2 * truth.reduce((sum, { gap }) => sum + gap.length, 0));
  }, 120_000);

  it('go on with the model while little is new, and keep it with where it came from', async () => {
    const again = await learn();
    expect(again).toEqual({
      ...trained,
      reason: expect.stringContaining('the model goes on: version 1 is 0 days old'),
    });
    const champion = await database.models.byAlias('offers-assortment-gaps', 'champion');
    expect(champion).toMatchObject({
      version: 1,
      artifact: trained.gap,
      lineage: { run: 'run', asOf, sentences: trained.sentences, customers: trained.customers },
    });
  });

  it('keep what is learned anew a challenger where the run may not promote', async () => {
    await learn({ runId: 'held', changed: { train: 'always', promote: 'never' } });
    const { models } = database;
    expect((await models.byAlias('offers-assortment-gaps', 'challenger'))?.version).toBe(2);
    expect((await models.byAlias('offers-assortment-gaps', 'champion'))?.version).toBe(1);
  });

  it('find the same again, and in place of what was there', async () => {
    const [market = ''] = tables.markets;
    const repository: GapRepository = database.gaps;
    const all = () => repository.byMarket(market, asOf, { minScore: 0, limit: 100_000 });
    const before = await all();
    await find(market);
    expect(await all()).toEqual(before);
  });
});
