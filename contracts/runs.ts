import { type Static, Type } from 'typebox';
import type { ErrorInfo } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import type { Plan } from './plan.ts';

export const runStatuses = ['queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof runStatuses)[number];
export const terminalRunStatuses: ReadonlySet<RunStatus> = new Set(['succeeded', 'failed', 'cancelled']);

export const stepStatuses = ['pending', 'running', 'succeeded', 'failed', 'skipped', 'cancelled'] as const;
export type StepStatus = (typeof stepStatuses)[number];
export const terminalStepStatuses: ReadonlySet<StepStatus> = new Set(['succeeded', 'failed', 'skipped', 'cancelled']);

/** How the reason of a skipped step begins: somebody left it out, or a step that it needs failed. */
export const skipReasons = { byHand: 'skipped by ', blocked: 'needs "' } as const;

/** Progress of a step: `done` of `total` `unit`s. `total` 0 = not known. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
}

export const triggerKinds = ['api', 'cli', 'schedule', 'webhook', 'backfill', 'rule', 'rerun', 'decision'] as const;

/** How a run came to be. */
export const TriggerSchema = Type.Object({
  kind: Type.Unsafe<(typeof triggerKinds)[number]>(Type.Union(triggerKinds.map((kind) => Type.Literal(kind)))),
  /** Who or what: a key's name, or the id of a schedule, a source of webhooks, a backfill or a decision; of a rule `rule/evaluation`. */
  by: Type.String(),
});
export type Trigger = Static<typeof TriggerSchema>;

/** Waiting raises a run or step by one priority for every so many milliseconds, so that nothing starves. */
export const ageingMs = 600_000;

/** What goes first when workers, limits or pools are short: 1 before 5; see {@link ageingMs}. */
export const priorities = { critical: 1, high: 2, normal: 3, backfill: 4, lowest: 5 } as const;
export type Priority = (typeof priorities)[keyof typeof priorities];

/** `drain`: running steps finish. `checkpoint`: they stop, and go on from their last checkpoint afterwards. */
export type PauseMode = 'drain' | 'checkpoint';

export interface Pause {
  readonly mode: PauseMode;
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

/** How many runs may be active at a time, by the name of each limit that a run counts for; null: the code sets none. */
export type Limits = Readonly<Record<string, number | null>>;

/** Why a run or a step waits, and its place among those that wait for the same, from 1. */
export interface Waiting {
  readonly runId: string;
  /** Null when the run itself waits. */
  readonly step: { readonly stepId: string; readonly mapKey: string } | null;
  readonly priority: number;
  readonly since: string;
  readonly place: number;
  readonly limits: readonly { readonly name: string; readonly active: number; readonly capacity: number }[];
}

/** One run, as stored. Times are ISO 8601 UTC. */
export interface RunRecord {
  readonly id: string;
  readonly pipeline: string;
  readonly status: RunStatus;
  readonly params: JsonObject;
  readonly plan: Plan;
  readonly trigger: Trigger;
  readonly idempotencyKey: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly error: ErrorInfo | null;
  /** 1, and one more with every retry. */
  readonly execution: number;
  readonly priority: Priority;
  readonly limits: Limits;
  /** When the limits let it start; null while it waits. */
  readonly admittedAt: string | null;
  /** What part of the pipeline's work it does: `2011-10-09`, or `2011-10-09/DE`; null when the pipeline has no partitions. */
  readonly partition: string | null;
  /** Whether its steps may take outputs from the step cache. */
  readonly cache: boolean;
  /** The run whose outputs it goes on from. */
  readonly parentId: string | null;
  readonly backfillId: string | null;
  readonly pause: Pause | null;
  /** Where the trace of what asked for it goes on (W3C Trace Context); absent: nobody traced it. */
  readonly traceparent?: string;
}

/** A run as lists show it: with the hash of its plan in the plan's place. */
export type RunBrief = Omit<RunRecord, 'plan'> & { readonly planHash: string };

/** A run without its plan: what lists and events need. */
export function briefOf({ plan, ...run }: RunRecord): RunBrief {
  return { ...run, planHash: plan.hash };
}

/** What `GET /v1/runs` answers with. */
export interface RunPage {
  readonly runs: readonly RunBrief[];
  /** Cursor of the next page; null: this is the last. */
  readonly next: string | null;
}

export interface StepAttemptRecord {
  readonly attempt: number;
  readonly status: StepStatus;
  readonly worker: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly error: ErrorInfo | null;
}

export interface StepAddress {
  readonly runId: string;
  readonly stepId: string;
  readonly mapKey: string;
}

/** One step of a run, or one item of a mapped step (`mapKey` not empty). */
export interface StepRecord {
  readonly runId: string;
  readonly stepId: string;
  readonly mapKey: string;
  readonly status: StepStatus;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly progress: Progress | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly output: Json;
  readonly error: ErrorInfo | null;
  /** Why a step was skipped, in words. */
  readonly reason: string | null;
  /** The step run whose output the step cache gave. */
  readonly cachedFrom: StepAddress | null;
  readonly attempts: readonly StepAttemptRecord[];
}

/** What `GET /v1/runs/:id` answers with. */
export type RunDetail = RunBrief & {
  readonly plan: Plan;
  readonly steps: readonly StepRecord[];
  readonly waits: readonly Waiting[];
};

/** From the least to the most that a line has to say. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogLine {
  readonly id: number;
  readonly at: string;
  readonly stepId: string;
  readonly mapKey: string;
  readonly attempt: number;
  readonly level: LogLevel;
  readonly message: string;
}

/** What `GET /v1/runs/:id/events` streams: `type` is the SSE event name, `id` its Last-Event-ID. */
export interface RunEvent {
  readonly id: number;
  readonly runId: string;
  readonly at: string;
  readonly type: 'run' | 'step' | 'progress' | 'metric' | 'log';
  readonly data: Json;
}
