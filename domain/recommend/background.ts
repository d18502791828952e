import { type History, historyBefore } from './history.ts';
import { easeWeights, type ItemItem } from './item-item.ts';
import { type NeighbourIndex, neighbourIndex } from './neighbours.ts';
import { type ProductStats, productStats } from './product-stats.ts';
import { alignVectors, type ProductVectors } from './product-vectors.ts';
import type { SalesTable } from './types.ts';

/** What is known before a day, whoever's lists are made by it; nothing of that day or later is in it. */
export interface Background {
  /** Of the customers that others are compared with. */
  readonly history: History;
  readonly neighbours: NeighbourIndex;
  /** By their sales, as where the ranker learned. */
  readonly stats: ProductStats;
  /** Weights of the whole of the past, towards whoever owns a product, and of its last 90 days: what goes together now. */
  readonly ease: ItemItem;
  readonly easeNow: ItemItem;
  readonly vectors: Float32Array;
  readonly dimensions: number;
}

/** Computes a {@link Background}: about 2 s for 4,000 customers and 3,500 products. */
export function backgroundBefore(sales: SalesTable, vectors: ProductVectors, asOfDay: number): Background {
  const history = historyBefore(sales, asOfDay);
  return {
    history,
    neighbours: neighbourIndex(history),
    stats: productStats(sales, history),
    ease: easeWeights(history),
    easeNow: easeWeights(history, { lastDays: 90 }),
    vectors: alignVectors(vectors, sales.products),
    dimensions: vectors.dimensions,
  };
}
