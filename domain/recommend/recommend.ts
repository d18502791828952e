import { scoreRows } from '../boosting/index.ts';
import { stopIfAborted } from '../nlp/index.ts';
import { candidatesFor } from './candidates.ts';
import { featureCount, featuresOf } from './features.ts';
import { lastOf } from './last-of.ts';
import type { ProductVectors } from './product-vectors.ts';
import type { Ranker } from './ranker.ts';
import { reasonsFor } from './reasons.ts';
import { type Snapshot, type SourceScores, snapshotBefore } from './snapshot.ts';
import type { Recommendation, SalesTable } from './types.ts';

export interface RecommendOptions {
  /** Days since 1970-01-01; only sales before it are read. */
  readonly asOfDay: number;
  /** Indices into `sales.customers`; one without a purchase yet gets what sells in its market. */
  readonly customers: Int32Array;
  readonly topK: number;
  /** Only products the customer has never bought. */
  readonly newOnly: boolean;
  readonly signal?: AbortSignal;
}

const lastSnapshot = lastOf<Snapshot>();

/** The list of all products and the list of new ones of a market share it. */
const snapshotFor = (sales: SalesTable, vectors: ProductVectors, asOfDay: number): Snapshot =>
  lastSnapshot(sales, [vectors, asOfDay], () => snapshotBefore(sales, vectors, asOfDay));

/** Lists of customers, one after the other in their order, each best first. */
export interface BothLists {
  /** Of all products. */
  readonly all: Recommendation[];
  /** Of those the customer has never bought. */
  readonly fresh: Recommendation[];
}

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
  const { newOnly, customers, topK } = options;
  const out: Recommendation[] = [];
  forEachCustomer(
    snapshotFor(sales, vectors, options.asOfDay),
    customers,
    options.signal,
    (snapshot, customer, scores) => {
      out.push(...rank(snapshot, customer, scores, { ranker, newOnly, topK }));
    },
  );
  return out;
}

/** Both lists of {@link recommend} of each customer, whose sources are asked once. */
export function recommendBoth(
  sales: SalesTable,
  vectors: ProductVectors,
  ranker: Ranker,
  options: Omit<RecommendOptions, 'newOnly'>,
): BothLists {
  const { customers, topK } = options;
  const lists: BothLists = { all: [], fresh: [] };
  forEachCustomer(
    snapshotFor(sales, vectors, options.asOfDay),
    customers,
    options.signal,
    (snapshot, customer, scores) => {
      lists.all.push(...rank(snapshot, customer, scores, { ranker, newOnly: false, topK }));
      lists.fresh.push(...rank(snapshot, customer, scores, { ranker, newOnly: true, topK }));
    },
  );
  return lists;
}

function forEachCustomer(
  snapshot: Snapshot,
  customers: Int32Array,
  signal: AbortSignal | undefined,
  visit: (snapshot: Snapshot, customer: number, scores: SourceScores) => void,
): void {
  for (const customer of customers) {
    stopIfAborted(signal);
    visit(snapshot, customer, snapshot.score(customer));
  }
}

function rank(
  snapshot: Snapshot,
  customer: number,
  scores: SourceScores,
  { ranker, newOnly, topK }: { readonly ranker: Ranker; readonly newOnly: boolean; readonly topK: number },
): Recommendation[] {
  const candidates = candidatesFor(snapshot, customer, scores, newOnly);
  const features = featuresOf(snapshot, customer, scores, candidates);
  const total = scoreRows(newOnly ? ranker.fresh : ranker.all, features);
  const best = Array.from(candidates.keys())
    .sort((a, b) => total[b]! - total[a]! || candidates[a]! - candidates[b]!)
    .slice(0, topK);
  const products = best.map((i) => candidates[i]!);
  const reasons = reasonsFor(snapshot, customer, scores, products);
  return best.map((i, place) => ({
    customer,
    product: candidates[i]!,
    score: total[i]!,
    isNew: features[i * featureCount] === 0,
    reason: reasons[place]!,
  }));
}
