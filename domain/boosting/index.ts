export { type Booster, boosterArrays, boosterFrom, boosterMeta, importanceOf, treesOf } from './booster.ts';
export { type LambdarankOptions, lambdarank, type RankedLists } from './lambdarank.ts';
export { type LogisticData, logistic, probability } from './logistic.ts';
export { logLoss, ndcg } from './metrics.ts';
export type { Objective, ValidationMetric } from './objective.ts';
export type { BoostingOptions } from './options.ts';
export { scoreRows } from './score.ts';
export { type EarlyStopping, type Rows, trainBooster } from './train.ts';
