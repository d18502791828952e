import { Random } from '../../../domain/nlp/index.ts';
import type { SalesTable } from '../../../domain/recommend/index.ts';

export interface Planted {
  readonly customers?: number;
  readonly products?: number;
  readonly days?: number;
  readonly markets?: number;
  readonly seed?: number;
}

/**
 * Sales with planted tastes: products fall into families of ten with a word of their own, every customer buys from
 * two families, and comes back to half of what it bought before. A family is sold in all markets.
 */
export function plantedSales(options: Planted = {}): SalesTable {
  const { customers = 60, products = 80, days = 120, markets = 2, seed = 7 } = options;
  const random = new Random(seed);
  const words = ['copper', 'linen', 'walnut', 'ceramic', 'wicker', 'marble', 'bamboo', 'velvet', 'glass', 'slate'];
  const rows: { day: number; customer: number; product: number; invoice: number }[] = [];
  let invoice = 0;
  const families = Math.max(1, Math.floor(products / 10));
  for (let c = 0; c < customers; c++) {
    const liked = [c % families, (c * 3 + 1) % families];
    const own: number[] = [];
    for (let day = random.below(20); day < days; day += 8 + random.below(14)) {
      invoice++;
      const basket = new Set<number>();
      for (let k = 0; k < 4; k++) {
        const again = own.length > 0 && random.next() < 0.5;
        const product = again
          ? (own[random.below(own.length)] as number)
          : Math.min(products - 1, (liked[random.below(2)] as number) * 10 + random.below(10));
        basket.add(product);
      }
      for (const product of basket) {
        own.push(product);
        rows.push({ day: 15000 + day, customer: c, product, invoice });
      }
    }
  }
  rows.sort((a, b) => a.day - b.day || a.invoice - b.invoice || a.product - b.product);
  return {
    customers: Array.from({ length: customers }, (_, i) => `C${i}`),
    products: Array.from({ length: products }, (_, i) => `P${i}`),
    descriptions: Array.from({ length: products }, (_, i) => `${words[Math.floor(i / 10) % 10]} item number ${i}`),
    markets: Array.from({ length: markets }, (_, i) => `M${i}`),
    marketOf: Int32Array.from({ length: customers }, (_, i) => i % markets),
    customer: Int32Array.from(rows, (r) => r.customer),
    product: Int32Array.from(rows, (r) => r.product),
    day: Int32Array.from(rows, (r) => r.day),
    quantity: Float32Array.from(rows, () => 1 + random.below(12)),
    price: Float32Array.from(rows, (r) => 1 + (r.product % 7)),
    invoice: Int32Array.from(rows, (r) => r.invoice),
  };
}

/** The part of a table before a day, with the same lists of names. */
export function salesBefore(sales: SalesTable, day: number): SalesTable {
  const end = sales.day.findIndex((d) => d >= day);
  if (end < 0) return sales;
  return {
    ...sales,
    customer: sales.customer.slice(0, end),
    product: sales.product.slice(0, end),
    day: sales.day.slice(0, end),
    quantity: sales.quantity.slice(0, end),
    price: sales.price.slice(0, end),
    invoice: sales.invoice.slice(0, end),
  };
}

export type Row = readonly [day: number, customer: number, product: number, amount: number];

/** Sales of so many pieces a row, for the amount of all. */
export function table(rows: readonly Row[], marketOf: readonly number[], products: number, pieces = 1): SalesTable {
  const sorted = [...rows].sort((a, b) => a[0] - b[0]);
  return {
    customers: marketOf.map((_, i) => `C${i}`),
    products: Array.from({ length: products }, (_, i) => `P${i}`),
    descriptions: Array.from({ length: products }, () => ''),
    markets: ['DE', 'FR'],
    marketOf: Int32Array.from(marketOf),
    customer: Int32Array.from(sorted, (r) => r[1]),
    product: Int32Array.from(sorted, (r) => r[2]),
    day: Int32Array.from(sorted, (r) => r[0]),
    quantity: new Float32Array(sorted.length).fill(pieces),
    price: Float32Array.from(sorted, (r) => r[3] / pieces),
    invoice: Int32Array.from(sorted, (_, i) => i),
  };
}
