import { type Static, Type } from 'typebox';
import type { ErrorInfo } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import type { Plan } from './plan.ts';

export const runStatuses = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof runStatuses)[number];
export const terminalRunStatuses: ReadonlySet<RunStatus> = new Set(['succeeded', 'failed', 'cancelled']);

export const stepStatuses = ['pending', 'running', 'succeeded', 'failed', 'skipped', 'cancelled'] as const;
export type StepStatus = (typeof stepStatuses)[number];

/** Progress of a step: `done` of `total` `unit`s. `total` 0 = not known. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
}

/** How a run came to be. */
export const TriggerSchema = Type.Object({
  kind: Type.Union([Type.Literal('api'), Type.Literal('cli'), Type.Literal('schedule'), Type.Literal('event')]),
  /** Who or what: a key's name, a schedule's id, an event's id. */
  by: Type.String(),
});
export type Trigger = Static<typeof TriggerSchema>;

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
}

export interface StepAttemptRecord {
  readonly attempt: number;
  readonly status: StepStatus;
  readonly worker: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly error: ErrorInfo | null;
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
  readonly attempts: readonly StepAttemptRecord[];
}

export interface LogLine {
  readonly id: number;
  readonly at: string;
  readonly stepId: string;
  readonly mapKey: string;
  readonly attempt: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
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
