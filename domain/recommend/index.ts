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
  type Forecaster,
  forecaster,
  judgeLists,
  levelOf,
  type ScoreLevels,
  typicalSpendBefore,
} from './forecast/index.ts';
export { entryOf, type History, historyBefore } from './history.ts';
export { knownBefore, type RecommendModel, recommendBothBy, recommendBy } from './model.ts';
export { ProductStatsSum } from './product-stats.ts';
export {
  decodeProductVectors,
  encodeProductVectors,
  type ProductVectors,
  trainProductVectors,
} from './product-vectors.ts';
export type { BothLists, RankingData, RankingTask } from './rank-lists.ts';
export { decodeRanker, encodeRanker, type Ranker, trainRanker } from './ranker.ts';
export { type Known, type RecommendOptions, recommend } from './recommend.ts';
export { forEachPair } from './sales-order.ts';
export { drawPlaces, sampleTruth } from './sample.ts';
export type { Recommendation, SalesNames, SalesTable } from './types.ts';
