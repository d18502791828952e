import type {
  BackfillDetail,
  BackfillPartition,
  BackfillRecord,
  BackfillStatus,
  PartitionRun,
  PartitionStatus,
} from '../../contracts/backfills.ts';
import type { RunRecord } from '../../contracts/runs.ts';

export interface NewBackfill extends Omit<BackfillRecord, 'status' | 'total' | 'createdAt' | 'finishedAt'> {
  /** Equal for backfills that ask for the same; only one of them is active at a time. */
  readonly fingerprint: string;
  /** In the order in which they are done. */
  readonly partitions: readonly string[];
}

/** What a backfill does about a partition now, given the newest runs of it. */
export type PartitionDecision =
  | { readonly kind: 'run' }
  | { readonly kind: 'wait'; readonly runId: string; readonly reason: string }
  | { readonly kind: 'skip'; readonly runId: string | null; readonly reason: string };

export interface PartitionRuns {
  /** A run under way. */
  readonly active: PartitionRun | null;
  /** The newest that succeeded. */
  readonly succeeded: PartitionRun | null;
  /** The newest that ended, however. */
  readonly ended: PartitionRun | null;
}

/** What came of {@link BackfillRepository.claim}. */
export type ClaimResult =
  | { readonly kind: 'run'; readonly run: RunRecord }
  | { readonly kind: 'wait'; readonly runId: string }
  | { readonly kind: 'done' };

export interface BackfillRepository {
  /** Stores a backfill with its partitions; or returns the active one that asks for the same (`created: false`). */
  create(backfill: NewBackfill): Promise<{ backfill: BackfillRecord; created: boolean }>;
  get(id: string): Promise<BackfillDetail | null>;
  /** Newest first. */
  list(
    filter: { readonly pipeline?: string; readonly status?: BackfillStatus },
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ backfills: BackfillRecord[]; next: string | null }>;
  /** In the order in which they are done. */
  partitions(
    id: string,
    filter: { readonly status?: PartitionStatus; readonly after?: number; readonly limit: number },
  ): Promise<BackfillPartition[]>;
  /** Handed to nobody yet: created before `before` and still queued. */
  queued(before: Date, limit: number): Promise<BackfillRecord[]>;

  /**
   * Decides about a partition while no other backfill can decide about the same one, and makes its run when `decide` says
   * so. Repeating it gives the run it made. A run counts for a partition when it has its name, or the name of its day
   * alone: a run of all keys. For a whole day the runs of its keys count that are under way.
   */
  claim(
    id: string,
    position: number,
    decide: (backfill: BackfillRecord, runs: PartitionRuns) => PartitionDecision,
    createRun: (backfill: BackfillRecord, partition: string) => Promise<RunRecord>,
  ): Promise<ClaimResult>;
  /** Records that a partition cannot have a run, and why. */
  failPartition(id: string, position: number, reason: string): Promise<void>;
  /** Ends a backfill by the counts of its partitions; those not reached are cancelled. A status that is final stays. */
  finish(id: string, cancelled: boolean): Promise<void>;

  /** The newest runs of partitions of a pipeline, by partition. */
  runsOf(pipeline: string, partitions: readonly string[]): Promise<Map<string, PartitionRuns>>;
  /**
   * Seconds of the newest whole runs of a pipeline that succeeded; their median, null without any.
   *
   * @param kind only runs of one key, or only those of all keys; null: any.
   */
  medianSeconds(
    pipeline: string,
    kind: 'key' | 'day' | null,
    newest: number,
  ): Promise<{ runs: number; seconds: number | null }>;
}

export interface BackfillLauncher {
  /** Starts the workflow of a backfill; starting it again changes nothing. */
  start(backfill: BackfillRecord): Promise<void>;
  /** Stops it and its runs. False when nobody works on it: it has not started, or has ended, in whatever way. */
  cancel(id: string): Promise<boolean>;
}
