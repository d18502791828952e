import { lastOf } from './last-of.ts';
import type { SalesTable } from './types.ts';

const lastOrder = lastOf<Int32Array>();

/** Rows of the table by customer, then product, then day; kept with the table. */
export const rowsByCustomer = (sales: SalesTable): Int32Array => lastOrder(sales, [], () => sortedRows(sales));

/** The table is sorted by day already: two stable counting sorts do. */
function sortedRows(sales: SalesTable): Int32Array {
  const rows = sales.day.length;
  const pass = (order: Int32Array, key: Int32Array, size: number): Int32Array => {
    const at = new Int32Array(size + 1);
    for (let r = 0; r < rows; r++) at[(key[r] as number) + 1]!++;
    for (let k = 0; k < size; k++) at[k + 1]! += at[k]!;
    const out = new Int32Array(rows);
    for (let i = 0; i < rows; i++) {
      const r = order[i]!;
      out[at[key[r]!]!++] = r;
    }
    return out;
  };
  const identity = Int32Array.from({ length: rows }, (_, r) => r);
  return pass(pass(identity, sales.product, sales.products.length), sales.customer, sales.customers.length);
}

/**
 * Calls `visit` for each customer and product of which there are sales, by customer, then product, with its rows: those at
 * `from … to` of the order, by day.
 */
export function forEachPair(
  sales: SalesTable,
  visit: (customer: number, product: number, from: number, to: number, order: Int32Array) => void,
): void {
  const order = rowsByCustomer(sales);
  const { customer, product } = sales;
  for (let from = 0; from < order.length; ) {
    const [c, p] = [customer[order[from]!]!, product[order[from]!]!];
    let to = from + 1;
    while (to < order.length && product[order[to]!] === p && customer[order[to]!] === c) to++;
    visit(c, p, from, to, order);
    from = to;
  }
}
