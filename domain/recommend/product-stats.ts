import type { History } from './history.ts';
import type { SalesNames, SalesTable } from './types.ts';

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
  const sum = new ProductStatsSum(sales, history.asOfDay);
  sum.add(sales, history);
  return sum.stats();
}

/** {@link ProductStats} of sales that come some customers at a time. */
export class ProductStatsSum {
  readonly #asOfDay: number;
  readonly #products: number;
  readonly #buyers7: Float32Array;
  readonly #buyers30: Float32Array;
  readonly #buyers90: Float32Array;
  readonly #buyers: Float32Array;
  readonly #repeat: Float32Array;
  readonly #fresh: Float32Array;
  readonly #inMarket: Float32Array;
  readonly #activeInMarket: Float32Array;
  readonly #firstDay: Int32Array;
  readonly #lastDay: Int32Array;
  readonly #price: Float32Array;
  readonly #quantity: Float32Array;
  readonly #lines: Float32Array;
  readonly #priceNow: Float32Array;
  readonly #linesNow: Float32Array;
  #active90 = 0;
  #everActive = 0;

  constructor({ products, markets }: Pick<SalesNames, 'products' | 'markets'>, asOfDay: number) {
    const floats = () => new Float32Array(products.length);
    this.#asOfDay = asOfDay;
    this.#products = products.length;
    [this.#buyers7, this.#buyers30, this.#buyers90, this.#buyers] = [floats(), floats(), floats(), floats()];
    [this.#repeat, this.#fresh] = [floats(), floats()];
    this.#inMarket = new Float32Array(products.length * markets.length);
    this.#activeInMarket = new Float32Array(markets.length);
    this.#firstDay = new Int32Array(products.length).fill(asOfDay);
    this.#lastDay = new Int32Array(products.length).fill(-1);
    [this.#price, this.#quantity, this.#lines] = [floats(), floats(), floats()];
    [this.#priceNow, this.#linesNow] = [floats(), floats()];
  }

  /** Takes the sales of customers that were not there yet, and their history before the day. */
  add(sales: SalesTable, history: History): void {
    this.#addHistory(sales, history);
    this.#addLines(sales);
  }

  #addHistory({ marketOf }: SalesTable, history: History): void {
    const { start, product } = history;
    const asOfDay = this.#asOfDay;
    for (let c = 0; c < history.customers; c++) {
      if (history.baskets[c] === 0) continue;
      this.#everActive++;
      const market = marketOf[c]!;
      const since = asOfDay - history.lastDay[c]!;
      if (since <= 90) this.#active90++;
      if (since <= 60) this.#activeInMarket[market]!++;
      for (let e = start[c]!; e < start[c + 1]!; e++) {
        const p = product[e]!;
        const age = asOfDay - history.last[e]!;
        this.#buyers[p]!++;
        if (age <= 7) this.#buyers7[p]!++;
        if (age <= 30) {
          this.#buyers30[p]!++;
          if (asOfDay - history.first[e]! <= 30) this.#fresh[p]!++;
        }
        if (age <= 90) this.#buyers90[p]!++;
        if (age <= 60) this.#inMarket[market * this.#products + p]!++;
        if (history.days[e]! > 1) this.#repeat[p]!++;
        if (history.first[e]! < this.#firstDay[p]!) this.#firstDay[p] = history.first[e]!;
        if (history.last[e]! > this.#lastDay[p]!) this.#lastDay[p] = history.last[e]!;
      }
    }
  }

  #addLines(sales: SalesTable): void {
    for (let r = 0; r < sales.day.length; r++) {
      const day = sales.day[r]!;
      if (day >= this.#asOfDay) break;
      const p = sales.product[r]!;
      const price = Math.log(sales.price[r]!);
      this.#price[p]! += price;
      this.#quantity[p]! += Math.log(sales.quantity[r]!);
      this.#lines[p]!++;
      if (this.#asOfDay - day <= 60) {
        this.#priceNow[p]! += price;
        this.#linesNow[p]!++;
      }
    }
  }

  stats(): ProductStats {
    const [lines, linesNow, buyers, buyers30] = [this.#lines, this.#linesNow, this.#buyers, this.#buyers30];
    return {
      buyers7: this.#buyers7,
      buyers30,
      buyers90: this.#buyers90,
      buyers,
      inMarket: this.#inMarket,
      activeInMarket: this.#activeInMarket,
      active90: this.#active90,
      everActive: this.#everActive,
      firstDay: this.#firstDay,
      lastDay: this.#lastDay,
      logPrice: this.#price.map((sum, p) =>
        linesNow[p]! > 0 ? this.#priceNow[p]! / linesNow[p]! : sum / Math.max(1, lines[p]!),
      ),
      logQuantity: this.#quantity.map((sum, p) => sum / Math.max(1, lines[p]!)),
      repeat: this.#repeat.map((n, p) => (n + 0.2 * 5) / (buyers[p]! + 5)),
      freshShare: this.#fresh.map((n, p) => (n + 2) / (buyers30[p]! + 4)),
    };
  }
}
