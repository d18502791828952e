import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Static } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../contracts/json.ts';
import type { RolloutPlan } from '../../../contracts/rollouts.ts';
import { trafficKey } from '../../../contracts/traffic.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import type { StepServices } from '../../../domain/ports/step-context.ts';
import { encodeClosedForm, trainClosedForm } from '../../../domain/recommend/index.ts';
import { comparedPartition, writeComparedLists } from '../../../pipelines/offers/compared-lists.ts';
import { customerPairs } from '../../../pipelines/offers/customer-pairs.ts';
import { dayNumber } from '../../../pipelines/offers/days.ts';
import { generateDemo } from '../../../pipelines/offers/demo/index.ts';
import { formatVersion, storeModel } from '../../../pipelines/offers/model.ts';
import type {
  ComparedRollout,
  JudgedRolloutsOutput,
  PredictOutput,
  ServingModelOutput,
  TablesOutput,
} from '../../../pipelines/offers/outputs.ts';
import type { OffersParams } from '../../../pipelines/offers/params.ts';
import { writePredictions } from '../../../pipelines/offers/prediction-rows.ts';
import { loadSalesTable } from '../../../pipelines/offers/sales-table.ts';
import { compareLists } from '../../../pipelines/offers/steps/compare-lists.ts';
import { deliver } from '../../../pipelines/offers/steps/deliver.ts';
import { judgeRollouts } from '../../../pipelines/offers/steps/judge-rollouts.ts';
import { predict } from '../../../pipelines/offers/steps/predict.ts';
import { servingModel } from '../../../pipelines/offers/steps/serving-model.ts';
import { writeTables } from '../../../pipelines/offers/tables.ts';
import { openPublishingPlace, type PublishingPlace } from '../../support/published.ts';
import { header, line, sql, type Workplace, workplace } from './source.ts';
import { stepContext } from './step-context.ts';

const model = 'offers-next-products';
const params = { market: '', topK: 20 } as OffersParams;
/** Decides by a handful of customers. */
const quick: Partial<RolloutPlan> = {
  steps: [{ share: 0, minSeconds: 0, maxSeconds: 3600 }],
  gates: [{ name: 'ndcg', kind: 'score', tolerated: 0.01, harmful: 0.5 }],
};
const { signal } = new AbortController();
let place: Workplace;
let registry: PublishingPlace;
let services: StepServices;
let logs: string[] = [];
const days: Record<string, TablesOutput> = {};

beforeAll(async () => {
  [place, registry] = await Promise.all([workplace(), openPublishingPlace()]);
  const { database, artifacts, rollouts } = registry;
  services = {
    ...{ ...database, artifacts, lake: place.lake, sql, rolloutStarter: rollouts },
    clock: { now: () => new Date() },
  } as unknown as StepServices;
  await mkdir(join(place.base, 'scratch'));
  const demo = await generateDemo({ customers: 80, products: 40, days: 60, markets: 2, out: join(place.base, 'demo') });
  await place.ingest(demo.sales);
  for (const asOf of ['2026-06-20', '2026-06-24', '2026-06-28']) days[asOf] = await tablesOf(asOf);
  const first = days['2026-06-20']!;
  const sales = await loadSalesTable(first.tables, artifacts, sql);
  const head = { odds: { intercept: -2, weights: [1, 0.1, -0.2, -0.1, 0.1] }, spendScale: 1.2 };
  for (const [i, asOf] of ['2026-06-10', '2026-06-15', '2026-06-24'].entries()) {
    const closedForm = trainClosedForm(sales, { asOfDay: dayNumber(first.asOf) - i });
    const artifact = await storeModel(
      artifacts,
      { kind: 'closed-form', closedForm: await artifacts.putBytes(encodeClosedForm(closedForm)) },
      { forecast: { horizonDays: 20, all: head, fresh: head }, levels: { all: 0.5 + i / 10, fresh: 0.1 } },
    );
    await database.models.add({ model, formatVersion, artifact, metrics: {}, lineage: { asOf }, runId: `run ${i}` });
  }
  await database.models.setAlias(model, 'champion', 1, 'test', 'the first');
}, 60_000);
afterAll(async () => {
  await Promise.all([place.drop(), registry.close()]);
});

const tablesOf = (asOf: string, own = services) =>
  writeTables({
    ...{ asOf, productPattern: '', services: own, scratch: join(place.base, 'scratch') },
    signal,
  });
async function run<T = Json>(
  step: StepDefinition<OffersParams>,
  inputs: Record<string, unknown>,
  item?: { key: string; value: Json },
): Promise<T> {
  const context = stepContext({ params, inputs, services, base: place.base, log: (text) => void logs.push(text) });
  return (await step.run!({ ...context, item })) as T;
}

