export { fitConditionalLogit } from './conditional-logit.ts';
export { couponScorer, trainCoupons } from './rank.ts';
export type { Campaign, CouponHistory, Redemption } from './types.ts';
