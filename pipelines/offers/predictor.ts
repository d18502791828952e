import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { NextProduct } from '../../contracts/offers.ts';
import type { StepServices } from '../../domain/ports/step-context.ts';
import type { ThreadPool } from '../../domain/ports/thread-pools.ts';
import {
  type BothLists,
  type Expectation,
  type Forecaster,
  forecaster,
  historyBefore,
  type Known,
  knownBefore,
  ProductStatsSum,
  type RankingData,
  type RankingTask,
  type Recommendation,
  recommendBy,
  type SalesNames,
  type SalesTable,
  typicalSpendBefore,
} from '../../domain/recommend/index.ts';
import { dayNumber } from './days.ts';
import { inOrder } from './in-order.ts';
import { inParts, recommendAllBoth } from './judged-lists.ts';
import { keepLast } from './keep-last.ts';
import { loadModel, type OffersModel } from './model.ts';
import type { TablesOutput } from './outputs.ts';
import { mostLines, StoredSales } from './sales-table.ts';

/** Customers between two breaths, so that a worker's heartbeats and other steps go on. */
const chunk = 25;
/** Customers that a thread makes lists of at a time. */
const threadChunk = 200;
/** Lines loaded at a time where those of all are too many. */
const batchLines = 250_000;

export interface Predictor {
  readonly names: SalesNames;
  /** Days after the day of the lists that the expectations are for. */
  readonly horizonDays: number;
  /** Both lists of some customers (indices of the names, ascending), one customer after the other. */
  lists(customers: readonly number[], options: { topK: number; signal: AbortSignal }): AsyncGenerator<CustomerLists>;
  /** One list of each. */
  list(
    customers: readonly number[],
    options: { topK: number; newOnly: boolean; signal: AbortSignal },
  ): AsyncGenerator<{ customer: number; products: NextProduct[] }>;
}

export type PredictorServices = Pick<StepServices, 'artifacts' | 'sql'> & Partial<Pick<StepServices, 'threads'>>;

const lastPredictor = keepLast<Predictor>();

/**
 * Tables and model of one run, loaded once per worker: the markets it predicts share them. Memory is bounded: of more than
 * `most` lines ({@link mostLines}), those of a draw of customers are what others are compared with, and the customers'
 * own are loaded some at a time. The lists do not depend on the number of threads.
 */
export function predictorOf(
  tables: TablesOutput,
  model: ArtifactRef,
  { artifacts, sql, threads }: PredictorServices,
  most = mostLines,
): Promise<Predictor> {
  const key = JSON.stringify([tables.asOf, tables.tables, model.sha256, most]);
  return lastPredictor(key, async () => {
    const [stored, loaded] = await Promise.all([
      StoredSales.open(tables, artifacts, sql, most),
      loadModel(artifacts, model),
    ]);
    return createPredictor(stored, loaded, dayNumber(tables.asOf), threads);
  });
}

