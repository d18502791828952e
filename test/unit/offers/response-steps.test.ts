import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../contracts/json.ts';
import type { StepContext, StepServices } from '../../../domain/ports/step-context.ts';
import { quote } from '../../../domain/preprocessing/sql.ts';
import { generateDemo } from '../../../pipelines/offers/demo/index.ts';
import type { ResponseOutput, TablesOutput } from '../../../pipelines/offers/outputs.ts';
import type { OffersParams } from '../../../pipelines/offers/params.ts';
import { ingestOutcomes } from '../../../pipelines/offers/response/ingest-outcomes.ts';
import { chooseOffers } from '../../../pipelines/offers/steps/choose-offers.ts';
import { response } from '../../../pipelines/offers/steps/train-response.ts';
import { writeTables } from '../../../pipelines/offers/tables.ts';
import { fileArtifactStore, fileCheckpointStore } from '../../../storage/artifacts/file.ts';
import { sql, type Workplace, workplace } from './source.ts';

const asOf = '2026-07-01';
const params = {
  seed: 1,
  market: '',
  offerBudget: 300,
  offersPerCustomer: 1,
  discounts: [5, 10, 20],
  marginShare: 0.5,
  minMarginShare: 0.1,
  holdoutShare: 0.2,
} as OffersParams;
let place: Workplace;
let demo: string;
let services: StepServices;
let tables: TablesOutput;
let logs: string[];

beforeAll(async () => {
  place = await workplace();
  demo = join(place.base, 'demo');
  const { sales } = await generateDemo({ customers: 300, products: 32, days: 200, markets: 2, out: demo });
  await place.ingest(sales);
  services = {
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
afterAll(() => place.drop());

function context(inputs: Record<string, unknown>, item?: string): StepContext<OffersParams> {
  logs = [];
  return {
    runId: 'run',
    stepId: 'step',
    attempt: 1,
    params,
    inputs: inputs as Record<string, Json>,
    item: item === undefined ? undefined : { key: item, value: item },
    signal: new AbortController().signal,
    services,
    scratch: join(place.base, 'scratch'),
    progress() {},
    metric() {},
    log: (_, message) => logs.push(message),
  };
}
const learn = async () => (await response.run!(context({ preprocess: tables }))) as unknown as ResponseOutput;

describe('the response step', () => {
  it('says why nothing is learned without outcomes', async () => {
    expect(await learn()).toEqual({
      trained: false,
      reason: expect.stringContaining('0 offers with their outcome; 200 are needed'),
      offers: 0,
      response: null,
      evaluation: null,
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

describe('the step that chooses offers', () => {
  it('keeps the budget and the limits of a market, and records whom it holds out', async () => {
    const trained = await learn();
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
      context({ preprocess: tables, predict: {}, 'train-response': trained }, market),
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
    const held = rows.filter((r) => r['holdout']).length;
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(rows.length / 2);
    expect(out).toMatchObject({ heldOut: held, offers: rows.length - held });
    expect((out as { gap: number }).gap).toBeLessThan(0.01);
  });
});
