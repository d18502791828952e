export { fitConditionalLogit } from './conditional-logit.ts';
export { couponFeatureNames } from './features.ts';
export { type CouponModel, couponScorer, trainCoupons } from './rank.ts';
export type { Campaign, CouponHistory, Redemption } from './types.ts';
