import type { DagRunInput } from './activities.ts';
import type { DefinitionOrigin } from './definitions.ts';
import type { ErrorInfo } from './errors.ts';
import type { ScheduleDefinition } from './schedules.ts';

/** What the workflow `scheduledRun` is started with; kept in the schedule, so it is also the schedule's record. */
export interface ScheduledRunInput {
  readonly definition: ScheduleDefinition;
  readonly origin: DefinitionOrigin;
  readonly hash: string;
  /** Until when the changes of its time zone are worked out; ISO 8601. */
  readonly exactUntil: string;
  /** Version of the time zone rules by which that was done, such as 2025c; schedules of older versions have none. */
  readonly zoneRules?: string;
}

export interface BackfillInput {
  readonly backfillId: string;
  readonly total: number;
  readonly concurrency: number;
  /** Where to go on: positions below are done. */
  readonly position?: number;
}

/** What to do for a partition. */
export type PartitionClaim =
  | { readonly kind: 'run'; readonly run: DagRunInput }
  /** A run of the same partition that somebody else started is under way. */
  | { readonly kind: 'wait'; readonly runId: string }
  /** Nothing: it is skipped, or its run has ended. */
  | { readonly kind: 'done' };

/** Activities of the workflows `scheduledRun` and `backfill`. All are safe to repeat. */
export interface SchedulingActivities {
  /** Makes the run of a schedule's nominal time (ISO 8601). A fault that stays is kept with the schedule. */
  createScheduledRun(definition: ScheduleDefinition, scheduledAt: string): Promise<DagRunInput>;
  /** Looks at a partition, and makes its run when it needs one. */
  claimPartition(backfillId: string, position: number): Promise<PartitionClaim>;
  /** Resolves when a run has ended. */
  awaitRun(runId: string): Promise<void>;
  /** Records that the workflow of a run ended without saying how. */
  failRun(runId: string, error: ErrorInfo): Promise<void>;
  /** Ends a backfill; what was not reached is cancelled. */
  finishBackfill(backfillId: string, cancelled: boolean): Promise<void>;
}
