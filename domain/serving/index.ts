export { MicroBatcher, type MicroBatcherOptions } from './micro-batcher.ts';
export { type Lease, type LoadedModel, ModelCache, type ModelCacheOptions } from './model-cache.ts';
export { OverloadError } from './overload.ts';
export { type OnnxSession, SessionThreads } from './session-threads.ts';
export { dataOf, float32, int64, type OnnxTensor, type OnnxTensors } from './tensor.ts';
export type { SessionSettings } from './thread-host.ts';
export type { Timers } from './timers.ts';
