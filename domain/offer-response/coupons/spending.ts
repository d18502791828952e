import type { CouponHistory } from './types.ts';

/** What households spent on what until a day. Amounts by product and by group hold a little for what nobody bought yet. */
export interface Spending {
  readonly byProduct: Float64Array;
  readonly byGroup: Float64Array;
  readonly total: number;
  /** Purchase lines of each product. */
  readonly lines: Float64Array;
  /** Own entries of household h: `start[h] … start[h + 1]`, by group and product, without repeats. */
  readonly start: Int32Array;
  readonly product: Int32Array;
  readonly amount: Float64Array;
  readonly byHousehold: Float64Array;
}

/** Currency units every product is taken to have sold, so that a pool of new products has a share too. */
const unseen = 0.15;
/** A line counts for at most this much: one large purchase says less than many small ones. */
const mostOfLine = 50;

/** Sums the purchases before `asOfDay` (days since 1970-01-01). */
export function spendingBefore({ households, groupOf, purchases }: CouponHistory, asOfDay: number): Spending {
  const byProduct = new Float64Array(groupOf.length).fill(unseen);
  const lines = new Float64Array(groupOf.length);
  const byHousehold = new Float64Array(households);
  const own = Array.from({ length: households }, () => new Map<number, number>());
  for (let i = 0; i < purchases.day.length && purchases.day[i]! < asOfDay; i++) {
    const [household, product] = [purchases.household[i]!, purchases.product[i]!];
    const amount = Math.min(mostOfLine, Math.max(0.01, purchases.spend[i]!));
    byProduct[product]! += amount;
    lines[product]! += 1;
    byHousehold[household]! += amount;
    const entries = own[household]!;
    entries.set(product, (entries.get(product) ?? 0) + amount);
  }
  const groups = groupOf.reduce((most, group) => Math.max(most, group + 1), 0);
  const byGroup = new Float64Array(groups);
  let total = 0;
  groupOf.forEach((group, product) => {
    byGroup[group]! += byProduct[product]!;
    total += byProduct[product]!;
  });
  const start = new Int32Array(households + 1);
  const product: number[] = [];
  const amount: number[] = [];
  own.forEach((entries, household) => {
    for (const [p, spent] of [...entries].sort((a, b) => groupOf[a[0]]! - groupOf[b[0]]! || a[0] - b[0])) {
      product.push(p);
      amount.push(spent);
    }
    start[household + 1] = product.length;
  });
  return {
    byProduct,
    byGroup,
    total,
    lines,
    start,
    product: Int32Array.from(product),
    amount: Float64Array.from(amount),
    byHousehold,
  };
}
