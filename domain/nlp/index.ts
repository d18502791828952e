export { stopIfAborted } from './breathe.ts';
export { type ContrastiveOptions, type Groups, trainContrastive } from './contrastive.ts';
export { silentHooks, type TrainHooks } from './hooks.ts';
export { hashedNgrams, normaliseText } from './ngrams.ts';
export { Pace } from './pace.ts';
export { nestedBytes, packBytes, packNested, unpackBytes } from './pack.ts';
export { normals, Random } from './random.ts';
export { invert, type Tensor, type Tensor2D, tf, type Variable } from './tensorflow.ts';
