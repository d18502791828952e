import { entryOf, type History } from './history.ts';
import type { ProductStats } from './product-stats.ts';
import type { Snapshot, SourceScores } from './snapshot.ts';
import type { SalesNames } from './types.ts';

/** What speaks for a product, and how much. */
interface Part {
  readonly strength: number;
  readonly words: string;
}

const text = (sales: SalesNames, product: number): string =>
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

/** For each of some products the owned one that speaks most for it by item-item weights (-1: none), and its weight. */
function strongestOwned(
  { history, ease }: Snapshot,
  customer: number,
  products: readonly number[],
): { owned: Int32Array; weight: Float32Array } {
  const place = new Int32Array(history.products).fill(-1);
  products.forEach((product, i) => {
    place[product] = i;
  });
  const owned = new Int32Array(products.length).fill(-1);
  const weight = new Float32Array(products.length);
  for (let e = history.start[customer]!; e < history.start[customer + 1]!; e++) {
    const j = history.product[e]!;
    for (let k = ease.start[j]!; k < ease.start[j + 1]!; k++) {
      const i = place[ease.target[k]!]!;
      if (i < 0 || ease.weight[k]! <= weight[i]!) continue;
      weight[i] = ease.weight[k]!;
      owned[i] = j;
    }
  }
  return { owned, weight };
}

/** A product owned that speaks for another one; nothing when its item–item weight says little. */
export function togetherPart(sales: SalesNames, owned: number, weight: number): Part[] {
  return owned >= 0 && weight > 0.02
    ? [{ strength: weight * 8, words: `often bought with ${text(sales, owned)}` }]
    : [];
}

/** Customers of the same market that bought a product lately; nothing when they are few. */
export function marketPart(sales: SalesNames, stats: ProductStats, market: number, product: number): Part[] {
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

/** Why products stand in a customer's list, in words, from the sources that speak for each most; in their order. */
export function reasonsFor(
  snapshot: Snapshot,
  customer: number,
  scores: SourceScores,
  products: readonly number[],
): string[] {
  const strongest = strongestOwned(snapshot, customer, products);
  return products.map((product, i) => {
    const entry = entryOf(snapshot.history, customer, product);
    if (entry >= 0) return repeatReason(snapshot.history, entry);
    return inWords(
      newParts(snapshot, customer, scores, product, strongest.owned[i]!, strongest.weight[i]!),
      snapshot.told,
      product,
    );
  });
}

/** What speaks for a product that the customer does not own. */
function newParts(
  { history, told: stats, sales }: Snapshot,
  customer: number,
  scores: SourceScores,
  product: number,
  owned: number,
  weight: number,
): Part[] {
  const parts: Part[] = [];
  const near = Math.round(scores.neighbourShare[product]! * 100);
  if (near >= 3)
    parts.push({ strength: near / 25, words: `bought by ${near} of the 100 customers most like this one` });
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
  return parts;
}
