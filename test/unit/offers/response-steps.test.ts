import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Static } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeResponse, encodeResponse } from '../../../domain/offer-response/index.ts';
import { newOutcome } from '../../../domain/outcomes/index.ts';
import type { StepContext, StepServices } from '../../../domain/ports/step-context.ts';
import { quote } from '../../../domain/preprocessing/sql.ts';
import { generateDemo } from '../../../pipelines/offers/demo/index.ts';
import type { PublishedResponse, ResponseOutput, TablesOutput } from '../../../pipelines/offers/outputs.ts';
import type { OffersParams } from '../../../pipelines/offers/params.ts';
import { ingestOutcomes } from '../../../pipelines/offers/response/ingest-outcomes.ts';
import { marketCandidates } from '../../../pipelines/offers/response/market-candidates.ts';
import { loadOutcomes } from '../../../pipelines/offers/response/outcomes-table.ts';
import { loadSalesTable } from '../../../pipelines/offers/sales-table.ts';
import { chooseOffers } from '../../../pipelines/offers/steps/choose-offers.ts';
import { collectOutcomes } from '../../../pipelines/offers/steps/collect-outcomes.ts';
import { publishResponse } from '../../../pipelines/offers/steps/publish-response.ts';
import { response } from '../../../pipelines/offers/steps/train-response.ts';
import { writeTables } from '../../../pipelines/offers/tables.ts';
import { fileArtifactStore, fileCheckpointStore } from '../../../storage/artifacts/file.ts';
import { type Database, openDatabase } from '../../../storage/postgres/index.ts';
import { freshDatabase } from '../../support/servers.ts';
import { sql, type Workplace, workplace } from './source.ts';
import { stepContext } from './step-context.ts';

const asOf = '2026-07-01';
const params = {
  seed: 1,
  train: 'auto',
  market: '',
  offerBudget: 300,
  offersPerCustomer: 1,
  discounts: [5, 10, 20],
  marginShare: 0.5,
  minMarginShare: 0.1,
  holdoutShare: 0.2,
} as OffersParams;
let place: Workplace;
let database: Database;
let dropDatabase: () => Promise<void>;
let demo: string;
let services: StepServices;
let tables: TablesOutput;
let logs: string[];

beforeAll(async () => {
  place = await workplace();
  const fresh = await freshDatabase();
  dropDatabase = fresh.drop;
  database = await openDatabase({ url: fresh.url, pool: 2 });
  demo = join(place.base, 'demo');
  const { sales } = await generateDemo({ customers: 300, products: 32, days: 200, markets: 2, out: demo });
  await place.ingest(sales);
  services = {
    models: database.models,
    chosenOffers: database.chosenOffers,
    outcomes: database.outcomes,
    clock: { now: () => new Date() },
    lake: place.lake,
    sql,
    artifacts: fileArtifactStore(join(place.base, 'artifacts')),
    checkpoints: fileCheckpointStore(join(place.base, 'checkpoints')),
  } as unknown as StepServices;
  const scratch = join(place.base, 'scratch');
  await mkdir(scratch);
  tables = await writeTables({
    asOf,
    productPattern: '^[0-9]{5}',
    services,
    scratch,
    signal: new AbortController().signal,
  });
}, 60_000);
afterAll(async () => {
  await database.close();
  await Promise.all([dropDatabase(), place.drop()]);
});

function context(
  inputs: Record<string, unknown>,
  { item, runId = 'run', changed = {} }: { item?: string; runId?: string; changed?: Partial<OffersParams> } = {},
): StepContext<OffersParams> {
  logs = [];
  const log = (message: string): number => logs.push(message);
  return stepContext({ params: { ...params, ...changed }, inputs, item, runId, services, base: place.base, log });
}
const learn = async (changed: Partial<OffersParams> = {}, day = asOf) =>
  (await response.run!(context({ preprocess: { ...tables, asOf: day } }, { changed }))) as unknown as ResponseOutput;
const publish = async (
  learned: ResponseOutput,
  { runId = 'run', day = asOf, changed = {} }: { runId?: string; day?: string; changed?: Partial<OffersParams> } = {},
) =>
  (await publishResponse.run!(
    context({ preprocess: { ...tables, asOf: day }, 'train-response': learned }, { runId, changed }),
  )) as unknown as Static<typeof PublishedResponse>;

