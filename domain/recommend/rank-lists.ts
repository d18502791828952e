import { scoreRows } from '../boosting/score.ts';
import { stopIfAborted } from '../nlp/breathe.ts';
import type { Background } from './background.ts';
import { candidatesFor, enoughCandidates } from './candidates.ts';
import { featureCount, featuresOf } from './features.ts';
import type { History } from './history.ts';
import type { ProductStats } from './product-stats.ts';
import type { Ranker } from './ranker.ts';
import { reasonsFor } from './reasons.ts';
import { type Snapshot, type SourceScores, snapshotOf } from './snapshot.ts';
import type { Recommendation, SalesNames } from './types.ts';

/** Lists of customers, one after the other in their order, each best first. */
export interface BothLists {
  /** Of all products. */
  readonly all: Recommendation[];
  /** Of those the customer has never bought. */
  readonly fresh: Recommendation[];
}

/** What a thread needs to rank, whoever's lists it makes. */
export interface RankingData {
  /** Names but those of the customers. */
  readonly names: Omit<SalesNames, 'customers'>;
  readonly background: Background;
  /** What is told of products: how they sold to all customers. */
  readonly told: ProductStats;
  readonly ranker: Pick<Ranker, 'all' | 'fresh'>;
}

/** Customers whose lists are wanted, with the history of theirs. */
export interface RankingTask {
  readonly history: History;
  readonly customers: Int32Array;
  readonly topK: number;
  /** Only the list of new products (true) or of all (false); default: both. */
  readonly newOnly?: boolean | undefined;
}

/** The lists of the customers of a task. It runs in a thread: nothing that it imports loads TensorFlow. */
export function rankTask(
  { names, background, told, ranker }: RankingData,
  { history, ...task }: RankingTask,
): BothLists {
  const snapshot = snapshotOf(background, { ...names, customers: [] }, history, told);
  const { newOnly } = task;
  if (newOnly === undefined) return rankBoth(snapshot, ranker, task);
  const list = rankOne(snapshot, ranker, { ...task, newOnly });
  return newOnly ? { all: [], fresh: list } : { all: list, fresh: [] };
}

interface Wanted {
  readonly customers: Int32Array;
  readonly topK: number;
  readonly signal?: AbortSignal | undefined;
}

/** One list of each customer. */
export function rankOne(
  snapshot: Snapshot,
  ranker: RankingData['ranker'],
  { customers, topK, newOnly, signal }: Wanted & { readonly newOnly: boolean },
): Recommendation[] {
  const out: Recommendation[] = [];
  for (const customer of customers) {
    stopIfAborted(signal);
    const scores = snapshot.score(customer);
    const rows = rowsOf(snapshot, customer, scores, newOnly);
    out.push(...best(snapshot, customer, scores, rows, newOnly ? ranker.fresh : ranker.all, topK));
  }
  return out;
}

/** Both lists of each customer, whose sources are asked once. */
export function rankBoth(
  snapshot: Snapshot,
  ranker: RankingData['ranker'],
  { customers, topK, signal }: Wanted,
): BothLists {
  const lists: BothLists = { all: [], fresh: [] };
  for (const customer of customers) {
    stopIfAborted(signal);
    const scores = snapshot.score(customer);
    const rows = rowsOf(snapshot, customer, scores, false);
    lists.all.push(...best(snapshot, customer, scores, rows, ranker.all, topK));
    const fresh = newRowsOf(rows) ?? rowsOf(snapshot, customer, scores, true);
    lists.fresh.push(...best(snapshot, customer, scores, fresh, ranker.fresh, topK));
  }
  return lists;
}

/** Candidates and their features, row by row. */
interface Rows {
  readonly candidates: Int32Array;
  readonly features: Float32Array;
}

function rowsOf(snapshot: Snapshot, customer: number, scores: SourceScores, newOnly: boolean): Rows {
  const candidates = candidatesFor(snapshot, customer, scores, newOnly);
  return { candidates, features: featuresOf(snapshot, customer, scores, candidates) };
}

/** The new products among the candidates; null when they are so few that others are looked for in their place. */
function newRowsOf({ candidates, features }: Rows): Rows | null {
  const fresh = candidates.filter((_, i) => features[i * featureCount] === 0);
  if (fresh.length < enoughCandidates) return null;
  const own = new Float32Array(fresh.length * featureCount);
  let at = 0;
  for (let i = 0; i < candidates.length; i++) {
    if (features[i * featureCount] !== 0) continue;
    own.set(features.subarray(i * featureCount, (i + 1) * featureCount), at);
    at += featureCount;
  }
  return { candidates: fresh, features: own };
}

function best(
  snapshot: Snapshot,
  customer: number,
  scores: SourceScores,
  { candidates, features }: Rows,
  head: Ranker['all'],
  topK: number,
): Recommendation[] {
  const total = scoreRows(head, features);
  const order = Array.from(candidates.keys())
    .sort((a, b) => total[b]! - total[a]! || candidates[a]! - candidates[b]!)
    .slice(0, topK);
  const reasons = reasonsFor(
    snapshot,
    customer,
    scores,
    order.map((i) => candidates[i]!),
  );
  return order.map((i, place) => ({
    customer,
    product: candidates[i]!,
    score: total[i]!,
    isNew: features[i * featureCount] === 0,
    reason: reasons[place]!,
  }));
}
