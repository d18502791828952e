import type { Background } from './background.ts';
import type { History } from './history.ts';
import type { ItemItem } from './item-item.ts';
import { Neighbours } from './neighbours.ts';
import type { ProductStats } from './product-stats.ts';
import type { SalesNames } from './types.ts';

const neighbourCount = 100;
const adopterCount = 400;

/** Scores of every product for one customer, by source; reused from one customer to the next. */
export interface SourceScores {
  /** EASE over all products owned, and over those bought lately. */
  readonly ease: Float32Array;
  readonly easeRecent: Float32Array;
  /** EASE learned from the purchases of the last 90 days only: what goes together now. */
  readonly easeNow: Float32Array;
  /** Mean TIFU weight, mean recent purchases, and share of owners among the nearest customers. */
  readonly neighbour: Float32Array;
  readonly neighbourRecent: Float32Array;
  readonly neighbourShare: Float32Array;
  /** Similarity of the 400 nearest customers that bought it for the first time in the last 45 days: what is catching on. */
  readonly adoption: Float32Array;
  /** Cosine to the customer's profile of product vectors. */
  readonly vector: Float32Array;
}

/** Everything known before a day that scoring some customers needs; nothing of that day or later is in it. */
export interface Snapshot {
  readonly sales: SalesNames;
  /** Of these customers. */
  readonly history: History;
  readonly stats: ProductStats;
  /** What customers are told of products. */
  readonly told: ProductStats;
  readonly ease: ItemItem;
  readonly vectors: Float32Array;
  readonly dimensions: number;
  /** Fills and returns the shared buffers for a customer. */
  score(customer: number): SourceScores;
}

/**
 * A {@link Snapshot} of the customers of a history: those of the background, or others at the same day.
 *
 * @param told how products sold to all customers, where the background is of some; default: as in the background.
 */
export function snapshotOf(
  background: Background,
  sales: SalesNames,
  history = background.history,
  told = background.stats,
): Snapshot {
  const { ease, easeNow, stats, vectors, dimensions: d, history: others } = background;
  const neighbours = new Neighbours(background.neighbours);
  const { products, start, product, asOfDay } = history;
  const buffer = () => new Float32Array(products);
  const scores: SourceScores = {
    ease: buffer(),
    easeRecent: buffer(),
    easeNow: buffer(),
    neighbour: buffer(),
    neighbourRecent: buffer(),
    neighbourShare: buffer(),
    adoption: buffer(),
    vector: buffer(),
  };
  const profile = new Float32Array(d);

  function byItems(customer: number) {
    scores.ease.fill(0);
    scores.easeRecent.fill(0);
    scores.easeNow.fill(0);
    for (let e = start[customer]!; e < start[customer + 1]!; e++) {
      const j = product[e]!;
      const weight = 0.15 + 2 ** (-(asOfDay - history.last[e]!) / 45);
      for (let k = ease.start[j]!; k < ease.start[j + 1]!; k++) {
        const i = ease.target[k]!;
        scores.ease[i]! += ease.weight[k]!;
        scores.easeRecent[i]! += weight * ease.weight[k]!;
      }
      for (let k = easeNow.start[j]!; k < easeNow.start[j + 1]!; k++) {
        scores.easeNow[easeNow.target[k]!]! += weight * easeNow.weight[k]!;
      }
    }
  }

  function byNeighbours(customer: number) {
    scores.neighbour.fill(0);
    scores.neighbourRecent.fill(0);
    scores.neighbourShare.fill(0);
    scores.adoption.fill(0);
    const near = neighbours.of(history, customer, adopterCount);
    near.customers.forEach((other, n) => {
      const similarity = near.similarity[n]!;
      for (let e = others.start[other]!; e < others.start[other + 1]!; e++) {
        const p = others.product[e]!;
        if (asOfDay - others.first[e]! <= 45) scores.adoption[p]! += similarity;
        if (n >= neighbourCount) continue;
        scores.neighbour[p]! += others.tifu[e]! / neighbourCount;
        scores.neighbourRecent[p]! += similarity * others.recent[e]!;
        scores.neighbourShare[p]! += 1 / neighbourCount;
      }
    });
  }

  function byVectors(customer: number) {
    profile.fill(0);
    for (let e = start[customer]!; e < start[customer + 1]!; e++) {
      const [at, weight] = [product[e]! * d, 0.2 + history.lasting[e]!];
      for (let k = 0; k < d; k++) profile[k]! += weight * vectors[at + k]!;
    }
    const norm = Math.hypot(...profile) + 1e-9;
    for (let p = 0; p < products; p++) {
      let dot = 0;
      for (let k = 0, at = p * d; k < d; k++, at++) dot += profile[k]! * vectors[at]!;
      scores.vector[p] = dot / norm;
    }
  }

  return {
    sales,
    history,
    ease,
    dimensions: d,
    vectors,
    stats,
    told,
    score(customer) {
      byItems(customer);
      byNeighbours(customer);
      byVectors(customer);
      return scores;
    },
  };
}
