import type { DeadlineDay, DeadlineDefinition, DeadlineRecord } from '../../contracts/deadlines.ts';
import type { DefinitionOrigin } from '../../contracts/definitions.ts';
import type { CloudEvent } from '../../contracts/events.ts';
import type { RunStatus } from '../../contracts/runs.ts';

export interface NewDeadline {
  readonly definition: DeadlineDefinition;
  readonly origin: DefinitionOrigin;
  readonly hash: string;
}

/** A day with the number of its changes, for {@link DeadlineRepository.advance}. */
export interface StoredDay extends DeadlineDay {
  readonly version: number;
}

/** What of a run a deadline looks at. Times are milliseconds since 1970. */
export interface DeadlineRun {
  readonly id: string;
  readonly status: RunStatus;
  /** Key of its partition; '' when it does all keys or the pipeline has none. */
  readonly key: string;
  readonly createdAt: number;
  readonly startedAt: number | null;
  /** Since when it is paused. */
  readonly pausedAt: number | null;
  readonly finishedAt: number | null;
}

/** Whose runs count for a day: those of a partition's date, or those that end between two times. */
export type DayOfRuns =
  | { readonly date: string /** Null: any. */; readonly key: string | null }
  | { readonly from: number; readonly to: number };

export interface DeadlineRepository {
  /** By id. */
  list(): Promise<DeadlineRecord[]>;
  get(id: string): Promise<DeadlineRecord | null>;
  /** CONFLICT when the id is taken. */
  create(deadline: NewDeadline, now: Date): Promise<DeadlineRecord>;
  /** Replaces it from now on: days not due yet begin again, others stay as they are. NOT_FOUND when there is none. */
  replace(deadline: NewDeadline, now: Date): Promise<DeadlineRecord>;
  /** Removes it with its days; false when there is none. */
  remove(id: string): Promise<boolean>;
  /** Newest first; with `before`, only days before that one. */
  days(id: string, page: { readonly before?: string; readonly limit: number }): Promise<DeadlineDay[]>;
  /** Days due after `from`, and all that are neither missed nor met. */
  recentDays(from: Date): Promise<StoredDay[]>;
  /**
   * Writes a day and its events in one transaction, if nobody has changed the day since `version` (0: not stored yet) and
   * the deadline still counts since `since`.
   *
   * @returns whether it was written.
   */
  advance(
    day: DeadlineDay,
    based: { readonly version: number; readonly since: string },
    events: readonly CloudEvent[],
  ): Promise<boolean>;
  /**
   * The runs that say how a day stands: the first that succeeded, the one under way for longest (else waiting), the
   * newest that ended otherwise; each null when there is none.
   */
  runsOf(
    pipeline: string,
    day: DayOfRuns,
  ): Promise<{
    readonly succeeded: DeadlineRun | null;
    readonly active: DeadlineRun | null;
    readonly ended: DeadlineRun | null;
  }>;
  /** How long the newest succeeded whole runs took, milliseconds. `key` null: of any key; '': of those of all keys. */
  durations(pipeline: string, key: string | null, limit: number): Promise<number[]>;
}
