import type { RunBar } from '../../contracts/overview.ts';
import type { RunStatus } from '../../contracts/runs.ts';

/** What the runs of a pipeline say of it. Times are ISO 8601 UTC. */
export interface PipelineFacts {
  readonly pipeline: string;
  /** The newest 20 runs, newest first. */
  readonly recent: readonly RunBar[];
  readonly lastSuccess: RunBar | null;
  readonly running: number;
  readonly queued: number;
  readonly paused: number;
  /** Runs that failed after the last that succeeded, and when the first of them did. */
  readonly failures: number;
  readonly failingSince: string | null;
  /** Median of the newest 20 that succeeded. */
  readonly typicalSeconds: number | null;
  /** Since when the longest waits, runs, or is paused, of those that are under way. */
  readonly queuedSince: string | null;
  readonly runningSince: string | null;
  readonly pausedSince: string | null;
}

/** The newest run of a partition: the last that succeeded, else the newest. */
export interface PartitionCell {
  readonly runId: string;
  readonly status: RunStatus;
  /** YYYY-MM-DD. */
  readonly date: string;
  /** '' for a run of the whole day. */
  readonly key: string;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** What a run of a whole day has done for a key: what became of the items of its mapped steps that have the key's name. */
export interface KeyPart {
  readonly runId: string;
  readonly key: string;
  readonly failed: boolean;
  readonly running: boolean;
  /** Whether every mapped step of the run has ended for the key. */
  readonly ended: boolean;
  /** Null also where the run and this part of it have succeeded: then the run's times say enough. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** Alarms of a day and market, by family (`quality`, `drift`, `kpi`). */
export interface AlarmCount {
  readonly date: string;
  readonly market: string;
  readonly family: string;
  readonly count: number;
  /** Of these, such as say that data are old. */
  readonly stale: number;
}

/** An override of a decision that somebody has to approve or decline. */
export interface WaitingOverride {
  readonly id: string;
  readonly decision: string;
  readonly pipeline: string;
  readonly model: string;
  readonly verdict: string;
  readonly by: string;
  readonly at: string;
}

/** Starts of a schedule that made no run: how many, and of the newest when and why. */
export interface ScheduleFaults {
  readonly schedule: string;
  readonly count: number;
  readonly at: string;
  readonly message: string;
}

/** What an overview is made of, read in few statements whatever the size of the past. */
export interface OverviewFacts {
  /** One for each of the pipelines, in the order given. */
  pipelines(ids: readonly string[]): Promise<PipelineFacts[]>;
  /** Newest day of the partitions of a pipeline; null: there is none. */
  newestDay(pipeline: string): Promise<string | null>;
  /** Of days from `from` to `to`, both included: one for each partition, also those of whole days. */
  cells(pipeline: string, from: string, to: string): Promise<PartitionCell[]>;
  /** Of runs of whole days. */
  parts(runIds: readonly string[]): Promise<KeyPart[]>;
  /** Points with an alarm of days from `from` to `to`, and in `looked` the days and markets whose data were looked at. */
  alarms(
    pipeline: string,
    from: string,
    to: string,
  ): Promise<{ readonly alarms: AlarmCount[]; readonly looked: { readonly date: string; readonly market: string }[] }>;
  /** Versions of models that made the lists of markets on days. */
  versions(cells: readonly { readonly market: string; readonly date: string }[]): Promise<(number | null)[]>;
  /** Overrides that wait for somebody's answer, oldest first. */
  waitingOverrides(): Promise<WaitingOverride[]>;
  /** Starts of schedules since then that made no run, by schedule. */
  scheduleFaults(since: Date): Promise<ScheduleFaults[]>;
}
