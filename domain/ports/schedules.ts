import type { RunRecord } from '../../contracts/runs.ts';
import type { OverlapPolicy, ScheduleFault, ScheduleRecord } from '../../contracts/schedules.ts';
import type { ScheduledRunInput } from '../../contracts/scheduling.ts';

/** Moments whose local clock matches every list. `years` null: any. */
export interface Calendar {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  readonly months: readonly number[];
  /** 0 is Sunday. */
  readonly daysOfWeek: readonly number[];
  readonly years: readonly number[] | null;
}

/** When a schedule fires, as the server is told. */
export interface ServerTiming {
  readonly timeZone: string;
  /** Matched against the local clock as it is written. */
  readonly calendars: readonly Calendar[];
  readonly skip: readonly Calendar[];
  readonly interval: { readonly everyMs: number; readonly offsetMs: number } | null;
  /** Single moments beside the calendars, milliseconds since 1970. */
  readonly instants: readonly number[];
}

export interface StoredSchedule extends ScheduleRecord {
  /** Until when changes of the time zone are worked out; ISO 8601. */
  readonly exactUntil: string;
  /** Version of the time zone rules by which that was done; null when it is not known. */
  readonly zoneRules: string | null;
}

export interface NewSchedule {
  readonly input: ScheduledRunInput;
  readonly timing: ServerTiming;
  readonly jitterMs: number;
  readonly catchUpMs: number;
}

/** Schedules, kept and fired by the workflow server. Methods on an unknown id throw NOT_FOUND. */
export interface ScheduleRepository {
  /** By id. A change may take a moment to be listed. */
  list(): Promise<StoredSchedule[]>;
  get(id: string): Promise<StoredSchedule | null>;
  /** CONFLICT when the id is taken. */
  create(schedule: NewSchedule): Promise<void>;
  /** Replaces when and what; stays paused or not unless `paused` says otherwise. */
  replace(schedule: NewSchedule, paused?: boolean): Promise<void>;
  /** False when there is no such schedule. Runs under way go on. */
  remove(id: string): Promise<boolean>;
  pause(id: string, note: string): Promise<void>;
  resume(id: string, note: string): Promise<void>;
  /** Starts a run as if it were due now, also when paused. */
  trigger(id: string, overlap: OverlapPolicy): Promise<void>;
}

/** What became of a schedule's starts. */
export interface ScheduleHistory {
  /** Newest first. */
  runs(pipeline: string, scheduleId: string, limit: number): Promise<RunRecord[]>;
  /** Starts that made no run, newest first. */
  faults(scheduleId: string, limit: number): Promise<ScheduleFault[]>;
  /** Kept and told as an event, in one transaction, once per scheduled time. */
  addFault(schedule: { readonly id: string; readonly pipeline: string }, fault: ScheduleFault): Promise<void>;
}

/** One holder of a name at a time, over all processes; whoever comes later waits. */
export type Locker = <T>(name: string, work: () => Promise<T>) => Promise<T>;