/** The steps of a day around lists. */
async function daily(asOf: string) {
  const preprocess = days[asOf]!;
  logs = [];
  const judged = await run<Static<typeof JudgedRolloutsOutput>>(judgeRollouts, { preprocess });
  const shared = { preprocess, 'judge-rollouts': judged };
  const serving = await run<Static<typeof ServingModelOutput>>(servingModel, shared);
  const predicted: Record<string, PredictOutput> = {};
  for (const market of preprocess.markets) {
    const item = { key: market, value: market };
    predicted[market] = await run(predict, { ...shared, 'serving-model': serving }, item);
    await run(deliver, { ...shared, predict: predicted }, item);
  }
  const compared = [];
  for (const value of judged.compared)
    compared.push(await run(compareLists, { ...shared, predict: predicted }, { key: value.market, value }));
  return { judged, serving, predicted, compared };
}
const start = (version: number, plan: Partial<RolloutPlan>, markets?: string[]) =>
  registry.rollouts.start({ model, version, plan, reason: 'newer', ...(markets && { markets }) }, 'ada');
const routes = async (market: string) =>
  (await registry.database.traffic.history(trafficKey(model, market), { limit: 1 }))[0]?.routes;

describe('what customers buy', () => {
  it('judges both lists once a customer, by its first day of purchases that neither list knows', async () => {
    const own = await workplace();
    const artifacts = registry.artifacts;
    const buys = (customer: string, product: string, at: string) => line({ customer, product, at: `${at} 09:00:00` });
    const history = ['a', 'b', 'c', 'd'].flatMap((customer) =>
      ['10001', '10002', '10003', '10004'].map((product) => buys(customer, product, '2011-11-01')),
    );
    const later = [
      // The day of the first lists, and the next: only the first counts. Then by the lists of the 12th.
      ...[buys('a', '10001', '2011-11-10'), buys('a', '10003', '2011-11-11')],
      ...[buys('b', '10003', '2011-11-12'), buys('b', '10004', '2011-11-12')],
      // Before the lists; in no list; on the day of the run.
      ...[buys('c', '10001', '2011-11-09'), buys('e', '10001', '2011-11-11'), buys('d', '10001', '2011-11-13')],
    ];
    await own.ingest(await own.source({ 'sales.csv': header + [...history, ...later].join('') }));
    const ownServices = { ...services, lake: own.lake };
    const of: ComparedRollout = { ...{ rollout: 'r', market: 'United Kingdom', step: 0 }, base: 1, candidate: 2 };
    const scratch = join(place.base, 'scratch');
    const listed = (version: number, lists: Record<string, string[]>) =>
      Object.entries(lists).flatMap(([customer_id, products]) =>
        products.map((product_id, i) => ({ customer_id, version, rank: i + 1, product_id })),
      );
    const made = async (date: string, base: Record<string, string[]>, candidate: Record<string, string[]>) => {
      const file = join(scratch, 'served.parquet');
      const rows = listed(1, base).map((row) => ({
        ...{ ...row, score: 1, market: of.market, is_new: false, reason: '', list: 'all' as const },
        ...{ probability: 1, expected_spend: 1, expected_revenue: 1, horizon_days: 31 },
      }));
      await writePredictions(sql, rows, file, scratch);
      const lists = { served: { file, version: 1 }, others: listed(2, candidate) };
      await writeComparedLists(ownServices, of, date, lists, { scratch, signal });
    };
    const [a, b, c, d] = [['10001'], ['10002'], ['10001'], ['10001']];
    await made('2011-11-10', { a, b, c, d }, { a: ['10002', '10001'], b, c, d });
    await made('2011-11-12', { a, b, c, d }, { a, b: ['10003', '10004'], c, d });
    const tables = await tablesOf('2011-11-13', ownServices);
    const pairs = await customerPairs({ ...ownServices, artifacts }, of, tables, {
      ...{ served: 'base', at: new Date(0), scratch, signal },
    });
    const scores = (ndcg: number) => ({ error: null, ms: 0, scores: { ndcg, hit: ndcg > 0 ? 1 : 0 } });
    const listing = ['a', 'b', 'c', 'd'].map((customer) => ({
      ...{ requestId: `list/${customer}`, base: { error: null, ms: 0, scores: { listed: 1 } } },
      candidate: { error: null, ms: 0, scores: { listed: 1 } },
    }));
    const buying = [
      { requestId: 'purchase/a', base: scores(1), candidate: scores(1 / Math.log2(3)) },
      { requestId: 'purchase/b', base: scores(0), candidate: scores(1) },
    ];
    expect(pairs).toEqual([...listing, ...buying].map(whole));
    function whole<T extends object>(pair: T) {
      return { at: new Date(0).toISOString(), served: 'base', ...pair };
    }
    await own.drop();
  });
});

