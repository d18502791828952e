import { entryOf, forEachPair, type SalesTable } from '../recommend/index.ts';
import type { Assortment } from './types.ts';

/** An assortment, and what was ever bought of it. */
export interface KnownAssortment extends Assortment {
  /** Whether the customer has ever bought the product. */
  hasBought(customer: number, product: number): boolean;
}

/** Products of each customer, ascending: those of customer c stand in `product[start[c]] … product[start[c + 1] - 1]`. */
type ProductsOf = Assortment['bought'];

/** Products and purchases of a sales table, with its indices. What was bought on two days or more is in use. */
export function assortmentOf(sales: SalesTable): KnownAssortment {
  const ever = productsOf(sales, () => true);
  const again = productsOf(sales, (from, to, order) => {
    const first = sales.day[order[from]!]!;
    for (let i = from + 1; i < to; i++) if (sales.day[order[i]!] !== first) return true;
    return false;
  });
  return {
    names: sales.descriptions,
    market: sales.marketOf,
    bought: again,
    hasBought: (customer, product) => entryOf(ever, customer, product) >= 0,
  };
}

/** The products of which a customer's rows, `from … to` of an order, are such. */
function productsOf(sales: SalesTable, isSuch: (from: number, to: number, order: Int32Array) => boolean): ProductsOf {
  const start = new Int32Array(sales.customers.length + 1);
  forEachPair(sales, (customer, _product, from, to, order) => {
    if (isSuch(from, to, order)) start[customer + 1]!++;
  });
  for (let c = 1; c < start.length; c++) start[c]! += start[c - 1]!;
  const product = new Int32Array(start.at(-1) ?? 0);
  let at = 0;
  forEachPair(sales, (_customer, p, from, to, order) => {
    if (isSuch(from, to, order)) product[at++] = p;
  });
  return { start, product };
}
