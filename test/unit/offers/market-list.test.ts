import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ChosenOffer } from '../../../contracts/chosen-offers.ts';
import type { Json } from '../../../contracts/json.ts';
import type { StepContext, StepServices } from '../../../domain/ports/step-context.ts';
import { quote } from '../../../domain/preprocessing/sql.ts';
import { marketLists } from '../../../pipelines/offers/market-lists.ts';
import type { TablesOutput } from '../../../pipelines/offers/outputs.ts';
import type { OffersParams } from '../../../pipelines/offers/params.ts';
import { writeParquetRows } from '../../../pipelines/offers/parquet-rows.ts';
import { type PredictionRow, writePredictions } from '../../../pipelines/offers/prediction-rows.ts';
import { realisedRevenue } from '../../../pipelines/offers/realised.ts';
import { type OfferRow, offerColumns } from '../../../pipelines/offers/response/offer-rows.ts';
import { marketList } from '../../../pipelines/offers/steps/market-list.ts';
import { writeTables } from '../../../pipelines/offers/tables.ts';
import { fileArtifactStore } from '../../../storage/artifacts/file.ts';
import { header, line, sql, type Workplace, workplace } from './source.ts';

const [market, asOf] = ['United Kingdom', '2011-11-09'];
let place: Workplace;
let services: StepServices;
let tables: TablesOutput;
let replaced: (readonly ChosenOffer[])[];

beforeAll(async () => {
  place = await workplace();
  const sales = [
    line({ customer: 'a', product: '10001', description: 'MUG', quantity: '10', price: '2' }),
    line({ customer: 'b', product: '10002', description: "CUP 'N' SAUCER" }),
    line({
      customer: 'b',
      product: '10003',
      description: 'PLATE',
      at: '2011-11-10 08:00:00',
      quantity: '3',
      price: '5',
    }),
  ];
  await place.ingest(await place.source({ 'sales.csv': header + sales.join('') }));
  const artifacts = fileArtifactStore(join(place.base, 'artifacts'));
  services = {
    lake: place.lake,
    sql,
    artifacts,
    chosenOffers: {
      replaceMarket: async (_m: string, _d: string, offers: readonly ChosenOffer[]) => void replaced.push(offers),
    },
  } as unknown as StepServices;
  await mkdir(join(place.base, 'scratch'));
  tables = await writeTables({
    asOf: '2011-11-11',
    productPattern: '',
    services,
    scratch: join(place.base, 'scratch'),
    signal: new AbortController().signal,
  });
});
beforeEach(() => {
  replaced = [];
});
afterAll(() => place.drop());

const listed = (
  customer_id: string,
  product_id: string,
  list: 'all' | 'new',
  expected_revenue: number,
  more: Partial<PredictionRow> = {},
): PredictionRow => ({
  customer_id,
  product_id,
  rank: 1,
  score: 1,
  market,
  is_new: list === 'new',
  reason: `because of ${list}`,
  list,
  probability: 0.5,
  expected_spend: 2 * expected_revenue,
  expected_revenue,
  horizon_days: 31,
  ...more,
});

async function predicted(rows: readonly PredictionRow[], date = asOf): Promise<void> {
  await place.lake.replace('offers/next-products', { market, date }, async (folder) => {
    await writePredictions(sql, rows, join(folder, 'part-0.parquet'), join(place.base, 'scratch'));
    return { rows: rows.length };
  });
}

async function chosen(rows: readonly OfferRow[]): Promise<void> {
  const engine = await sql.open();
  await place.lake.replace('offers/chosen-offers', { market, date: asOf }, async (folder) => {
    await writeParquetRows(engine, rows, {
      columns: offerColumns,
      orderBy: 'rank',
      file: join(folder, 'part-0.parquet'),
      scratch: join(place.base, 'scratch'),
    });
    return { rows: rows.length };
  });
  await engine.close();
}

const predictOutput = {
  customers: 2,
  products: 3,
  modelVersion: 1,
  shareNew: 0,
  horizonDays: 31,
  expectedRevenue: 1,
  top: [],
  topNew: [],
  lists: { uri: 'artifact:sha256:0', sha256: '0', bytes: 1 },
};
const chosenOutput = {
  offers: 1,
  customers: 1,
  heldOut: 1,
  incrementalMargin: 1,
  spend: 1,
  revenue: 1,
  modelVersion: 1,
  gap: 0,
};

