import type { History } from './history.ts';
import type { SalesTable } from './types.ts';

/** How products sold before a day; all arrays by product, or by market × product. */
export interface ProductStats {
  /** Different customers in the last 7, 30, 90 days and ever. */
  readonly buyers7: Float32Array;
  readonly buyers30: Float32Array;
  readonly buyers90: Float32Array;
  readonly buyers: Float32Array;
  /** Buyers of the last 60 days by market, row by row [markets × products]. */
  readonly inMarket: Float32Array;
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
  /** Mean log price of the last 60 days (or of all, if none), mean quantity of a line. */
  readonly logPrice: Float32Array;
  readonly logQuantity: Float32Array;
  /** Share of its customers who bought it on more than one day. */
  readonly repeat: Float32Array;
  /** Share of the buyers of the last 30 days who had not bought it before them: whether it is still spreading. */
  readonly freshShare: Float32Array;
  /** Active customers (a purchase in the last 60 days) by market. */
  readonly activeInMarket: Float32Array;
  /** Customers with a purchase in the last 90 days, and ever. */
  readonly active90: number;
  readonly everActive: number;
}

/** Computes {@link ProductStats} before `history.asOfDay`. */
export function productStats(sales: SalesTable, history: History): ProductStats {
  const { asOfDay, products, start, product } = history;
  const floats = () => new Float32Array(products);
  const [buyers7, buyers30, buyers90, buyers, repeat, fresh] = [
    floats(),
    floats(),
    floats(),
    floats(),
    floats(),
    floats(),
  ];
  const inMarket = new Float32Array(products * sales.markets.length);
  const activeInMarket = new Float32Array(sales.markets.length);
  const firstDay = new Int32Array(products).fill(asOfDay);
  const lastDay = new Int32Array(products).fill(-1);
  let [active90, everActive] = [0, 0];
  for (let c = 0; c < history.customers; c++) {
    if (history.baskets[c]! > 0) everActive++;
    if (history.baskets[c]! > 0 && asOfDay - history.lastDay[c]! <= 90) active90++;
    const market = sales.marketOf[c]!;
    if (history.baskets[c]! > 0 && asOfDay - history.lastDay[c]! <= 60) activeInMarket[market]!++;
    for (let e = start[c]!; e < start[c + 1]!; e++) {
      const p = product[e]!;
      const age = asOfDay - history.last[e]!;
      buyers[p]!++;
      if (age <= 7) buyers7[p]!++;
      if (age <= 30) {
        buyers30[p]!++;
        if (asOfDay - history.first[e]! <= 30) fresh[p]!++;
      }
      if (age <= 90) buyers90[p]!++;
      if (age <= 60) inMarket[market * products + p]!++;
      if (history.days[e]! > 1) repeat[p]!++;
      if (history.first[e]! < firstDay[p]!) firstDay[p] = history.first[e]!;
      if (history.last[e]! > lastDay[p]!) lastDay[p] = history.last[e]!;
    }
  }
  const [price, quantity, lines, priceNow, linesNow] = [floats(), floats(), floats(), floats(), floats()];
  for (let r = 0; r < sales.day.length; r++) {
    const day = sales.day[r]!;
    if (day >= asOfDay) break;
    const p = sales.product[r]!;
    price[p]! += Math.log(sales.price[r]!);
    quantity[p]! += Math.log(sales.quantity[r]!);
    lines[p]!++;
    if (asOfDay - day <= 60) {
      priceNow[p]! += Math.log(sales.price[r]!);
      linesNow[p]!++;
    }
  }
  return {
    buyers7,
    buyers30,
    buyers90,
    buyers,
    inMarket,
    activeInMarket,
    active90,
    everActive,
    firstDay,
    lastDay,
    logPrice: price.map((sum, p) => (linesNow[p]! > 0 ? priceNow[p]! / linesNow[p]! : sum / Math.max(1, lines[p]!))),
    logQuantity: quantity.map((sum, p) => sum / Math.max(1, lines[p]!)),
    repeat: repeat.map((n, p) => (n + 0.2 * 5) / (buyers[p]! + 5)),
    freshShare: fresh.map((n, p) => (n + 2) / (buyers30[p]! + 4)),
  };
}
