export { type Booster, boosterArrays, boosterFrom, boosterMeta, importanceOf, treesOf } from './booster.ts';
export { lambdarank } from './lambdarank.ts';
export { logistic, probability } from './logistic.ts';
export { logLoss, ndcg } from './metrics.ts';
export type { BoostingOptions } from './options.ts';
export { scoreRows } from './score.ts';
export { trainBooster } from './train.ts';
