import { lastOf } from './last-of.ts';
import { forEachPair, rowsByCustomer } from './sales-order.ts';
import { sharedFloats, sharedInts } from './shared-arrays.ts';
import type { SalesTable } from './types.ts';

/**
 * What each customer had bought before a day: one entry for each customer and product, entries of a customer together. Its
 * arrays are shared with threads that it is handed to.
 */
export interface History {
  /** Days since 1970-01-01; nothing of this day or later is in here. */
  readonly asOfDay: number;
  readonly customers: number;
  readonly products: number;
  /** Entries of customer c stand in `start[c] … start[c + 1]`, sorted by product. */
  readonly start: Int32Array;
  readonly product: Int32Array;
  /** Sales lines, and different days with a purchase. */
  readonly lines: Float32Array;
  readonly days: Float32Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly quantity: Float32Array;
  /** Purchases weighted by age with half-lives of 30 and 120 days. */
  readonly recent: Float32Array;
  readonly lasting: Float32Array;
  /** Weight of TIFU-KNN (Hu et al. 2020): baskets by day in groups of 3, decays .9 within and .7 between groups. */
  readonly tifu: Float32Array;
  /** Place of the last purchase among the customer's baskets from the newest, 0 = in the last basket. */
  readonly basketsAgo: Float32Array;
  /** Of each customer: baskets (days with a purchase), first and last day, mean log price, sales lines. */
  readonly baskets: Int32Array;
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
  readonly logPrice: Float32Array;
  readonly priceSpread: Float32Array;
  readonly lineCount: Int32Array;
}

const groupSize = 3;

const lastHistory = lastOf<History>();

/** The {@link History} before `asOfDay`; the last one of a table is kept with it. */
export const historyBefore = (sales: SalesTable, asOfDay: number): History =>
  lastHistory(sales, [asOfDay], () => buildHistory(sales, asOfDay));

function buildHistory(sales: SalesTable, asOfDay: number): History {
  const order = rowsByCustomer(sales);
  const customers = sales.customers.length;
  const rows = order.length;
  let entries = 0;
  forEachPair(sales, (_customer, _product, from) => {
    if (sales.day[order[from]!]! < asOfDay) entries++;
  });
  const start = sharedInts(customers + 1);
  const product = sharedInts(entries);
  const [lines, days, quantity, recent, lasting, tifu, basketsAgo] = Array.from({ length: 7 }, () =>
    sharedFloats(entries),
  ) as Float32Array[] & { length: 7 };
  const [first, last] = [sharedInts(entries), sharedInts(entries)];
  const [baskets, firstDay, lastDay, lineCount] = Array.from({ length: 4 }, () => sharedInts(customers));
  const [logPrice, priceSpread] = [sharedFloats(customers), sharedFloats(customers)];
  let n = 0;
  let at = 0;
  for (let c = 0; c < customers; c++) {
    const from = at;
    while (at < rows && sales.customer[order[at]!] === c) at++;
    if (at === from) {
      start[c + 1] = n;
      continue;
    }
    const visit: number[] = [];
    let [sum, squares, count] = [0, 0, 0];
    for (let i = from; i < at; i++) {
      const r = order[i]!;
      const day = sales.day[r]!;
      if (day >= asOfDay) continue;
      visit.push(day);
      const p = Math.log(sales.price[r]!);
      sum += p;
      squares += p * p;
      count++;
    }
    const dayList = [...new Set(visit)].sort((a, b) => a - b);
    const place = new Map(dayList.map((day, k) => [day, k]));
    const groups = Math.ceil(dayList.length / groupSize);
    const weight = dayList.map((_, k) => {
      const group = Math.floor(k / groupSize);
      const withinGroup = Math.min(groupSize * (group + 1), dayList.length) - 1 - k;
      return (0.9 ** withinGroup * 0.7 ** (groups - 1 - group)) / groupSize / groups;
    });
    baskets![c] = dayList.length;
    firstDay![c] = dayList[0] ?? 0;
    lastDay![c] = dayList.at(-1) ?? 0;
    lineCount![c] = count;
    logPrice[c] = count > 0 ? sum / count : 0;
    priceSpread[c] = count > 1 ? Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) : 0;
    let [current, previousDay] = [-1, -1];
    for (let i = from; i < at; i++) {
      const r = order[i]!;
      const day = sales.day[r]!;
      if (day >= asOfDay) continue;
      if (sales.product[r] !== current) {
        current = sales.product[r]!;
        previousDay = -1;
        product[n] = current;
        first[n] = day;
        n++;
      }
      const e = n - 1;
      lines![e]! += 1;
      quantity![e]! += sales.quantity[r]!;
      if (day === previousDay) continue;
      previousDay = day;
      last[e] = day;
      days![e]! += 1;
      recent![e]! += 2 ** (-(asOfDay - day) / 30);
      lasting![e]! += 2 ** (-(asOfDay - day) / 120);
      const k = place.get(day)!;
      tifu![e]! += weight[k]!;
      basketsAgo![e] = dayList.length - 1 - k;
    }
    start[c + 1] = n;
  }
  return {
    asOfDay,
    customers,
    products: sales.products.length,
    start,
    product,
    lines: lines!,
    days: days!,
    first,
    last,
    quantity: quantity!,
    recent: recent!,
    lasting: lasting!,
    tifu: tifu!,
    basketsAgo: basketsAgo!,
    baskets: baskets!,
    firstDay: firstDay!,
    lastDay: lastDay!,
    logPrice,
    priceSpread,
    lineCount: lineCount!,
  };
}

/** The entry of a customer and a product, or -1 when it has not bought it. */
export function entryOf(
  { start, product }: Pick<History, 'start' | 'product'>,
  customer: number,
  wanted: number,
): number {
  let [low, high] = [start[customer]!, start[customer + 1]! - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (product[middle] === wanted) return middle;
    if (product[middle]! < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
