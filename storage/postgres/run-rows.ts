import type { Json, JsonObject } from '../../contracts/json.ts';
import type { RunRecord, StepAttemptRecord, StepRecord } from '../../contracts/runs.ts';
import { iso } from './client.ts';
import type { Run, StepAttempt, StepRun } from './generated/client.ts';

export function toRun(row: Omit<Run, 'launchedAt'>): RunRecord {
  return {
    id: row.id,
    pipeline: row.pipeline,
    status: row.status as RunRecord['status'],
    params: row.params as JsonObject,
    plan: row.plan as unknown as RunRecord['plan'],
    trigger: row.trigger as RunRecord['trigger'],
    idempotencyKey: row.idempotencyKey,
    createdAt: iso(row.createdAt),
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    error: row.error as unknown as RunRecord['error'],
    execution: row.execution,
    priority: row.priority as RunRecord['priority'],
    limits: row.limits as RunRecord['limits'],
    admittedAt: iso(row.admittedAt),
    partition: row.partition,
    cache: row.cache,
    parentId: row.parentId,
    backfillId: row.backfillId,
    pause: row.pause as unknown as RunRecord['pause'],
    ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
  };
}

export function toStep(row: StepRun & { attempts: StepAttempt[] }): StepRecord {
  return {
    runId: row.runId,
    stepId: row.stepId,
    mapKey: row.mapKey,
    status: row.status as StepRecord['status'],
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    progress: row.progress as unknown as StepRecord['progress'],
    metrics: row.metrics as StepRecord['metrics'],
    output: row.output as Json,
    error: row.error as unknown as StepRecord['error'],
    reason: row.reason,
    cachedFrom: row.cachedFrom as unknown as StepRecord['cachedFrom'],
    attempts: row.attempts.map(
      (attempt): StepAttemptRecord => ({
        attempt: attempt.attempt,
        status: attempt.status as StepAttemptRecord['status'],
        worker: attempt.worker,
        startedAt: iso(attempt.startedAt),
        finishedAt: iso(attempt.finishedAt),
        error: attempt.error as unknown as StepAttemptRecord['error'],
      }),
    ),
  };
}
