import { forEachPair } from './sales-order.ts';
import type { Recommendation, SalesTable } from './types.ts';

/** Products by customer, best first (lists) or in any order (truth). */
export type Lists = ReadonlyMap<number, readonly number[]>;
export type Truth = ReadonlyMap<number, ReadonlySet<number>>;

export interface Scores {
  readonly ndcg: number;
  readonly recall: number;
  readonly hit: number;
  readonly customers: number;
  /** NDCG of each customer of the truth, in its order: what pairedBootstrap compares. */
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
  const { day } = sales;
  const known = new Uint8Array(sales.products.length);
  const seen = new Uint8Array(sales.customers.length);
  forEachPair(sales, (customer, product, from, _to, order) => {
    if (day[order[from]!]! >= fromDay) return;
    known[product] = 1;
    seen[customer] = 1;
  });
  const bought: { customer: number; row: number; products: Set<number>; fresh: Set<number> }[] = [];
  forEachPair(sales, (customer, product, from, to, order) => {
    if (seen[customer] === 0 || known[product] === 0) return;
    let i = from;
    while (i < to && day[order[i]!]! < fromDay) i++;
    if (i === to || day[order[i]!]! >= toDay) return;
    let one = bought.at(-1);
    if (one?.customer !== customer) {
      one = { customer, row: order[i]!, products: new Set(), fresh: new Set() };
      bought.push(one);
    }
    one.row = Math.min(one.row, order[i]!);
    one.products.add(product);
    if (i === from) one.fresh.add(product);
  });
  // By the day of the first purchase.
  bought.sort((a, b) => a.row - b.row);
  return {
    all: new Map(bought.map(({ customer, products }) => [customer, products])),
    fresh: new Map(bought.flatMap(({ customer, fresh }) => (fresh.size > 0 ? [[customer, fresh] as const] : []))),
  };
}

/** Lists by customer out of recommendations that stand best first. */
export function listsOf(
  recommendations: readonly Pick<Recommendation, 'customer' | 'product'>[],
): Map<number, number[]> {
  const lists = new Map<number, number[]>();
  for (const { customer, product } of recommendations) {
    const list = lists.get(customer);
    if (list) list.push(product);
    else lists.set(customer, [product]);
  }
  return lists;
}
