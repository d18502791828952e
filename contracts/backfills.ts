import type { JsonObject } from './json.ts';
import type { RunStatus } from './runs.ts';

export const backfillModes = ['missing', 'failed', 'all'] as const;
/** `missing`: partitions that no run has done; `failed`: whose newest run failed; `all`: every one again. */
export type BackfillMode = (typeof backfillModes)[number];
export const backfillOrders = ['newest', 'oldest'] as const;
export type BackfillOrder = (typeof backfillOrders)[number];

export const backfillStatuses = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type BackfillStatus = (typeof backfillStatuses)[number];

/** Partitions of one backfill at most. */
export const maxPartitions = 10_000;

export interface BackfillRecord {
  readonly id: string;
  readonly pipeline: string;
  /** First and last day, both included; YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
  /** Empty: one run a day, for all keys. */
  readonly keys: readonly string[];
  readonly mode: BackfillMode;
  readonly order: BackfillOrder;
  /** Runs of the backfill at a time. */
  readonly concurrency: number;
  /** Parameters of every run beside those of the partition. */
  readonly params: JsonObject;
  readonly status: BackfillStatus;
  readonly total: number;
  readonly by: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** `pending` has not been looked at; `waiting` waits for a run that somebody else started; then the run's status. */
export const partitionStatuses = [
  'pending',
  'waiting',
  'skipped',
  'queued',
  'running',
  'paused',
  'succeeded',
  'failed',
  'cancelled',
] as const;
export type PartitionStatus = (typeof partitionStatuses)[number];

export interface BackfillPartition {
  readonly position: number;
  /** `2011-10-09`, or `2011-10-09/DE`. */
  readonly partition: string;
  readonly status: PartitionStatus;
  readonly runId: string | null;
  /** Why it was skipped, or what it waits for. */
  readonly reason: string | null;
}

export interface BackfillDetail extends BackfillRecord {
  readonly counts: Readonly<Partial<Record<PartitionStatus, number>>>;
}

/** What a backfill would do now. */
export interface BackfillForecast {
  readonly total: number;
  readonly toRun: number;
  readonly partitions: readonly {
    readonly partition: string;
    readonly action: 'run' | 'wait' | 'skip';
    readonly reason: string | null;
  }[];
  /** Null without runs to judge by. */
  readonly estimate: {
    readonly seconds: number;
    readonly medianRunSeconds: number;
    /** Succeeded runs of the pipeline it rests on. */
    readonly basedOnRuns: number;
  } | null;
}

/** A partition's newest run that counts, as far as a backfill has to know. */
export interface PartitionRun {
  readonly runId: string;
  readonly partition: string;
  readonly status: RunStatus;
  readonly finishedAt: string | null;
}
