export { averageWeights } from './average.ts';
export { type Example, toBatch } from './batches.ts';
export { mixCorpora } from './mix.ts';
export { initialWeights } from './parameters.ts';
export { trainTransformer } from './train.ts';
export type { TrainOptions } from './train-options.ts';
export { Transformer } from './transformer.ts';
export { translateGreedy } from './translate-greedy.ts';