async function createPredictor(
  stored: StoredSales,
  { model, forecast, levels }: OffersModel,
  asOfDay: number,
  threads: PredictorServices['threads'],
): Promise<Predictor> {
  const { names } = stored;
  const drawn = await stored.drawn();
  const history = historyBefore(drawn, asOfDay);
  const told = stored.isWhole ? undefined : await statsOf(stored, asOfDay);
  const known = knownBefore(drawn, model, asOfDay, told);
  const typical = typicalSpendBefore(drawn, history, forecast.horizonDays);
  const forecasterOf = (sales: SalesTable): Forecaster =>
    forecaster(sales, historyBefore(sales, asOfDay), forecast, levels, typical);
  const whole = stored.isWhole ? { sales: drawn, expectations: forecasterOf(drawn) } : null;
  const pool = poolOf(known, model, names, threads);

  /** The customers some at a time, with sales that theirs are among. */
  async function* parts(customers: readonly number[], size: number, signal: AbortSignal): AsyncGenerator<Part> {
    if (whole) {
      for (const part of partsOf(customers, size)) yield { ...whole, customers: part };
      return;
    }
    for (const batch of partsOf(customers, Math.max(1, Math.floor(batchLines / stored.linesEach)))) {
      signal.throwIfAborted();
      const sales = await stored.of(batch);
      yield { sales, expectations: forecasterOf(sales), customers: batch };
    }
  }
  const rank = async ({ sales, customers }: Part, { topK, newOnly, signal }: Wanted): Promise<BothLists> => {
    if (pool) return pool.run({ history: historyBefore(sales, asOfDay), customers, topK, newOnly }, signal);
    const options = { asOfDay, topK, known, signal };
    if (newOnly === undefined) return recommendAllBoth(sales, model, { ...options, customers });
    const found: BothLists = { all: [], fresh: [] };
    await inParts(customers, (some) => {
      const own = recommendBy(sales, model, { ...options, customers: some, newOnly });
      found[newOnly ? 'fresh' : 'all'].push(...own);
    });
    return found;
  };
  async function* listsOf(customers: readonly number[], wanted: Wanted): AsyncGenerator<CustomerLists> {
    const made = inOrder(
      parts(customers, pool ? threadChunk : chunk, wanted.signal),
      // One more than there are threads, so that none waits for the next.
      pool && threads ? threads.count + 1 : 1,
      async (part) => ({ part, lists: await rank(part, wanted) }),
    );
    for await (const { part, lists } of made) {
      const [all, fresh] = [groupByCustomer(lists.all), groupByCustomer(lists.fresh)];
      const products = (kind: 'all' | 'fresh', found: readonly Recommendation[] = []) =>
        found.map((r, i) => toNextProduct(names, r, i + 1, part.expectations.expect(kind, r)));
      for (const customer of part.customers)
        yield { customer, all: products('all', all.get(customer)), fresh: products('fresh', fresh.get(customer)) };
    }
  }
  return {
    names,
    horizonDays: forecast.horizonDays,
    lists: (customers, { topK, signal }) => listsOf(customers, { topK, signal }),
    async *list(customers, wanted) {
      for await (const { customer, all, fresh } of listsOf(customers, wanted))
        yield { customer, products: wanted.newOnly ? fresh : all };
    },
  };
}

interface Wanted {
  readonly topK: number;
  /** Default: both lists. */
  readonly newOnly?: boolean;
  readonly signal: AbortSignal;
}

interface CustomerLists {
  readonly customer: number;
  readonly all: NextProduct[];
  readonly fresh: NextProduct[];
}

interface Part {
  readonly sales: SalesTable;
  readonly expectations: Forecaster;
  readonly customers: Int32Array;
}

/** How all products sold, by the sales of all customers, some at a time. */
async function statsOf(stored: StoredSales, asOfDay: number) {
  const sum = new ProductStatsSum(stored.names, asOfDay);
  // Customers of a market stand together.
  const { marketOf, customers } = stored.names;
  const everyone = [...customers.keys()].sort((a, b) => marketOf[a]! - marketOf[b]! || a - b);
  for (const batch of partsOf(everyone, Math.max(1, Math.floor((4 * batchLines) / stored.linesEach)))) {
    const sales = await stored.of(batch.sort());
    sum.add(sales, historyBefore(sales, asOfDay));
  }
  return sum.stats();
}

/** Threads that rank; null where there are none, or where the lists take less time than handing them over. */
function poolOf(
  { background, told }: Known,
  model: OffersModel['model'],
  { customers: _, ...names }: SalesNames,
  threads: PredictorServices['threads'],
): ThreadPool<RankingTask, BothLists> | null {
  if (!threads || model.kind !== 'boosted' || !background) return null;
  const { all, fresh } = model.ranker;
  return threads.open<RankingData, RankingTask, BothLists>('rank-lists', {
    names,
    background,
    told,
    ranker: { all, fresh },
  });
}

function* partsOf(customers: readonly number[], size: number): Generator<Int32Array> {
  for (let from = 0; from < customers.length; from += size) yield Int32Array.from(customers.slice(from, from + size));
}

function groupByCustomer(recommendations: readonly Recommendation[]): Map<number, Recommendation[]> {
  const groups = new Map<number, Recommendation[]>();
  for (const one of recommendations) {
    const group = groups.get(one.customer);
    if (group) group.push(one);
    else groups.set(one.customer, [one]);
  }
  return groups;
}

function toNextProduct(
  names: SalesNames,
  { product, score, isNew, reason }: Recommendation,
  rank: number,
  { probability, spend, revenue }: Expectation,
): NextProduct {
  return {
    productId: names.products[product] ?? '',
    description: names.descriptions[product] ?? '',
    rank,
    score,
    probability,
    expectedSpend: spend,
    expectedRevenue: revenue,
    isNew,
    reason,
  };
}
