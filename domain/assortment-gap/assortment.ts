import type { SalesTable } from '../recommend/index.ts';
import type { Assortment } from './types.ts';

/** An assortment, and what was ever bought of it. */
export interface KnownAssortment extends Assortment {
  /** Whether the customer has ever bought the product. */
  hasBought(customer: number, product: number): boolean;
}

/** Products and purchases of a sales table, with its indices. What was bought on two days or more is in use. */
export function assortmentOf(sales: SalesTable): KnownAssortment {
  const products = sales.products.length;
  /** The day of the pair's first purchase; −1 once there is another. */
  const days = new Map<number, number>();
  for (let i = 0; i < sales.day.length; i++) {
    const key = sales.customer[i]! * products + sales.product[i]!;
    const day = days.get(key);
    if (day === undefined) days.set(key, sales.day[i]!);
    else if (day !== sales.day[i]!) days.set(key, -1);
  }
  const used = [...days].flatMap(([key, day]) => (day < 0 ? [key] : [])).sort((a, b) => a - b);
  const start = new Int32Array(sales.customers.length + 1);
  for (const key of used) start[Math.floor(key / products) + 1]!++;
  for (let c = 1; c < start.length; c++) start[c]! += start[c - 1]!;
  return {
    names: sales.descriptions,
    market: sales.marketOf,
    bought: { start, product: Int32Array.from(used, (key) => key % products) },
    hasBought: (customer, product) => days.has(customer * products + product),
  };
}
