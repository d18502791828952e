import type { RunChange, RunProgress } from '../../contracts/activities.ts';
import type { ErrorInfo } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { Plan } from '../../contracts/plan.ts';
import type {
  Limits,
  LogLevel,
  LogLine,
  Pause,
  Priority,
  Progress,
  RunEvent,
  RunRecord,
  RunStatus,
  StepAddress,
  StepRecord,
  Trigger,
} from '../../contracts/runs.ts';

export interface NewRun {
  readonly id: string;
  readonly pipeline: string;
  readonly params: JsonObject;
  readonly plan: Plan;
  readonly trigger: Trigger;
  readonly idempotencyKey: string | null;
  /** Default 3 (normal). */
  readonly priority?: Priority;
  /** Default none. */
  readonly limits?: Limits;
  readonly partition?: string | null;
  /** Default true. */
  readonly cache?: boolean;
  readonly parentId?: string | null;
  /** Steps whose records are taken over from the parent, with their items. */
  readonly reuse?: readonly string[];
  readonly backfillId?: string | null;
  /** Where its trace goes on from; default: what is under way. */
  readonly traceparent?: string;
}

export interface RunFilter {
  readonly pipeline?: string;
  readonly status?: RunStatus;
  readonly partition?: string;
  /** Id of a backfill. */
  readonly backfill?: string;
  /** ISO times on createdAt; from inclusive, to exclusive. */
  readonly from?: string;
  readonly to?: string;
}

export interface LogFilter {
  readonly stepId?: string;
  /** An item of the step. */
  readonly mapKey?: string;
  readonly levels?: readonly LogLevel[];
  /** Part of the message; case does not count. */
  readonly text?: string;
  /** Ids; both exclusive. */
  readonly after?: number;
  readonly before?: number;
  readonly limit: number;
}

export type StepRef = StepAddress;

/** How a run that has ended goes on. */
export interface Restart {
  /** The execution it is based on; another one in the meantime is a CONFLICT. */
  readonly execution: number;
  /** Steps that run again; of a mapped step those items only that did not succeed, or all. */
  readonly reset: readonly { readonly stepId: string; readonly items: 'failed' | 'all' }[];
  /** Steps that do not run again but count as skipped. */
  readonly skip: readonly { readonly stepId: string; readonly reason: string }[];
  readonly by: string;
  /** Whether steps may take outputs from the step cache; default: as before. */
  readonly cache?: boolean;
}

/** Runs, their steps and everything they report. Newest runs first. */
export interface RunRepository {
  /**
   * Creates a run with its steps pending. With an idempotency key that was used for the pipeline before, returns the
   * earlier run (`created: false`); IDEMPOTENCY_CONFLICT when its params differ.
   */
  create(run: NewRun): Promise<{ run: RunRecord; created: boolean }>;
  get(id: string): Promise<RunRecord | null>;
  list(
    filter: RunFilter,
    page: { limit: number; cursor?: string },
  ): Promise<{ runs: RunRecord[]; next: string | null }>;
  steps(runId: string): Promise<StepRecord[]>;
  /** Recorded outputs of steps that succeeded, by step id; null for others. */
  outputs(runId: string, stepIds: readonly string[]): Promise<Record<string, Json>>;
  /**
   * Applies changes in one transaction; repeating them changes nothing. A terminal status is never overwritten.
   *
   * @param execution whose changes they are; when the run is in another one by now, they are left out.
   */
  apply(runId: string, changes: readonly RunChange[], execution?: number): Promise<void>;
  /** Makes an ended run queued again, as its next execution. CONFLICT when it has not ended or has gone on meanwhile. */
  restart(runId: string, restart: Restart): Promise<RunRecord>;
  /** What of a run is done already. */
  loadProgress(runId: string): Promise<RunProgress>;
  /** Runs handed to nobody yet: created before `before`, still queued and without a workflow that waits. */
  queued(before: Date, limit: number): Promise<RunRecord[]>;
  /** Runs with a workflow that have not ended, by id, after the one given. */
  open(limit: number, after?: string): Promise<RunRef[]>;

  /** What an attempt of a step, or of an item, has given already; null when none has succeeded in this execution. */
  succeeded(step: StepRef): Promise<{ output: Json } | null>;
  attemptStarted(step: StepRef, attempt: number, worker: string): Promise<void>;
  attemptFinished(
    step: StepRef,
    attempt: number,
    result:
      | { status: 'succeeded'; output: Json }
      | { status: 'failed' | 'cancelled'; error: ErrorInfo; final: boolean },
  ): Promise<void>;
  /** Both of the above in one, for an attempt that was over before its start was worth a record. */
  attemptSucceeded(
    step: StepRef,
    attempt: number,
    ran: { worker: string; startedAt: Date; output: Json; cachedFrom?: StepAddress },
  ): Promise<void>;
  progress(step: StepRef, progress: Progress): Promise<void>;
  metrics(step: StepRef, metrics: Readonly<Record<string, number>>): Promise<void>;
  log(step: StepRef, attempt: number, lines: readonly Pick<LogLine, 'at' | 'level' | 'message'>[]): Promise<void>;
  /** Lines of a run, oldest first; with `before` the last ones before that id. */
  logs(runId: string, filter: LogFilter): Promise<LogLine[]>;
  /** Events of a run with an id above `after`, oldest first; no event with a lower id appears later. */
  events(runId: string, after: number, limit: number): Promise<RunEvent[]>;
  /** The id of the newest event of a run; 0 when it has none. */
  newestEvent(runId: string): Promise<number>;
  /** Calls `wake` whenever events of the run may have been added; returns the unsubscribe function. */
  watch(runId: string, wake: () => void): Promise<() => Promise<void>>;
}

export interface RunRef {
  readonly id: string;
  readonly execution: number;
}

/**
 * What the workflow server says of a workflow. `unknown`: it has none of that name, because nobody has started it, because
 * it has forgotten it, or because it is another server than the one that has it.
 */
export type WorkflowState = 'open' | 'unknown' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed out';

/**
 * Hands runs to the workflow server and talks to them there. What is said to a run that has ended is no error; who says it
 * learns by `false` that nobody heard it.
 */
export interface RunLauncher {
  /** Starts the workflow of a run; starting it again changes nothing. */
  start(run: RunRecord): Promise<void>;
  /** Asks a run to stop; running steps see an AbortSignal. */
  cancel(run: RunRecord): Promise<boolean>;
  pause(run: RunRecord, pause: Pause): Promise<boolean>;
  resume(run: RunRecord): Promise<boolean>;
  skip(run: RunRecord, skip: { stepId: string; by: string; reason: string }): Promise<boolean>;
  workflowState(run: RunRef): Promise<WorkflowState>;
  /** Wakes runs that the limits have let in. */
  admitted(runs: readonly RunRef[]): Promise<void>;
  /** Wakes steps that were given a slot. */
  slotsGranted(slots: readonly { run: RunRef; stepId: string; mapKey: string }[]): Promise<void>;
}
