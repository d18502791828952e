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
 * All means are of logarithms: a single large order weighs little. What is typical of a product in a market is the median over
 * the customers that bought it of their mean spend in windows with a purchase; over those of all markets where fewer than
 * three did. A customer's size is how far its own means lie above those medians on average, drawn towards none by five
 * products. A customer is expected to spend the median at its size; its own windows with a purchase are averaged with
 * that, which counts as one more window.
 *
 * @param typical by the sales of more customers, where `sales` are those of some; default: by these sales.
 */
export function usualSpend(
  sales: SalesTable,
  history: History,
  horizonDays: number,
  typical?: TypicalSpend,
): UsualSpend {
  const { start, product, customers } = history;
  const { mean, windows } = ownSpend(sales, history, horizonDays);
  const { of: typicalOf } = typical ?? typicalSpend(sales, history, mean);
  const size = new Float32Array(customers);
  for (let c = 0; c < customers; c++) {
    let sum = 0;
    for (let e = start[c]!; e < start[c + 1]!; e++) sum += mean[e]! - typicalOf(sales.marketOf[c]!, product[e]!);
    size[c] = sum / (start[c + 1]! - start[c]! + priorProducts);
  }
  return {
    of(customer, wanted) {
      const expected = typicalOf(sales.marketOf[customer]!, wanted) + size[customer]!;
      const e = entryOf(history, customer, wanted);
      if (e < 0) return Math.exp(expected);
      return Math.exp((mean[e]! * windows[e]! + expected * priorWindows) / (windows[e]! + priorWindows));
    },
  };
}

/** What customers usually spend on a product in a window with a purchase of it. */
export interface TypicalSpend {
  /** The logarithm of the median; −∞ for a product that nobody has bought yet. */
  of(market: number, product: number): number;
}

/** {@link TypicalSpend} by the sales before `history.asOfDay`, in windows of `horizonDays`. */
export function typicalSpendBefore(sales: SalesTable, history: History, horizonDays: number): TypicalSpend {
  return typicalSpend(sales, history, ownSpend(sales, history, horizonDays).mean);
}

function typicalSpend(sales: SalesTable, history: History, mean: Float64Array): TypicalSpend {
  const { start, product, customers, products } = history;
  const markets = sales.markets.length;
  // Means by product and market: two passes of a counting sort.
  const at = new Int32Array(products * markets + 1);
  const forEach = (visit: (group: number, entry: number) => void): void => {
    for (let c = 0; c < customers; c++)
      for (let e = start[c]!; e < start[c + 1]!; e++) visit(product[e]! * markets + sales.marketOf[c]!, e);
  };
  forEach((group) => {
    at[group + 1]!++;
  });
  for (let group = 0; group < at.length - 1; group++) at[group + 1]! += at[group]!;
  const values = new Float64Array(product.length);
  const next = at.slice();
  forEach((group, e) => {
    values[next[group]!++] = mean[e]!;
  });
  const inMarket = new Float64Array(products * markets).fill(Number.NaN);
  const everywhere = new Float64Array(products).fill(Number.NEGATIVE_INFINITY);
  for (let p = 0; p < products; p++) {
    for (let group = p * markets; group < (p + 1) * markets; group++) {
      const own = values.subarray(at[group], at[group + 1]);
      if (own.length >= leastBuyers) inMarket[group] = own.sort()[own.length >> 1]!;
    }
    const all = values.subarray(at[p * markets], at[(p + 1) * markets]);
    if (all.length > 0) everywhere[p] = all.sort()[all.length >> 1]!;
  }
  return {
    of(market, wanted) {
      const median = inMarket[wanted * markets + market]!;
      return Number.isNaN(median) ? everywhere[wanted]! : median;
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
