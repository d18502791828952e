import { ownedBefore } from './history.ts';
import type { SalesTable } from './types.ts';

/** Baseline: each customer's own products by number of sales lines, then by popularity. */
export function personalFrequency(sales: SalesTable, asOfDay: number, customers: Iterable<number>, topK: number) {
  const lines = new Map<number, Map<number, number>>();
  for (let r = 0; r < sales.day.length; r++) {
    if ((sales.day[r] as number) >= asOfDay) continue;
    const [customer, product] = [sales.customer[r] as number, sales.product[r] as number];
    const own = lines.get(customer) ?? new Map<number, number>();
    lines.set(customer, own.set(product, (own.get(product) ?? 0) + 1));
  }
  const popular = popularityCounts(sales, asOfDay);
  const fill = byScore(popular).slice(0, topK);
  const lists = new Map<number, number[]>();
  for (const customer of customers) {
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
  const owned = ownedBefore(sales, asOfDay);
  const lists = new Map<number, number[]>();
  for (const customer of customers)
    lists.set(customer, firstOf(ranked, topK, newOnly ? owned.get(customer) : undefined));
  return lists;
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
  const owned = ownedBefore(sales, asOfDay);
  const counts = sales.markets.map(() => new Float64Array(sales.products.length));
  for (const [customer, products] of owned)
    for (const product of products) counts[sales.marketOf[customer]!]![product]! += 1;
  const everywhere = byScore(popularityCounts(sales, asOfDay));
  const ranked = counts.map((own) => [...new Set([...byScore(own), ...everywhere])]);
  const lists = new Map<number, number[]>();
  for (const customer of customers)
    lists.set(customer, firstOf(ranked[sales.marketOf[customer]!]!, topK, newOnly ? owned.get(customer) : undefined));
  return lists;
}

/** The first `topK` products that are not among `without`. */
function firstOf(ranked: readonly number[], topK: number, without: ReadonlySet<number> | undefined): number[] {
  const list: number[] = [];
  for (const product of ranked) {
    if (list.length === topK) break;
    if (!without?.has(product)) list.push(product);
  }
  return list;
}

function popularityCounts(sales: SalesTable, asOfDay: number): Float64Array {
  const counts = new Float64Array(sales.products.length);
  for (const products of ownedBefore(sales, asOfDay).values()) {
    for (const product of products) counts[product] = (counts[product] as number) + 1;
  }
  return counts;
}

/** Products with a count above 0, highest first, ties by index. */
function byScore(counts: Float64Array): number[] {
  return Array.from(counts.keys())
    .filter((p) => (counts[p] as number) > 0)
    .sort((p, q) => (counts[q] as number) - (counts[p] as number) || p - q);
}