describe('the response step', () => {
  it('says why nothing is learned without outcomes', async () => {
    expect(await learn()).toEqual({
      trained: false,
      reason: expect.stringContaining('0 offers with their outcome; 200 are needed'),
      offers: 0,
      outcomes: expect.any(String),
      response: null,
      evaluation: null,
      againstChampion: null,
    });
    expect(logs.join()).toContain('no response is learned');
  });

  it('learns from outcomes before asOf, and is right and useful on later days', async () => {
    const text = await readFile(join(demo, 'offers.csv'), 'utf8');
    const outcomes = join(place.base, 'offers.csv');
    // One after the day, and one of a customer that never bought.
    const count = text.trim().split('\n').length - 1;
    await writeFile(outcomes, `${text}12000,20000,2026-07-01,5,1,0\nnobody,20000,2026-06-30,5,1,0\n`);
    await ingestOutcomes({ outcomes, lake: place.lake, sql });
    const { trained, offers, evaluation } = await learn();
    expect(trained).toBe(true);
    expect(offers).toBeLessThanOrEqual(count);
    expect(logs.join()).toMatch(/left out.*learned from/);
    expect(evaluation?.calibrationError).toBeLessThan(0.05);
    expect(evaluation?.auc).toBeGreaterThan(0.7);
    expect(evaluation?.uplift?.qini.lower95).toBeGreaterThan(0);
    expect(evaluation?.uplift?.qini.mean).toBeGreaterThan(evaluation?.uplift?.qiniUntargeted ?? 1);
  });
});

describe('the registry of the response', () => {
  it('makes the first version champion, with its figures and what it was learned from', async () => {
    const learned = await learn();
    expect(learned.againstChampion).toBeNull();
    const first = await publish(learned);
    expect(first).toMatchObject({ version: 1, promoted: true, serving: 1 });
    expect(await publish(learned)).toMatchObject({ version: 1, promoted: true });
    const champion = await database.models.byAlias('offers-response', 'champion');
    expect(champion).toMatchObject({
      version: 1,
      metrics: { offers: learned.offers, calibrationError: learned.evaluation?.calibrationError },
      lineage: { run: 'run', asOf, outcomes: learned.outcomes },
    });
  });

  it('learns nothing again from the same outcomes, and the champion goes on', async () => {
    const again = await learn();
    expect(again).toMatchObject({
      trained: false,
      reason: expect.stringContaining('version 1 has learned from the same'),
    });
    expect(await publish(again)).toMatchObject({ version: null, promoted: false, serving: 1 });
    expect(await learn({ train: 'never' })).toMatchObject({ trained: false });
  });

  it('does not promote what cannot be shown to be better, and says why', async () => {
    // The champion has seen all there is: no offer is later than what it has learned from.
    const learned = await learn({ train: 'always' });
    expect(learned.againstChampion).toEqual({ offers: 0, difference: null });
    expect(await publish(learned, { runId: 'other' })).toMatchObject({
      version: 2,
      promoted: false,
      serving: 1,
      reason: expect.stringContaining('100 are needed'),
    });
  });

  it('promotes a version that is better beyond chance on days that neither has learned from', async () => {
    const { artifact } = (await database.models.get('offers-response', 1))!;
    const model = decodeResponse(await services.artifacts.getBytes(artifact));
    // A champion of some months ago that takes everybody for unlikely to buy.
    const poor = await services.artifacts.putBytes(
      encodeResponse({ ...model, calibration: { intercept: -3, slope: 0.1 } }),
    );
    const old = await database.models.add({
      model: 'offers-response',
      formatVersion: 1,
      artifact: poor,
      metrics: {},
      lineage: { asOf: '2026-03-01' },
      runId: 'old',
    });
    await database.models.setAlias('offers-response', 'champion', old.version, 'test', 'an old one');
    const learned = await learn({ train: 'always' });
    expect(learned.againstChampion?.offers).toBeGreaterThan(100);
    expect(learned.againstChampion?.difference?.lower95).toBeGreaterThan(0);
    const held = await publish(learned, { runId: 'held', changed: { promote: 'never' } });
    expect(held).toMatchObject({ promoted: false, serving: old.version });
    expect(held.reason).toMatch(/promote = never.*against the champion/);
    const published = await publish(learned, { runId: 'better' });
    expect(published).toMatchObject({ promoted: true, reason: expect.stringContaining('better beyond chance') });
    expect(published.serving).toBe(published.version);
  });

  it('leaves a champion of later days alone when an earlier day is run again', async () => {
    const learned = await learn({ train: 'always' }, '2026-06-01');
    expect(learned.againstChampion).toBeNull();
    const before = await database.models.byAlias('offers-response', 'champion');
    const published = await publish(learned, { runId: 'backfill', day: '2026-06-01' });
    expect(published).toMatchObject({ promoted: false, reason: expect.stringContaining('later outcomes') });
    expect(published.serving).toBe(published.version);
    expect((await database.models.byAlias('offers-response', 'champion'))?.version).toBe(before?.version);
    // Run once more, the day is served by the version it has.
    const again = await learn({}, '2026-06-01');
    expect(again.trained).toBe(false);
    expect((await publish(again, { day: '2026-06-01' })).serving).toBe(published.version);
  });
});