describe('a rollout of lists', () => {
  it('makes the lists of both versions, delivers one, and counts no customer twice', async () => {
    const markets = days['2026-06-20']!.markets;
    const weekly = { ...quick, steps: [{ share: 0, minSeconds: 3600, maxSeconds: 7200 }] };
    const started = await start(2, weekly, [markets[0]!]);
    const { judged, compared, predicted } = await daily('2026-06-20');
    expect(judged).toEqual({
      ...{ pairs: 0, champion: null },
      compared: [{ market: markets[0], rollout: started[0]!.id, step: 0, base: 1, candidate: 2 }],
    });
    expect(compared).toEqual([{ version: 2, customers: predicted[markets[0]!]!.customers }]);
    const kept = await place.lake.list('offers/compared-lists', { rollout: started[0]!.id });
    expect(kept.map(({ partition }) => partition)).toEqual([
      { rollout: started[0]!.id, step: '0', market: markets[0], date: '2026-06-20' },
    ]);
    expect((await registry.database.predictions.byMarket(markets[0]!, '2026-06-20', { limit: 1 }))[0]).toMatchObject({
      modelVersion: 1,
    });

    const next = await daily('2026-06-24');
    expect(next.judged.pairs).toBeGreaterThan(3);
    expect((await daily('2026-06-24')).judged.pairs).toBe(0);
    const more = (await daily('2026-06-28')).judged.pairs;
    const { comparisons } = await registry.database.rollouts.comparisons(started[0]!.id, 0, '0', 1000);
    expect(comparisons).toHaveLength(next.judged.pairs + more);
    expect(new Set(comparisons.map(({ requestId }) => requestId)).size).toBe(comparisons.length);
    const purchases = comparisons.filter(({ requestId }) => requestId.startsWith('purchase/'));
    expect(purchases.length).toBeGreaterThan(3);
    for (const { candidate } of purchases) expect(candidate.scores['ndcg']).toBeGreaterThanOrEqual(0);
    await registry.rollouts.tell(started[0]!.id, 'abort', 'seen enough', 'ada');
    expect(await routes(markets[0]!)).toEqual([{ version: 1, configuration: 0, share: 1 }]);
  });

  it('gives each market to the version that its customers prove, and makes that of all markets the champion', async () => {
    const { database, rollouts } = registry;
    const [one = '', two = ''] = days['2026-06-20']!.markets;
    const started = await start(2, quick);
    expect(started.map(({ market, base }) => [market, base])).toEqual([
      [one, 1],
      [two, 1],
    ]);
    await expect(start(3, quick, [one])).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(database.models.setAlias(model, 'champion', 3, 'ada', 'now')).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    const { predicted } = await daily('2026-06-20');
    // In the second market the candidate lists what nobody buys.
    const spoilt = { ...{ rollout: started[1]!.id, market: two, step: 0 }, base: 1, candidate: 2 };
    expect(await place.lake.list('offers/compared-lists', comparedPartition(spoilt))).toHaveLength(1);
    const served = { file: await services.artifacts.getFile(predicted[two]!.lists), version: 1 };
    const nothing = { customer_id: 'nobody', version: 2, rank: 1, product_id: 'nothing' };
    const scratch = join(place.base, 'scratch');
    await writeComparedLists(services, spoilt, '2026-06-20', { served, others: [nothing] }, { scratch, signal });

    const { judged, serving, predicted: after } = await daily('2026-06-28');
    expect(judged).toMatchObject({ champion: null, compared: [] });
    expect((await rollouts.show(started[0]!.id)).status).toBe('completed');
    expect(await rollouts.show(started[1]!.id)).toMatchObject({
      ...{ status: 'rolled-back', reason: expect.stringContaining(`Version 1 answers all customers of ${two} again`) },
    });
    expect(serving).toMatchObject({ version: 1, markets: { [one]: { version: 2 } } });
    expect(Object.entries(after).map(([market, { modelVersion }]) => [market, modelVersion])).toEqual([
      [one, 2],
      [two, 1],
    ]);
    const keep = { since: new Date(), protected: ['champion'] };
    const second = (await database.models.get(model, 2))!;
    expect(await database.modelRetention.references(second, keep)).toContainEqual(
      expect.objectContaining({ kind: 'market', id: one }),
    );

    // Once more, where it was taken back: where it serves already, nothing is started.
    const [again, ...others] = await start(2, quick);
    expect([again?.market, others]).toEqual([two, []]);
    await daily('2026-06-28');
    await rollouts.tell(again!.id, 'skip', 'the lists were spoilt', 'ada');
    expect((await daily('2026-06-28')).judged.champion).toBe(2);
    expect(await database.models.byAlias(model, 'champion')).toMatchObject({ version: 2 });
    expect([await routes(one), await routes(two)]).toEqual([[], []]);
    await expect(start(2, quick)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('compares nothing by a version that has seen later days', async () => {
    const [one = ''] = days['2026-06-20']!.markets;
    const [rollout] = await start(3, quick, [one]);
    expect((await daily('2026-06-20')).compared).toEqual([{ version: null, customers: 0 }]);
    expect(logs.join()).toContain('Version 3 has seen later days than 2026-06-20');
    expect((await daily('2026-06-24')).compared).toEqual([{ version: 3, customers: expect.any(Number) }]);
    await registry.rollouts.tell(rollout!.id, 'skip', 'we know it', 'ada');
    // A day of the past is made by what could have been known.
    expect((await daily('2026-06-20')).serving).toMatchObject({ version: 2, markets: {} });
    expect((await daily('2026-06-24')).serving).toMatchObject({ version: 2, markets: { [one]: { version: 3 } } });
  });
});
