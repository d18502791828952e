import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ArtifactRef } from '../../../contracts/artifacts.ts';
import type { ThreadPools } from '../../../domain/ports/thread-pools.ts';
import {
  encodeClosedForm,
  encodeProductVectors,
  encodeRanker,
  type SalesTable,
  silentHooks,
  trainClosedForm,
  trainProductVectors,
  trainRanker,
} from '../../../domain/recommend/index.ts';
import { threadPools } from '../../../engines/threads/pools.ts';
import { dayNumber } from '../../../pipelines/offers/days.ts';
import { generateDemo } from '../../../pipelines/offers/demo/index.ts';
import { storeModel } from '../../../pipelines/offers/model.ts';
import type { TablesOutput } from '../../../pipelines/offers/outputs.ts';
import { predictorOf } from '../../../pipelines/offers/predictor.ts';
import { loadSalesTable, StoredSales } from '../../../pipelines/offers/sales-table.ts';
import { writeTables } from '../../../pipelines/offers/tables.ts';
import { fileArtifactStore } from '../../../storage/artifacts/file.ts';
import { sql, type Workplace, workplace } from './source.ts';

const asOf = '2026-06-20';
let place: Workplace;
let tables: TablesOutput;
let services: { sql: typeof sql; artifacts: ReturnType<typeof fileArtifactStore> };
let boosted: ArtifactRef;
let closedForm: ArtifactRef;
let sales: SalesTable;

beforeAll(async () => {
  place = await workplace();
  const demo = await generateDemo({ customers: 90, products: 60, days: 90, markets: 3, out: join(place.base, 'demo') });
  await place.ingest(demo.sales);
  const artifacts = fileArtifactStore(join(place.base, 'artifacts'));
  services = { sql, artifacts };
  const { signal } = new AbortController();
  const options = {
    asOf,
    productPattern: '',
    services: { ...services, lake: place.lake },
    scratch: place.base,
    signal,
  };
  tables = await writeTables(options);
  sales = await loadSalesTable(tables.tables, artifacts, sql);
  const asOfDay = dayNumber(asOf);
  const quick = { dimensions: 8, buckets: 512, epochs: 2, stepsPerEpoch: 10, batch: 64, seed: 1 };
  const vectors = await trainProductVectors(sales, quick, silentHooks());
  const ranker = await trainRanker(sales, vectors, { windows: 1, seed: 1, asOfDay, horizonDays: 20 }, silentHooks());
  const head = { odds: { intercept: -2, weights: [1, 0.1, -0.2, -0.1, 0.1] }, spendScale: 1.2 };
  const worth = { forecast: { horizonDays: 20, all: head, fresh: head }, levels: { all: 0.5, fresh: 0.1 } };
  const put = (bytes: Uint8Array) => artifacts.putBytes(bytes);
  boosted = await storeModel(
    artifacts,
    { kind: 'boosted', vectors: await put(encodeProductVectors(vectors)), ranker: await put(encodeRanker(ranker)) },
    worth,
  );
  closedForm = await storeModel(
    artifacts,
    { kind: 'closed-form', closedForm: await put(encodeClosedForm(trainClosedForm(sales, { asOfDay }))) },
    worth,
  );
}, 120_000);
afterAll(() => place.drop());

async function listsOf(model: ArtifactRef, { threads, most }: { threads?: ThreadPools; most?: number } = {}) {
  const predictor = await predictorOf(tables, model, { ...services, ...(threads ? { threads } : {}) }, most);
  const found = [];
  const customers = [...predictor.names.customers.keys()];
  const { signal } = new AbortController();
  for await (const lists of predictor.lists(customers, { topK: 10, signal })) found.push(lists);
  return found;
}

it('lists every customer in order, the same whatever the number of threads', async () => {
  const alone = await listsOf(boosted);
  expect(alone.map(({ customer }) => customer)).toEqual([...sales.customers.keys()]);
  const thread = new URL('../../../dist/workers/rank-lists-thread.js', import.meta.url);
  for (const count of [1, 3]) {
    // Each asks for another model's lists before: what was loaded last is kept.
    await listsOf(closedForm);
    expect(await listsOf(boosted, { threads: threadPools({ 'rank-lists': thread }, count) })).toEqual(alone);
  }
}, 60_000);

