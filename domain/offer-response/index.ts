export { areaUnderCurve, calibrationError } from '../calibration/reliability.ts';
export type { Candidate } from './candidate.ts';
export {
  type Offers,
  type PastOffers,
  type ProductDays,
  responseFeatureNames,
  responseFeatures,
} from './features.ts';
export { isHeldOut } from './holdout.ts';
export { expectedMargin } from './margin.ts';
export {
  decodeResponse,
  encodeResponse,
  type ResponseModel,
  type ResponseRows,
  saleProbabilities,
  sliceRows,
  tooFew,
  trainResponse,
  upliftOf,
} from './model.ts';
export { chooseOffers } from './optimise.ts';
export { offerReason } from './reasons.ts';
export { qini, qiniIntervals } from './uplift.ts';
