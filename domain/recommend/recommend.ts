import { scoreRows } from '../boosting/index.ts';
import { stopIfAborted } from '../nlp/index.ts';
import { candidatesFor } from './candidates.ts';
import { featureCount, featuresOf } from './features.ts';
import type { ProductVectors } from './product-vectors.ts';
import type { Ranker } from './ranker.ts';
import { reasonFor } from './reasons.ts';
import { type Snapshot, snapshotBefore } from './snapshot.ts';
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

/** The last snapshot of a table: the list of all products and the list of new ones of a market share it. */
const snapshots = new WeakMap<SalesTable, { asOfDay: number; vectors: ProductVectors; snapshot: Snapshot }>();

function snapshotFor(sales: SalesTable, vectors: ProductVectors, asOfDay: number): Snapshot {
  const kept = snapshots.get(sales);
  if (kept && kept.asOfDay === asOfDay && kept.vectors === vectors) return kept.snapshot;
  const snapshot = snapshotBefore(sales, vectors, asOfDay);
  snapshots.set(sales, { asOfDay, vectors, snapshot });
  return snapshot;
}

/**
 * The `topK` best products of each customer, in the order of `customers`, best first. Computes from the sales as they
 * stood before `asOfDay`.
 *
 * Runs without a pause, about 4 ms a customer. What is the same for all customers (1 s) is kept for the next call with the
 * same tables and day, so a caller that wants progress or to stop early hands over a few hundred customers at a time.
 */
export function recommend(
  sales: SalesTable,
  vectors: ProductVectors,
  ranker: Ranker,
  options: RecommendOptions,
): Recommendation[] {
  const { asOfDay, customers, topK, newOnly, signal } = options;
  stopIfAborted(signal);
  const snapshot = snapshotFor(sales, vectors, asOfDay);
  const head = newOnly ? ranker.fresh : ranker.all;
  const out: Recommendation[] = [];
  for (const customer of customers) {
    stopIfAborted(signal);
    const scores = snapshot.score(customer);
    const candidates = candidatesFor(snapshot, customer, scores, newOnly);
    const features = featuresOf(snapshot, customer, scores, candidates);
    const total = scoreRows(head, features);
    const best = Array.from(candidates.keys()).sort((a, b) => total[b]! - total[a]! || candidates[a]! - candidates[b]!);
    for (const i of best.slice(0, topK)) {
      out.push({
        customer,
        product: candidates[i]!,
        score: total[i]!,
        isNew: features[i * featureCount] === 0,
        reason: reasonFor(snapshot, customer, scores, candidates[i]!),
      });
    }
  }
  return out;
}