describe('candidates for offers', () => {
  it('are the same by the sales of some customers at a time as by those of all', async () => {
    const published = await publish(await learn());
    const version = (await database.models.get('offers-response', published.serving!))!;
    const model = decodeResponse(await services.artifacts.getBytes(version.artifact));
    // Three products each, of every customer.
    const each = 3;
    const pairs = {
      customer: Int32Array.from({ length: each * tables.customers }, (_, i) => Math.floor(i / each)),
      product: Int32Array.from({ length: each * tables.customers }, (_, i) => (7 * i) % tables.products),
    };
    const around = {
      tables,
      services,
      scratch: join(place.base, 'scratch'),
      signal: new AbortController().signal,
    };
    const options = { asOfDay: Date.parse(asOf) / 86_400_000, discounts: [0.05, 0.2], marginShare: 0.5 };
    const whole = await marketCandidates(around, model, pairs, options);
    const parts = await marketCandidates(around, model, pairs, options, tables.rows - 1);
    expect(whole.candidates.length).toBeGreaterThan(100);
    expect(parts.names).toEqual(whole.names);
    expect(parts.candidates.map(({ customer, product, discount }) => [customer, product, discount])).toEqual(
      whole.candidates.map(({ customer, product, discount }) => [customer, product, discount]),
    );
    parts.candidates.forEach((one, i) => {
      const same = whole.candidates[i]!;
      expect(one.gain).toBeCloseTo(same.gain, 9);
      expect([one.price, one.daysSinceBought, one.pastOffers]).toEqual([
        same.price,
        same.daysSinceBought,
        same.pastOffers,
      ]);
    });
    // What a sale is worth: the middle of the prices of the last 90 days.
    const sales = await loadSalesTable(tables.tables, services.artifacts, sql);
    const { product, price } = whole.candidates[0]!;
    const prices = [...sales.price.keys()]
      .filter((r) => sales.product[r] === product && sales.day[r]! >= options.asOfDay - 90)
      .map((r) => sales.price[r]!)
      .sort((a, b) => a - b);
    expect(price).toBe(prices[Math.floor(prices.length / 2)]);
  });
});