async function rank(inputs: Record<string, unknown>) {
  const context = {
    params: {},
    inputs: { preprocess: { ...tables, asOf }, ...inputs } as Record<string, Json>,
    item: { key: market, value: market },
    signal: new AbortController().signal,
    services,
    scratch: join(place.base, 'scratch'),
    metric() {},
  } as unknown as StepContext<OffersParams>;
  const output = await marketList.run!(context);
  const lists = marketLists({ lake: place.lake, sql, scratch: join(place.base, 'copies') });
  const info = await lists.find(market);
  return { output, rows: info ? await lists.page(info, { limit: 100 }) : [] };
}

it('has a line for each customer and product by expected revenue; an offer takes the place of its product, a holdout does not', async () => {
  await predicted([
    listed('a', '10001', 'all', 10),
    // New, and on both lists: the list of new products judges it.
    listed('a', '10002', 'all', 99, { is_new: true }),
    listed('a', '10002', 'new', 7),
    listed('b', '10002', 'all', 30),
    listed('b', '10001', 'new', 20),
  ]);
  const offer = (rank: number, customer_id: string, product_id: string, holdout: boolean): OfferRow => ({
    customer_id,
    product_id,
    description: '',
    market,
    rank,
    discount: 10,
    holdout,
    probability: 0.6,
    probability_without: 0.4,
    incremental_margin: 1,
    expected_spend: 1,
    expected_revenue: 25,
    price: 2,
    reason: '10 % off raises the chance',
  });
  await chosen([offer(1, 'a', '10001', false), offer(2, 'b', '10001', true)]);
  const { output, rows } = await rank({
    predict: { [market]: predictOutput },
    'choose-offers': { [market]: chosenOutput },
  });
  expect(rows.map((r) => [r.rank, r.kind, r.customerId, r.productId, r.expectedRevenue, r.discount])).toEqual([
    [1, 'next', 'b', '10002', 30, null],
    [2, 'offer', 'a', '10001', 25, 10],
    [3, 'new', 'b', '10001', 20, null],
    [4, 'new', 'a', '10002', 7, null],
  ]);
  expect(rows[0]).toMatchObject({ description: "CUP 'N' SAUCER", reason: 'because of all' });
  expect(output).toEqual({ rows: 4, offers: 1, expectedRevenue: 82 });
  expect(replaced).toEqual([]);
});

it('takes back offers of the day that a run does not choose again', async () => {
  const { rows } = await rank({ predict: { [market]: predictOutput }, 'choose-offers': null });
  expect(rows.map((r) => r.kind)).toEqual(['next', 'new', 'next', 'new']);
  expect(replaced).toEqual([[]]);
  expect(await place.lake.list('offers/chosen-offers')).toEqual([]);
});

it('leaves the list of a market alone whose predictions failed', async () => {
  const { output, rows } = await rank({ predict: {}, 'choose-offers': null });
  expect(output).toEqual({ rows: 0, offers: 0, expectedRevenue: 0 });
  expect(rows).toHaveLength(4);
});

it('measures what became of the newest lists whose horizon is over', async () => {
  const own = { lake: place.lake, sql };
  // Sold on 8 November: 20 of product 10001 to a. Expected of the list of that day: 40.
  await predicted(
    [listed('a', '10001', 'all', 30), listed('b', '10003', 'all', 10), listed('b', '10001', 'new', 500)],
    '2011-11-08',
  );
  expect(await realisedRevenue(own, '2011-12-08', '', place.base)).toEqual([]);
  const shares = await realisedRevenue(own, '2011-12-09', '', place.base);
  // a bought for 20, b for 15 two days later.
  expect(shares).toEqual(
    expect.arrayContaining([
      { market: '', share: 35 / 40 },
      { market, share: 35 / 40 },
    ]),
  );
  await place.lake.replace('offers/next-products', { market, date: '2011-11-07' }, async (folder) => {
    const engine = await sql.open();
    await engine.execute(
      `copy (select 'a' as customer_id, '10001' as product_id, 1 as rank, 'all' as list) to ${quote(join(folder, 'part-0.parquet'))} (format parquet)`,
    );
    await engine.close();
    return { rows: 1 };
  });
  expect(await realisedRevenue(own, '2011-12-08', market, place.base)).toEqual([]);
});
