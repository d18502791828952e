import { logLift } from './lift.ts';
import { expectedShares, type Hierarchy } from './shares.ts';
import type { Spending } from './spending.ts';
import type { CouponHistory, ProductGroups } from './types.ts';

/** What the ranking sees of a household and a coupon, in this order. */
export const couponFeatureNames = ['spendShare', 'pastLift', 'ownSpend', 'lineShare'] as const;
export const couponFeatureCount = couponFeatureNames.length;

/** Features of all coupons of a campaign for one household, row by row [coupons × couponFeatureCount]. */
export type CouponFeatures = (household: number) => Float64Array;

/** Spending by maker within a category; every product is taken to have sold for a little. */
const byMaker = ({ maker }: ProductGroups, paid: Float64Array): Hierarchy => ({
  levels: [maker],
  shrink: [100, 10],
  amounts: paid.map((amount) => amount + 0.15),
});

/** Purchase lines by what a product is. */
const byType = ({ department, category, type }: ProductGroups, lines: Float64Array): Hierarchy => ({
  levels: [department, category, type],
  shrink: [10, 10, 5, 5],
  amounts: lines.map((count) => count + 0.05),
});

/**
 * Prepares the features of a campaign's coupons as of a day:
 *
 * - `spendShare`: log of the share of the household's spending that is expected to fall on the coupon's products, smoothed
 *   by maker and category (see {@link expectedShares}).
 * - `pastLift`: see {@link logLift}.
 * - `ownSpend`: log(1 + what the household paid for the coupon's products).
 * - `lineShare`: log of the expected share of its purchase lines, smoothed by department, category and type.
 */
export function couponFeatures(
  history: CouponHistory,
  pools: readonly Int32Array[],
  spending: Spending,
  asOfDay: number,
): CouponFeatures {
  const spendShares = expectedShares(byMaker(history.groups, spending.paid), pools);
  const lineShares = expectedShares(byType(history.groups, spending.lines), pools);
  const lift = logLift(history, pools, spending, asOfDay);
  const holders = new Map<number, number[]>();
  pools.forEach((pool, coupon) => {
    for (const product of pool) holders.set(product, [...(holders.get(product) ?? []), coupon]);
  });
  return (household) => {
    const own = spending.own[household]!;
    const paid = new Float64Array(pools.length);
    for (const entry of own) for (const coupon of holders.get(entry.product) ?? []) paid[coupon]! += entry.paid;
    const spend = spendShares(own.map(({ product, paid: amount }) => ({ product, amount })));
    const line = lineShares(own.map(({ product, lines: amount }) => ({ product, amount })));
    const out = new Float64Array(pools.length * couponFeatureCount);
    for (let c = 0; c < pools.length; c++) {
      const row = [Math.log(spend[c]!), lift[c]!, Math.log1p(paid[c]!), Math.log(line[c]!)];
      out.set(row, c * couponFeatureCount);
    }
    return out;
  };
}
