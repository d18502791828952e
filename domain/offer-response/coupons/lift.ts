import type { Spending } from './spending.ts';
import type { CouponHistory } from './types.ts';

/** Redemptions that a coupon is taken to have been expected to have, and had, before its kin are looked at. */
const prior = 3;

/**
 * How much oftener than the mean coupon of their campaigns the coupons most like each of `pools` were redeemed before
 * `asOfDay`, as a logarithm; 0 where none is alike. Coupons are alike by the cosine of their products, each weighed by its
 * purchase lines; what was expected and had are summed with these weights, and `prior` is added to both (a Gamma prior
 * around 1), so that little evidence moves little.
 */
export function logLift(
  { campaigns, redemptions }: CouponHistory,
  pools: readonly Int32Array[],
  { lines }: Spending,
  asOfDay: number,
): Float64Array {
  const weight = (product: number): number => lines[product]! + 0.1;
  const norm = (pool: Int32Array): number =>
    Math.sqrt(pool.reduce((sum, product) => sum + weight(product) * weight(product), 0));
  /** Past coupons with the redemptions they had and those the mean coupon of the campaign had. */
  const past: { had: number; expected: number; norm: number }[] = [];
  const holders = new Map<number, number[]>();
  campaigns.forEach(({ startDay, pools: own }, campaign) => {
    if (startDay >= asOfDay) return;
    const who = own.map(() => new Set<number>());
    for (const one of redemptions)
      if (one.campaign === campaign && one.day < asOfDay) who[one.coupon]?.add(one.household);
    const mean = who.reduce((sum, households) => sum + households.size, 0) / own.length;
    own.forEach((pool, coupon) => {
      for (const product of pool) {
        const list = holders.get(product);
        if (list) list.push(past.length);
        else holders.set(product, [past.length]);
      }
      past.push({ had: who[coupon]!.size, expected: mean, norm: norm(pool) });
    });
  });
  const dot = new Float64Array(past.length);
  return Float64Array.from(pools, (pool) => {
    dot.fill(0);
    for (const product of pool)
      for (const other of holders.get(product) ?? []) dot[other]! += weight(product) * weight(product);
    const length = norm(pool);
    let [had, expected] = [prior, prior];
    past.forEach((other, i) => {
      if (dot[i] === 0) return;
      const alike = dot[i]! / (length * other.norm);
      had += alike * other.had;
      expected += alike * other.expected;
    });
    return Math.log(had / expected);
  });
}
