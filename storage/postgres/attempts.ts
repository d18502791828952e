import type { ErrorInfo } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import type { LogLine, Progress } from '../../contracts/runs.ts';
import type { RunRepository, StepRef } from '../../domain/ports/runs.ts';
import { type Executor, json, type PrismaClient } from './client.ts';
import { addEvent, runChannel } from './run-changes.ts';

type Attempts = Pick<RunRepository, 'attemptStarted' | 'attemptFinished' | 'progress' | 'metrics' | 'log'>;

/** What running attempts report. Each call is one statement, since a step's cost is mostly these. */
export function attemptsOf(db: PrismaClient): Attempts {
  return {
    attemptStarted: (step, attempt, worker) => attemptStarted(db, step, attempt, worker),
    attemptFinished: (step, attempt, result) => attemptFinished(db, step, attempt, result),
    async progress({ runId, stepId, mapKey }: StepRef, progress: Progress) {
      const { count } = await db.stepRun.updateMany({
        where: { runId, stepId, mapKey, status: 'running' },
        data: { progress: { ...progress } },
      });
      if (count > 0) await addEvent(db, runId, 'progress', { stepId, mapKey, ...progress });
    },
    async metrics({ runId, stepId, mapKey }, metrics) {
      await db.$executeRaw`
        update step_runs set metrics = metrics || ${json(metrics)}::jsonb
        where run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey}`;
      await addEvent(db, runId, 'metric', { stepId, mapKey, metrics });
    },
    async log({ runId, stepId, mapKey }, attempt, lines: readonly Pick<LogLine, 'at' | 'level' | 'message'>[]) {
      await db.stepLog.createMany({
        // PostgreSQL's text holds no NUL.
        data: lines.map((line) => ({
          runId,
          stepId,
          mapKey,
          attempt,
          at: line.at,
          level: line.level,
          message: line.message.replaceAll('\u0000', ''),
        })),
      });
      await addEvent(db, runId, 'log', { stepId, mapKey, attempt, lines: lines.slice(-100) });
    },
  };
}

async function attemptStarted(
  db: Executor,
  { runId, stepId, mapKey }: StepRef,
  attempt: number,
  worker: string,
): Promise<void> {
  const event = json({ stepId, mapKey, status: 'running', attempt });
  await db.$queryRaw`
    with step as (
      insert into step_runs as s (run_id, step_id, map_key, position, status, started_at)
      select ${runId}, ${stepId}, ${mapKey}, coalesce((select position from step_runs where run_id = ${runId} and step_id = ${stepId} and map_key = ''), 0), 'running', now()
      on conflict (run_id, step_id, map_key) do update set
        status = case when s.status in ('succeeded', 'failed', 'skipped', 'cancelled') then s.status else 'running' end,
        started_at = coalesce(s.started_at, now())
      returning 1
    ), lost as (
      update step_attempts set status = 'failed', finished_at = now(),
        error = '{"code":"STEP_CRASHED","message":"The attempt stopped answering; another one took over."}'::jsonb
      where run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey} and status = 'running' and attempt < ${attempt}
    ), attempt as (
      insert into step_attempts (run_id, step_id, map_key, attempt, status, worker, started_at)
      select ${runId}, ${stepId}, ${mapKey}, ${attempt}, 'running', ${worker}, now() from step
      on conflict (run_id, step_id, map_key, attempt) do nothing
    ), event as (
      insert into run_events (run_id, type, data) values (${runId}, 'step', ${event}::jsonb)
    )
    select pg_notify(${runChannel}, ${runId})::text`;
}

type Result =
  | { status: 'succeeded'; output: Json }
  | { status: 'failed' | 'cancelled'; error: ErrorInfo; final: boolean };

async function attemptFinished(
  db: Executor,
  { runId, stepId, mapKey }: StepRef,
  attempt: number,
  result: Result,
): Promise<void> {
  const ok = result.status === 'succeeded';
  const final = ok || result.final;
  const error = ok ? null : json(result.error);
  const output = ok ? json(result.output) : null;
  const event = json({
    stepId,
    mapKey,
    status: final ? result.status : 'running',
    attempt,
    ...(ok ? {} : { error: result.error, final }),
  });
  await db.$queryRaw`
    with attempt as (
      update step_attempts set status = ${result.status}, finished_at = now(), error = ${error}::jsonb
      where run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey} and attempt = ${attempt}
    ), step as (
      update step_runs set status = ${result.status}, finished_at = now(), output = ${output}::jsonb, error = ${error}::jsonb
      where ${final} and run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey}
        and status not in ('succeeded', 'failed', 'skipped', 'cancelled')
    ), event as (
      insert into run_events (run_id, type, data) values (${runId}, 'step', ${event}::jsonb)
    )
    select pg_notify(${runChannel}, ${runId})::text`;
}
