import { entryOf, type History } from '../history.ts';
import { rowsByCustomer } from '../sales-order.ts';
import type { SalesTable } from '../types.ts';

/** What customers usually spend on products, as known before a day. */
export interface UsualSpend {
  /**
   * What a customer usually spends on a product in a window of the horizon in which it buys it, in units of the currency.
   * 0 for a product that nobody has bought yet.
   */
  of(customer: number, product: number): number;
}

/** Buyers of a product in a market from which on the market speaks for itself. */
const leastBuyers = 3;
/** Windows that what others spend counts as, beside a customer's own ones. */
const priorWindows = 1;
/** Products of usual spend that a customer counts as having, when its size is estimated. */
const priorProducts = 5;

/**
 * Learns the usual spend from the sales before `history.asOfDay`, cut into windows of `horizonDays` backwards from it.
 *
 * All means are of logarithms: a single large order weighs little. Of a product in a market it is the median over the
 * customers that bought it of their mean spend in windows with a purchase; over those of all markets where fewer than
 * three did. A customer's size is how far its own means lie above those medians on average, drawn towards none by five
 * products. A customer is expected to spend the median at its size; its own windows with a purchase are averaged with
 * that, which counts as one more window.
 */
export function usualSpend(sales: SalesTable, history: History, horizonDays: number): UsualSpend {
  const { start, product, customers } = history;
  const { mean, windows } = ownSpend(sales, history, horizonDays);
  const markets = sales.markets.length;
  const inMarket = new Map<number, number[]>();
  const everywhere = new Map<number, number[]>();
  for (let c = 0; c < customers; c++)
    for (let e = start[c]!; e < start[c + 1]!; e++) {
      add(inMarket, product[e]! * markets + sales.marketOf[c]!, mean[e]!);
      add(everywhere, product[e]!, mean[e]!);
    }
  const medianInMarket = mediansOf(inMarket, leastBuyers);
  const medianEverywhere = mediansOf(everywhere, 1);
  const typical = (customer: number, p: number): number =>
    medianInMarket.get(p * markets + sales.marketOf[customer]!) ?? medianEverywhere.get(p) ?? Number.NEGATIVE_INFINITY;

  const size = new Float64Array(customers);
  for (let c = 0; c < customers; c++) {
    let sum = 0;
    for (let e = start[c]!; e < start[c + 1]!; e++) sum += mean[e]! - typical(c, product[e]!);
    size[c] = sum / (start[c + 1]! - start[c]! + priorProducts);
  }
  return {
    of(customer, wanted) {
      const expected = typical(customer, wanted) + size[customer]!;
      const e = entryOf(history, customer, wanted);
      if (e < 0) return Math.exp(expected);
      return Math.exp((mean[e]! * windows[e]! + expected * priorWindows) / (windows[e]! + priorWindows));
    },
  };
}

/** By entry of the history: mean log spend of the windows with a purchase, and how many there were. */
function ownSpend(sales: SalesTable, history: History, horizonDays: number) {
  const [mean, windows] = [new Float64Array(history.product.length), new Int32Array(history.product.length)];
  let [e, customer, item, window, spent] = [-1, -1, -1, -1, 0];
  const close = (): void => {
    if (spent > 0) {
      windows[e]!++;
      mean[e]! += (Math.log(spent) - mean[e]!) / windows[e]!;
    }
    spent = 0;
  };
  for (const r of rowsByCustomer(sales)) {
    const day = sales.day[r]!;
    if (day >= history.asOfDay) continue;
    const at = Math.floor((history.asOfDay - 1 - day) / horizonDays);
    const isOther = sales.customer[r] !== customer || sales.product[r] !== item;
    if (isOther || at !== window) close();
    if (isOther) e++;
    [customer, item, window] = [sales.customer[r]!, sales.product[r]!, at];
    spent += sales.quantity[r]! * sales.price[r]!;
  }
  close();
  return { mean, windows };
}

function add(groups: Map<number, number[]>, key: number, value: number): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}

/** Medians of groups of at least `least` values. */
function mediansOf(groups: ReadonlyMap<number, number[]>, least: number): Map<number, number> {
  const medians = new Map<number, number>();
  for (const [key, values] of groups)
    if (values.length >= least) medians.set(key, values.sort((a, b) => a - b)[values.length >> 1]!);
  return medians;
}