it('makes one list as it makes both, and stops when it is told to', async () => {
  const alone = await listsOf(boosted);
  await listsOf(closedForm);
  const thread = new URL('../../../dist/workers/rank-lists-thread.js', import.meta.url);
  for (const more of [{ threads: threadPools({ 'rank-lists': thread }, 2) }, {}]) {
    const predictor = await predictorOf(tables, boosted, { ...services, ...more });
    const customers = [...predictor.names.customers.keys()];
    for (const newOnly of [true, false]) {
      const found = [];
      const { signal } = new AbortController();
      for await (const { products } of predictor.list(customers, { topK: 10, newOnly, signal })) found.push(products);
      expect(found).toEqual(alone.map(({ all, fresh }) => (newOnly ? fresh : all)));
    }
    const stop = new AbortController();
    const stopped = predictor.lists([...customers, ...customers, ...customers], { topK: 10, signal: stop.signal });
    const first = stopped.next();
    stop.abort();
    await expect(first.then(() => stopped.next())).rejects.toMatchObject({ code: 'CANCELLED' });
    await listsOf(closedForm);
  }
}, 60_000);

it.each([
  ['boosted', () => boosted],
  ['in closed form', () => closedForm],
])('lists customers some at a time as it lists all of them: %s', async (_, model) => {
  // A draw of nearly all: every customer is in it.
  const most = tables.rows - 1;
  const stored = await StoredSales.open(tables, services.artifacts, sql, most);
  expect(stored.isWhole).toBe(false);
  expect((await stored.drawn()).day).toEqual(sales.day);
  expect(await listsOf(model(), { most })).toEqual(await listsOf(model()));
});

it('compares with few customers, and says of products what holds for all', async () => {
  const most = Math.round(tables.rows / 3);
  const stored = await StoredSales.open(tables, services.artifacts, sql, most);
  const drawn = new Set((await stored.drawn()).customer);
  expect(drawn.size).toBeGreaterThan(15);
  expect(drawn.size).toBeLessThan(45);
  const lists = await listsOf(closedForm, { most });
  expect(lists.map(({ customer }) => customer)).toEqual([...sales.customers.keys()]);
  // Of what a customer bought, it says the same as before.
  const reasonsOf = (found: typeof lists) =>
    new Map(
      found.flatMap(({ customer, all }) =>
        all.filter((p) => !p.isNew).map((p) => [`${customer} ${p.productId}`, p.reason]),
      ),
    );
  const before = reasonsOf(await listsOf(closedForm));
  const shared = [...reasonsOf(lists)].filter(([key]) => before.has(key));
  expect(shared.length).toBeGreaterThan(200);
  for (const [key, reason] of shared) expect(reason).toBe(before.get(key));
  // So many customers of a market did buy it lately, drawn or not.
  const told = lists.flatMap(({ fresh }) =>
    fresh.map((p) => [p, /(\d+) customers in (.+?) bought it in/.exec(p.reason)]),
  );
  const counted = told.filter((one) => one[1] !== null) as [(typeof lists)[0]['fresh'][0], RegExpExecArray][];
  expect(counted.length).toBeGreaterThan(10);
  for (const [{ productId }, [, count, market]] of counted.slice(0, 20)) {
    const buyers = new Set<number>();
    sales.day.forEach((day, r) => {
      const customer = sales.customer[r]!;
      const isHere = sales.markets[sales.marketOf[customer]!]!.toLowerCase() === market?.toLowerCase();
      if (isHere && sales.products[sales.product[r]!] === productId && dayNumber(asOf) - day <= 60)
        buyers.add(customer);
    });
    expect(buyers.size).toBe(Number(count));
  }
});

it('loads the lines of some customers only', async () => {
  const stored = await StoredSales.open(tables, services.artifacts, sql);
  const customers = Int32Array.of(3, 17, 40);
  const some = await stored.of(customers);
  const keep = [...sales.day.keys()].filter((r) => customers.includes(sales.customer[r]!));
  for (const column of ['customer', 'product', 'day', 'quantity', 'price', 'invoice'] as const)
    expect([...some[column]]).toEqual(keep.map((r) => sales[column][r]));
});
