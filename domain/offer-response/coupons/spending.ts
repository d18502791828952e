import type { CouponHistory } from './types.ts';

/** What households bought of each product until a day. */
export interface Spending {
  /** Purchase lines of each product, and what was paid for them. */
  readonly lines: Float64Array;
  readonly paid: Float64Array;
  /** By household: product, lines, paid; without repeats. */
  readonly own: readonly (readonly OwnProduct[])[];
}

export interface OwnProduct {
  readonly product: number;
  lines: number;
  paid: number;
}

/** A line counts for at most this much: one large purchase says less than many small ones. */
const mostOfLine = 50;
const leastOfLine = 0.01;

/** Sums the purchases before `asOfDay` (days since 1970-01-01). */
export function spendingBefore({ households, groups, purchases }: CouponHistory, asOfDay: number): Spending {
  const products = groups.maker.length;
  const [lines, paid] = [new Float64Array(products), new Float64Array(products)];
  const own = Array.from({ length: households }, () => new Map<number, OwnProduct>());
  for (let i = 0; i < purchases.day.length && purchases.day[i]! < asOfDay; i++) {
    const product = purchases.product[i]!;
    const amount = Math.min(mostOfLine, Math.max(leastOfLine, purchases.spend[i]!));
    lines[product]! += 1;
    paid[product]! += amount;
    const mine = own[purchases.household[i]!]!;
    const entry = mine.get(product) ?? { product, lines: 0, paid: 0 };
    entry.lines += 1;
    entry.paid += amount;
    mine.set(product, entry);
  }
  return { lines, paid, own: own.map((entries) => [...entries.values()]) };
}
