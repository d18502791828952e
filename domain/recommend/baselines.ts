import { forEachPair } from './sales-order.ts';
import type { SalesTable } from './types.ts';

/** Baseline: each customer's own products by number of sales lines, then by popularity. */
export function personalFrequency(sales: SalesTable, asOfDay: number, customers: Iterable<number>, topK: number) {
  const wanted = [...customers];
  const lines = linesBefore(sales, asOfDay, wanted);
  const popular = popularityCounts(sales, asOfDay);
  const fill = byScore(popular).slice(0, topK);
  const lists = new Map<number, number[]>();
  for (const customer of wanted) {
    const own = lines.get(customer) ?? new Map<number, number>();
    const ranked = [...own].sort(([p, a], [q, b]) => b - a || (popular[q] as number) - (popular[p] as number) || p - q);
    lists.set(customer, [...new Set([...ranked.map(([p]) => p), ...fill])].slice(0, topK));
  }
  return lists;
}

/** Baseline: the products most customers have bought; with `newOnly` without those the customer has bought. */
export function popularity(
  sales: SalesTable,
  asOfDay: number,
  customers: Iterable<number>,
  topK: number,
  newOnly = false,
): Map<number, number[]> {
  const ranked = byScore(popularityCounts(sales, asOfDay));
  return firstOfEach(sales, asOfDay, customers, { topK, newOnly, ranked: () => ranked });
}

/**
 * What nobody needs a model for: the products most customers of the customer's own market have bought, then those of all;
 * with `newOnly` without those the customer has bought.
 */
export function marketPopularity(
  sales: SalesTable,
  asOfDay: number,
  customers: Iterable<number>,
  topK: number,
  newOnly = false,
): Map<number, number[]> {
  const counts = sales.markets.map(() => new Float64Array(sales.products.length));
  forEachPair(sales, (customer, product, from, _to, order) => {
    if (sales.day[order[from]!]! < asOfDay) counts[sales.marketOf[customer]!]![product]!++;
  });
  const everywhere = byScore(popularityCounts(sales, asOfDay));
  const ranked = counts.map((own) => [...new Set([...byScore(own), ...everywhere])]);
  return firstOfEach(sales, asOfDay, customers, {
    topK,
    newOnly,
    ranked: (customer) => ranked[sales.marketOf[customer]!]!,
  });
}

/** The first of the products ranked for each customer; with `newOnly` without those it has bought. */
function firstOfEach(
  sales: SalesTable,
  asOfDay: number,
  customers: Iterable<number>,
  { topK, newOnly, ranked }: { topK: number; newOnly: boolean; ranked: (customer: number) => readonly number[] },
): Map<number, number[]> {
  const wanted = [...customers];
  const owned = newOnly ? linesBefore(sales, asOfDay, wanted) : null;
  return new Map(wanted.map((customer) => [customer, firstOf(ranked(customer), topK, owned?.get(customer))]));
}

/** The first `topK` products that are not among `without`. */
function firstOf(ranked: readonly number[], topK: number, without: ReadonlyMap<number, number> | undefined): number[] {
  const list: number[] = [];
  for (const product of ranked) {
    if (list.length === topK) break;
    if (!without?.has(product)) list.push(product);
  }
  return list;
}

/** Sales lines of each product that some customers have bought, by customer. */
function linesBefore(
  sales: SalesTable,
  asOfDay: number,
  customers: readonly number[],
): Map<number, Map<number, number>> {
  const lines = new Map(customers.map((customer) => [customer, new Map<number, number>()]));
  forEachPair(sales, (customer, product, from, to, order) => {
    const own = lines.get(customer);
    if (!own) return;
    let i = from;
    while (i < to && sales.day[order[i]!]! < asOfDay) i++;
    if (i > from) own.set(product, i - from);
  });
  return lines;
}

/** Customers that have bought each product. */
function popularityCounts(sales: SalesTable, asOfDay: number): Float64Array {
  const counts = new Float64Array(sales.products.length);
  forEachPair(sales, (_customer, product, from, _to, order) => {
    if (sales.day[order[from]!]! < asOfDay) counts[product]!++;
  });
  return counts;
}

/** Products with a count above 0, highest first, ties by index. */
function byScore(counts: Float64Array): number[] {
  return Array.from(counts.keys())
    .filter((p) => (counts[p] as number) > 0)
    .sort((p, q) => (counts[q] as number) - (counts[p] as number) || p - q);
}
