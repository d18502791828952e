export { fitConditionalLogit } from '../../calibration/conditional-logit.ts';
export { couponScorer, trainCoupons } from './rank.ts';
export type { Campaign, CouponHistory, Redemption } from './types.ts';