describe('the step that chooses offers', () => {
  it('keeps the budget and the limits of a market, and records whom it holds out', async () => {
    const published = await publish(await learn());
    const market = tables.markets[0] ?? '';
    const engine = await sql.open();
    // In place of the lists of the ranking: what everybody of the market might be offered.
    await place.lake.replace('offers/next-products', { market, date: asOf }, async (folder) => {
      await engine.execute(`
        copy (select customer as customer_id, product as product_id from read_parquet(${quote(await services.artifacts.getFile(tables.tables.customers))})
          cross join (select product from read_parquet(${quote(await services.artifacts.getFile(tables.tables.products))}) limit 12) where market = ${quote(market)})
        to ${quote(join(folder, 'part-0.parquet'))} (format parquet)`);
      return { rows: 1 };
    });
    const out = await chooseOffers.run!(
      context({ preprocess: tables, predict: {}, 'publish-response': published }, { item: market }),
    );
    const [chosen] = await place.lake.list('offers/chosen-offers', { market, date: asOf });
    const rows = await engine.query(`select * from read_parquet(${quote(chosen?.uri ?? '')})`);
    await engine.close();
    expect(rows.length).toBeGreaterThan(20);
    expect(new Set(rows.map((r) => r['customer_id'])).size).toBe(rows.length);
    const spend = rows.reduce((sum, r) => sum + Number(r['expected_spend']), 0);
    expect(spend).toBeLessThanOrEqual(300);
    expect(
      rows.every((r) => Number(r['incremental_margin']) > 0 && params.discounts.includes(Number(r['discount']))),
    ).toBe(true);
    const stored = await database.chosenOffers.byMarket(market, asOf, { limit: 500, holdouts: true });
    expect(stored.map((o) => [o.rank, o.customerId, o.productId, o.holdout])).toEqual(
      rows.map((r) => [r['rank'], r['customer_id'], r['product_id'], r['holdout']]),
    );
    expect(stored[0]).toMatchObject({ runId: 'run', modelVersion: published.serving, asOf });
    expect(stored.every((o) => o.expectedRevenue > 0 && o.probability > o.probabilityWithout)).toBe(true);
    const held = rows.filter((r) => r['holdout']).length;
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(rows.length / 2);
    expect(out).toMatchObject({ heldOut: held, offers: rows.length - held });
    expect((out as { gap: number }).gap).toBeLessThan(0.01);
  });
});

describe('the step that collects outcomes', () => {
  it('brings those of the API to be learned from, in place of what a file says, and those of files to their offers', async () => {
    const collect = () => collectOutcomes.run!(context({ preprocess: tables }));
    const load = () => loadOutcomes(tables.tables, asOf, services, join(place.base, 'scratch'));
    const days = () => place.lake.list('offers/offer-outcomes-api');
    const before = await load();
    const engine = await sql.open();
    const uris = (await place.lake.list('offers/offer-outcomes', { date: '2026-06-30' })).map(({ uri }) => uri);
    const [told] = await engine.query(
      `select * from read_parquet(${quote(uris[0] ?? '')}) where not holdout and customer_id <> 'nobody' order by all limit 1`,
    );
    await engine.close();
    const customerId = String(told?.['customer_id']);
    const productId = String(told?.['product_id']);
    const discount = Number(told?.['discount']) * 100;
    await database.chosenOffers.replaceMarket('somewhere', '2026-06-30', [
      {
        ...{ market: 'somewhere', asOf: '2026-06-30', rank: 1, customerId, productId, description: '', discount },
        ...{ holdout: false, probability: 0.3, probabilityWithout: 0.1, price: 1, expectedRevenue: 1 },
        ...{ incrementalMargin: 1, spend: 0.1, reason: '', runId: 'r', modelVersion: 9 },
      },
    ]);
    const files = (await collect()) as { fromApi: number; fromFiles: number };
    expect(files.fromApi).toBe(0);
    // The one that never bought is among them.
    expect(files.fromFiles).toBeGreaterThan(before.sale.length);
    const range = { from: '2026-06-30', to: '2026-07-01', market: 'somewhere' };
    expect(await database.outcomes.cells(range)).toMatchObject([
      { modelVersion: 9, rows: 1, predicted: 0.3, observed: told?.['sale'] === true ? 1 : 0 },
    ]);

    const outcome = newOutcome({
      ...{ customerId, productId, discount, holdout: false },
      ...{ date: '2026-06-30', sale: told?.['sale'] !== true },
    });
    await database.outcomes.save([outcome, { ...outcome, id: 'another day', date: '2026-06-29' }], 'test', new Date());
    expect(await collect()).toEqual({ fromApi: 2, fromFiles: 0 });
    const [first, ...more] = await days();
    expect(more).toHaveLength(1);
    const after = await load();
    // Of one offer another outcome, of another day one more.
    expect(after.sale.length).toBe(before.sale.length + 1);
    expect(after.unknown).toBe(before.unknown);
    expect(await database.outcomes.cells(range)).toMatchObject([{ observed: outcome.sale ? 1 : 0 }]);
    expect(await collect()).toEqual({ fromApi: 2, fromFiles: 0 });
    expect((await days())[0]).toMatchObject({ partition: first?.partition, sha256: first?.sha256 });
  });
});
