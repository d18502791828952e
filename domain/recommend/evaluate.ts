import { Random } from '../nlp/index.ts';
import type { Recommendation, SalesTable } from './types.ts';

/** Products by customer, best first (lists) or in any order (truth). */
export type Lists = ReadonlyMap<number, readonly number[]>;
export type Truth = ReadonlyMap<number, ReadonlySet<number>>;

export interface Scores {
  readonly ndcg: number;
  readonly recall: number;
  readonly hit: number;
  readonly customers: number;
  /** NDCG of each customer of the truth, in its order: what {@link pairedBootstrap} compares. */
  readonly perCustomer: Float64Array;
}

/**
 * Mean NDCG@k, recall@k (hits over min(k, relevant)) and hit@k over the customers of `truth`; a customer without a
 * list scores 0. Zeros when the truth is empty.
 */
export function evaluate(lists: Lists, truth: Truth, k = 10): Scores {
  const gain = Array.from({ length: k }, (_, i) => 1 / Math.log2(i + 2));
  const perCustomer = new Float64Array(truth.size);
  let [ndcg, recall, hit, at] = [0, 0, 0, 0];
  for (const [customer, relevant] of truth) {
    const most = Math.min(k, relevant.size);
    let [found, sum, ideal] = [0, 0, 0];
    (lists.get(customer) ?? []).slice(0, k).forEach((product, i) => {
      if (!relevant.has(product)) return;
      found++;
      sum += gain[i] as number;
    });
    for (let i = 0; i < most; i++) ideal += gain[i] as number;
    perCustomer[at] = ideal > 0 ? sum / ideal : 0;
    ndcg += perCustomer[at++] as number;
    recall += most > 0 ? found / most : 0;
    hit += found > 0 ? 1 : 0;
  }
  const n = Math.max(1, truth.size);
  return { ndcg: ndcg / n, recall: recall / n, hit: hit / n, customers: truth.size, perCustomer };
}

/** {@link evaluate} for each market that has customers in the truth, by its name. */
export function evaluateByMarket(sales: SalesTable, lists: Lists, truth: Truth, k = 10): Record<string, Scores> {
  const parts = new Map<string, Map<number, ReadonlySet<number>>>();
  for (const [customer, relevant] of truth) {
    const market = sales.markets[sales.marketOf[customer] as number] ?? '';
    const part = parts.get(market) ?? new Map<number, ReadonlySet<number>>();
    parts.set(market, part.set(customer, relevant));
  }
  return Object.fromEntries([...parts].sort().map(([market, part]) => [market, evaluate(lists, part, k)]));
}

/**
 * What customers bought from `fromDay` to before `toDay`: `all`, and `fresh` the part they had never bought before.
 * Customers and products not seen before `fromDay` are left out.
 */
export function truthOf(sales: SalesTable, fromDay: number, toDay: number): { all: Truth; fresh: Truth } {
  const owned = ownedBefore(sales, fromDay);
  const known = new Set<number>();
  for (const products of owned.values()) for (const product of products) known.add(product);
  const all = new Map<number, Set<number>>();
  const fresh = new Map<number, Set<number>>();
  const add = (map: Map<number, Set<number>>, customer: number, product: number) => {
    const set = map.get(customer);
    if (set) set.add(product);
    else map.set(customer, new Set([product]));
  };
  for (let r = 0; r < sales.day.length; r++) {
    const day = sales.day[r] as number;
    const [customer, product] = [sales.customer[r] as number, sales.product[r] as number];
    const before = owned.get(customer);
    if (day < fromDay || day >= toDay || !before || !known.has(product)) continue;
    add(all, customer, product);
    if (!before.has(product)) add(fresh, customer, product);
  }
  return { all, fresh };
}

/** Lists by customer out of recommendations that stand best first. */
export function listsOf(recommendations: readonly Recommendation[]): Map<number, number[]> {
  const lists = new Map<number, number[]>();
  for (const { customer, product } of recommendations) {
    const list = lists.get(customer);
    if (list) list.push(product);
    else lists.set(customer, [product]);
  }
  return lists;
}

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
    const ranked = [...own].sort(
      ([p, a], [q, b]) => b - a || (popular[q] as number) - (popular[p] as number) || p - q,
    );
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
  for (const customer of customers) {
    const list: number[] = [];
    const own = newOnly ? owned.get(customer) : undefined;
    for (const product of ranked) {
      if (list.length === topK) break;
      if (!own?.has(product)) list.push(product);
    }
    lists.set(customer, list);
  }
  return lists;
}

/**
 * Paired bootstrap of the mean of `a − b` (Efron and Tibshirani 1993): resamples customers with replacement.
 *
 * @returns mean difference and the bounds of its 95 % percentile interval; all 0 when the arrays are empty.
 */
export function pairedBootstrap(
  a: Float64Array,
  b: Float64Array,
  options: { samples?: number; seed?: number } = {},
): { mean: number; lower95: number; upper95: number } {
  if (a.length !== b.length) throw new RangeError(`a has ${a.length} values and b ${b.length}: they must be pairs`);
  const n = a.length;
  if (n === 0) return { mean: 0, lower95: 0, upper95: 0 };
  const random = new Random(options.seed ?? 1);
  const difference = a.map((value, i) => value - (b[i] as number));
  const means = new Float64Array(options.samples ?? 1000);
  for (let s = 0; s < means.length; s++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += difference[random.below(n)] as number;
    means[s] = sum / n;
  }
  means.sort();
  const at = (share: number) => means[Math.min(means.length - 1, Math.floor(share * means.length))] as number;
  return { mean: difference.reduce((sum, d) => sum + d, 0) / n, lower95: at(0.025), upper95: at(0.975) };
}

function ownedBefore(sales: SalesTable, day: number): Map<number, Set<number>> {
  const owned = new Map<number, Set<number>>();
  for (let r = 0; r < sales.day.length; r++) {
    if ((sales.day[r] as number) >= day) continue;
    const customer = sales.customer[r] as number;
    const set = owned.get(customer);
    if (set) set.add(sales.product[r] as number);
    else owned.set(customer, new Set([sales.product[r] as number]));
  }
  return owned;
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
