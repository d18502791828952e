import { type Background, backgroundBefore } from './background.ts';
import { historyBefore } from './history.ts';
import { lastOf } from './last-of.ts';
import type { ProductStats } from './product-stats.ts';
import type { ProductVectors } from './product-vectors.ts';
import { type BothLists, rankBoth, rankOne } from './rank-lists.ts';
import type { Ranker } from './ranker.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';
import type { Recommendation, SalesTable } from './types.ts';

/** What lists of customers are made by, where a table holds the sales of these customers only. */
export interface Known {
  /** By the sales of the customers that others are compared with. */
  readonly stats: ProductStats;
  /** By those of all customers: what is told of products. */
  readonly told: ProductStats;
  /** Of the boosted ranker. */
  readonly background: Background | null;
}

export interface RecommendOptions {
  /** Days since 1970-01-01; only sales before it are read. */
  readonly asOfDay: number;
  /** Indices into `sales.customers`; one without a purchase yet gets what sells in its market. */
  readonly customers: Int32Array;
  readonly topK: number;
  /** Only products the customer has never bought. */
  readonly newOnly: boolean;
  /** As of the same day; default: by the table itself. */
  readonly known?: Known | undefined;
  readonly signal?: AbortSignal;
}

const lastSnapshot = lastOf<Snapshot>();

/** The list of all products and the list of new ones of a market share it. */
const snapshotFor = (
  sales: SalesTable,
  vectors: ProductVectors,
  { asOfDay, known }: Pick<RecommendOptions, 'asOfDay' | 'known'>,
): Snapshot =>
  lastSnapshot(sales, [vectors, asOfDay, known], () =>
    snapshotOf(
      known?.background ?? backgroundBefore(sales, vectors, asOfDay),
      sales,
      historyBefore(sales, asOfDay),
      known?.told,
    ),
  );

/**
 * The `topK` best products of each customer, in the order of `customers`, best first. Computes from the sales as they
 * stood before `asOfDay`.
 *
 * Runs without a pause, some milliseconds a customer. What is the same for all customers (1 s) is kept for the next call with the
 * same tables and day, so a caller that wants progress or to stop early hands over a few hundred customers at a time.
 */
export function recommend(
  sales: SalesTable,
  vectors: ProductVectors,
  ranker: Ranker,
  options: RecommendOptions,
): Recommendation[] {
  return rankOne(snapshotFor(sales, vectors, options), ranker, options);
}

/** Both lists of {@link recommend} of each customer, whose sources are asked once. */
export function recommendBoth(
  sales: SalesTable,
  vectors: ProductVectors,
  ranker: Ranker,
  options: Omit<RecommendOptions, 'newOnly'>,
): BothLists {
  return rankBoth(snapshotFor(sales, vectors, options), ranker, options);
}
