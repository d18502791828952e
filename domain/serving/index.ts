export { ConcurrencyLimit } from './concurrency-limit.ts';
export { MicroBatcher, type MicroBatcherOptions, type SubmitOptions } from './micro-batcher.ts';
export { type Lease, type LoadedModel, ModelCache } from './model-cache.ts';
export type { ComputedBatch, ServedVersion, ServingObserver } from './observer.ts';
export { OverloadError } from './overload.ts';
export { SessionThreads } from './session-threads.ts';
export { dataOf, float32, int64, type OnnxTensors } from './tensor.ts';
export type { Timers } from './timers.ts';
