import type { RunBucket, RunDurations, RunSort, RunStatisticsBucket } from '../../contracts/run-insight.ts';
import type { Priority, RunBrief, RunStatus, Trigger } from '../../contracts/runs.ts';

/** Runs that are looked for; all that is given must hold. */
export interface RunSearch {
  readonly pipelines?: readonly string[];
  readonly statuses?: readonly RunStatus[];
  readonly triggers?: readonly Trigger['kind'][];
  readonly priorities?: readonly Priority[];
  readonly partition?: string;
  /** Id of a backfill. */
  readonly backfill?: string;
  /** Code of the run's error. */
  readonly errorCode?: string;
  /** A part of the id, the partition, a parameter or who started it, in any capitals. */
  readonly text?: string;
  /** ISO times on createdAt; from inclusive, to exclusive. */
  readonly from?: string;
  readonly to?: string;
}

/** What people want to know of many runs. */
export interface RunInsight {
  /** Without their plans, which are the most of a run. */
  list(
    search: RunSearch,
    page: { readonly limit: number; readonly cursor?: string; readonly sort?: RunSort },
  ): Promise<{ runs: RunBrief[]; next: string | null }>;
  /** Runs created from `from` to before `to`, by their time; also buckets without any. `pipeline` undefined: all. */
  statistics(filter: {
    readonly pipeline?: string;
    readonly from: Date;
    readonly to: Date;
    readonly bucket: RunBucket;
  }): Promise<RunStatisticsBucket[]>;
  /** The newest `limit` that were created from `from` to before `to`. */
  durations(filter: {
    readonly pipeline?: string;
    readonly from: Date;
    readonly to: Date;
    readonly limit: number;
  }): Promise<RunDurations>;
}
