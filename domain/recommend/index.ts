export { silentHooks } from '../nlp/index.ts';
export { personalFrequency, popularity } from './baselines.ts';
export { pairedBootstrap } from './bootstrap.ts';
export { decodeClosedForm, encodeClosedForm, trainClosedForm } from './closed-form.ts';
export { ClosedFormLists } from './closed-form-lists.ts';
export {
  evaluate,
  evaluateByMarket,
  listsOf,
  type Scores,
  truthOf,
} from './evaluate.ts';
export {
  type Expectation,
  type Forecast,
  forecaster,
  judgeLists,
  levelOf,
  type ScoreLevels,
} from './forecast/index.ts';
export { type History, historyBefore } from './history.ts';
export { type RecommendModel, recommendBothBy, recommendBy } from './model.ts';
export {
  decodeProductVectors,
  encodeProductVectors,
  type ProductVectors,
  trainProductVectors,
} from './product-vectors.ts';
export { decodeRanker, encodeRanker, type Ranker, trainRanker } from './ranker.ts';
export { type BothLists, type RecommendOptions, recommend } from './recommend.ts';
export { drawPlaces, sampleTruth } from './sample.ts';
export type { Recommendation, SalesTable } from './types.ts';
