import { type Choice, fitConditionalLogit, scoresOf } from '../../calibration/conditional-logit.ts';
import { type CouponFeatures, couponFeatureNames, couponFeatures } from './features.ts';
import { spendingBefore } from './spending.ts';
import type { Campaign, CouponHistory } from './types.ts';

/** Learned weights of {@link couponFeatureNames}. */
export interface CouponModel {
  readonly weights: Float64Array;
  /** Past households with a campaign in which they redeemed something: what was learned from. */
  readonly lists: number;
  readonly redemptions: number;
}

/**
 * Believed before any redemption is seen: a coupon is redeemed in proportion to what its products are bought by the
 * household and to how its kin did, and nothing else.
 */
const prior: Readonly<Record<(typeof couponFeatureNames)[number], number>> = {
  spendShare: 1,
  pastLift: 1,
  ownSpend: 0,
  lineShare: 0,
};

/**
 * Learns how to weigh the features on past campaigns: a list is a household and a campaign in which it redeemed, its
 * features as of the campaign's first day. Without redemptions the prior beliefs are the model.
 *
 * @param asOfDay days since 1970-01-01; nothing of this day or later is learned from.
 */
export function trainCoupons(history: CouponHistory, asOfDay: number): CouponModel {
  const choices: Choice[] = [];
  let redemptions = 0;
  history.campaigns.forEach(({ startDay, pools }, campaign) => {
    if (startDay >= asOfDay || pools.length < 2) return;
    const taken = new Map<number, Set<number>>();
    for (const one of history.redemptions) {
      if (one.campaign !== campaign || one.day >= asOfDay) continue;
      taken.set(one.household, (taken.get(one.household) ?? new Set()).add(one.coupon));
    }
    if (taken.size === 0) return;
    const features = couponFeatures(history, pools, spendingBefore(history, startDay), startDay);
    for (const [household, coupons] of [...taken].sort((a, b) => a[0] - b[0])) {
      choices.push({ features: features(household), taken: [...coupons].sort((a, b) => a - b) });
      redemptions += coupons.size;
    }
  });
  const weights = fitConditionalLogit(choices, { prior: couponFeatureNames.map((name) => prior[name]) });
  return { weights, lists: choices.length, redemptions };
}

/**
 * Scores the coupons of a campaign for households: higher is likelier to be redeemed. Only what was known before the
 * campaign's first day is used.
 */
export function couponScorer(
  history: CouponHistory,
  model: CouponModel,
  { startDay, pools }: Campaign,
): (household: number) => Float64Array {
  const features: CouponFeatures = couponFeatures(history, pools, spendingBefore(history, startDay), startDay);
  return (household) => scoresOf(features(household), model.weights);
}
