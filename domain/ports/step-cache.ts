import type { Json } from '../../contracts/json.ts';
import type { StepAddress } from '../../contracts/runs.ts';

export interface CachedOutput {
  readonly output: Json;
  /** The step run that made it. */
  readonly from: StepAddress;
}

export interface CacheUse {
  readonly pipeline: string;
  readonly stepId: string;
  readonly entries: number;
  readonly bytes: number;
  readonly usedAt: string;
}

/** Outputs of steps by what they were computed from; see domain/dag/step-cache.ts for the key. */
export interface StepCache {
  /** The output of a key, not older than `maxAgeMs`; null when there is none. Counts as a use. */
  get(key: string, maxAgeMs?: number): Promise<CachedOutput | null>;
  /** Keeps an output; the newest of a key stays. `bytes`: of the output and the artifacts it names. */
  put(key: string, entry: CachedOutput & { readonly pipeline: string; readonly bytes: number }): Promise<void>;
  remove(key: string): Promise<void>;
  /** Drops what was not used since `unusedSince`, then the least recently used until at most `bytes` are kept. @returns how many. */
  evict(unusedSince: Date, bytes: number): Promise<number>;
  /** Drops all of a pipeline, or of one step. @returns how many. */
  clear(pipeline: string, stepId?: string): Promise<number>;
  use(): Promise<CacheUse[]>;
}
