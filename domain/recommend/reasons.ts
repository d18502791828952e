import type { History } from './history.ts';
import type { ProductStats } from './product-stats.ts';
import type { Snapshot, SourceScores } from './snapshot.ts';
import type { SalesTable } from './types.ts';

/** What speaks for a product, and how much. */
interface Part {
  readonly strength: number;
  readonly words: string;
}

const text = (sales: SalesTable, product: number): string =>
  sales.descriptions[product]?.trim() || sales.products[product] || '';

const times = (n: number) => (n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`);
const daysAgo = (n: number) => (n <= 1 ? 'yesterday' : `${n} days ago`);

/** Why a product that a customer owns stands in its list: entry of the history. */
export function repeatReason(history: History, entry: number): string {
  const days = history.days[entry]!;
  const since = history.asOfDay - history.last[entry]!;
  const bought = days === 1 ? `Bought once, ${daysAgo(since)}` : `Bought on ${days} days, the last ${daysAgo(since)}`;
  if (days < 3) return bought;
  const gap = Math.max(1, Math.round((history.last[entry]! - history.first[entry]!) / (days - 1)));
  return `${bought}, ${gap === 1 ? 'daily' : `every ${gap} days`} on average${since >= gap ? ': due again' : ''}`;
}

/** The owned product that speaks most for `product` by item-item weights, and its weight. */
function strongestOwned(snapshot: Snapshot, customer: number, product: number): { owned: number; weight: number } {
  const { history, ease } = snapshot;
  let best = { owned: -1, weight: 0 };
  for (let e = history.start[customer]!; e < history.start[customer + 1]!; e++) {
    const j = history.product[e]!;
    for (let k = ease.start[j]!; k < ease.start[j + 1]!; k++) {
      if (ease.target[k] === product && ease.weight[k]! > best.weight) best = { owned: j, weight: ease.weight[k]! };
    }
  }
  return best;
}

/** A product owned that speaks for another one; nothing when its item–item weight says little. */
export function togetherPart(sales: SalesTable, owned: number, weight: number): Part[] {
  return owned >= 0 && weight > 0.02
    ? [{ strength: weight * 8, words: `often bought with ${text(sales, owned)}` }]
    : [];
}

/** Customers of the same market that bought a product lately; nothing when they are few. */
export function marketPart(sales: SalesTable, stats: ProductStats, market: number, product: number): Part[] {
  const inMarket = stats.inMarket[market * sales.products.length + product]!;
  if (inMarket < 3) return [];
  return [
    {
      strength: (2 * inMarket) / Math.max(1, stats.activeInMarket[market]!),
      words: `${inMarket} customers in ${sales.markets[market]} bought it in the last 60 days`,
    },
  ];
}

/** The two strongest parts as a sentence. */
export function inWords(parts: readonly Part[], stats: ProductStats, product: number): string {
  const words =
    parts
      .toSorted((a, b) => b.strength - a.strength)
      .slice(0, 2)
      .map((p) => p.words)
      .join('; ') || `bought by ${stats.buyers[product]!} customers`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Why a product stands in a customer's list, in words, from the sources that speak for it most. */
export function reasonFor(snapshot: Snapshot, customer: number, scores: SourceScores, product: number): string {
  const { history, stats, sales } = snapshot;
  for (let e = history.start[customer]!; e < history.start[customer + 1]!; e++) {
    if (history.product[e] === product) return repeatReason(history, e);
  }
  const parts: Part[] = [];
  const near = Math.round(scores.neighbourShare[product]! * 100);
  if (near >= 3)
    parts.push({ strength: near / 25, words: `bought by ${near} of the 100 customers most like this one` });
  const { owned, weight } = strongestOwned(snapshot, customer, product);
  parts.push(...togetherPart(sales, owned, weight), ...marketPart(sales, stats, sales.marketOf[customer]!, product));
  const b30 = stats.buyers30[product]!;
  if (history.asOfDay - stats.firstDay[product]! <= 60 && b30 >= 3) {
    parts.push({
      strength: 0.6,
      words: `new in the assortment, bought ${times(b30)} by different customers in 30 days`,
    });
  }
  if (scores.vector[product]! > 0.5) {
    parts.push({
      strength: scores.vector[product]! - 0.4,
      words: 'much like what this customer buys, by its description and baskets',
    });
  }
  return inWords(parts, stats, product);
}
