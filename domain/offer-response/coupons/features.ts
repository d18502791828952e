import { logLift } from './lift.ts';
import type { Spending } from './spending.ts';
import type { CouponHistory } from './types.ts';

/** What the ranking sees of a household and a coupon, in this order. */
export const couponFeatureNames = ['expectedShare', 'pastLift', 'ownSpend'] as const;
export const couponFeatureCount = couponFeatureNames.length;

/** Currency units of the average household that are mixed into a household's spending: by group, and within a group. */
const shrink = { group: 100, product: 10 } as const;

/** Features of all coupons of a campaign for one household, row by row [coupons × 3]. */
export type CouponFeatures = (household: number) => Float64Array;

/**
 * Prepares the features of a campaign's coupons as of a day:
 *
 * - `expectedShare`: log of the share of the household's spending that is expected to fall on the coupon's products. Shares
 *   are shrunk twice towards those of all households (hierarchical Dirichlet smoothing, MacKay and Peto 1995): those of
 *   groups of one maker and category by 100 units of currency, those of products within a group by 10. A household that
 *   has bought another pack of the maker counts, one without purchases gets the average.
 * - `pastLift`: see {@link logLift}.
 * - `ownSpend`: log(1 + what the household spent on the coupon's products).
 *
 * The cost of a household is that of the products it bought, not of the pools.
 */
export function couponFeatures(
  history: CouponHistory,
  pools: readonly Int32Array[],
  spending: Spending,
  asOfDay: number,
): CouponFeatures {
  const { groupOf } = history;
  const { byProduct, byGroup, total, start, product, amount, byHousehold } = spending;
  const coupons = pools.length;
  const lift = logLift(history, pools, spending, asOfDay);
  const poolTotal = new Float64Array(coupons);
  /** By group: coupons that hold some of it, and how much all households spent on that part. */
  const ofGroup = new Map<number, Map<number, number>>();
  const ofProduct = new Map<number, number[]>();
  pools.forEach((pool, coupon) => {
    for (const p of pool) {
      poolTotal[coupon]! += byProduct[p]!;
      const parts = ofGroup.get(groupOf[p]!) ?? new Map<number, number>();
      parts.set(coupon, (parts.get(coupon) ?? 0) + byProduct[p]!);
      ofGroup.set(groupOf[p]!, parts);
      const holders = ofProduct.get(p);
      if (holders) holders.push(coupon);
      else ofProduct.set(p, [coupon]);
    }
  });

  return (household) => {
    const mass = byHousehold[household]! + shrink.group;
    const share = poolTotal.map((sum) => (shrink.group * sum) / total / mass);
    const own = new Float64Array(coupons);
    const ownOfGroup = new Float64Array(coupons);
    for (let from = start[household]!, to = from; from < start[household + 1]!; from = to) {
      const group = groupOf[product[from]!]!;
      const parts = ofGroup.get(group);
      let spent = 0;
      for (; to < start[household + 1]! && groupOf[product[to]!] === group; to++) {
        spent += amount[to]!;
        for (const coupon of ofProduct.get(product[to]!) ?? []) ownOfGroup[coupon]! += amount[to]!;
      }
      if (!parts) continue;
      const groupShare = (spent + (shrink.group * byGroup[group]!) / total) / mass;
      for (const [coupon, part] of parts) {
        const within = (ownOfGroup[coupon]! + (shrink.product * part) / byGroup[group]!) / (spent + shrink.product);
        // In place of what the group counts for a household that never bought it.
        share[coupon]! += groupShare * within - (shrink.group * part) / total / mass;
        own[coupon]! += ownOfGroup[coupon]!;
        ownOfGroup[coupon] = 0;
      }
    }
    const out = new Float64Array(coupons * couponFeatureCount);
    for (let c = 0; c < coupons; c++) out.set([Math.log(share[c]!), lift[c]!, Math.log1p(own[c]!)], 3 * c);
    return out;
  };
}
