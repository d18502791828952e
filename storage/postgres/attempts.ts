import type { QueryConfig } from 'pg';
import type { ErrorInfo } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import type { LogLine, Progress, StepAddress } from '../../contracts/runs.ts';
import type { RunRepository } from '../../domain/ports/runs.ts';
import { type Connection, json, sql } from './client.ts';
import type { RunNotices } from './run-notices.ts';

type Attempts = Pick<
  RunRepository,
  'succeeded' | 'attemptStarted' | 'attemptFinished' | 'attemptSucceeded' | 'progress' | 'metrics' | 'log'
>;

/** What running attempts report. Each call is one statement, since a step's cost is mostly these. */
export function attemptsOf({ pool }: Connection, notices: RunNotices): Attempts {
  const write = async (runId: string, statement: QueryConfig): Promise<void> => {
    await pool.query(statement);
    notices.tell(runId);
  };
  return {
    async succeeded({ runId, stepId, mapKey }) {
      const { rows } = await pool.query<{ output: Json }>(sql`
        select output from step_runs
        where run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey} and status = 'succeeded'`);
      return rows[0] ?? null;
    },
    async attemptStarted({ runId, stepId, mapKey }, attempt, worker) {
      await write(runId, started(runId, stepId, mapKey, attempt, worker));
    },
    async attemptFinished({ runId, stepId, mapKey }, attempt, result) {
      await write(runId, finished(runId, stepId, mapKey, attempt, result));
    },
    async attemptSucceeded({ runId, stepId, mapKey }, attempt, ran) {
      await write(runId, succeeded(runId, stepId, mapKey, attempt, ran));
    },
    async progress({ runId, stepId, mapKey }, progress: Progress) {
      await write(
        runId,
        sql`
        with step as (
          update step_runs set progress = ${json(progress)}::jsonb
          where run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey} and status = 'running' returning 1
        ), event as (
          insert into run_events (run_id, type, data)
          select ${runId}, 'progress', ${json({ stepId, mapKey, ...progress })}::jsonb from step
        )
        select 1 from step`,
      );
    },
    async metrics({ runId, stepId, mapKey }, metrics) {
      await write(
        runId,
        sql`
        with step as (
          update step_runs set metrics = metrics || ${json(metrics)}::jsonb
          where run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey}
        ), event as (
          insert into run_events (run_id, type, data) values (${runId}, 'metric', ${json({ stepId, mapKey, metrics })}::jsonb)
        )
        select 1`,
      );
    },
    async log({ runId, stepId, mapKey }, attempt, lines: readonly Pick<LogLine, 'at' | 'level' | 'message'>[]) {
      const told = { stepId, mapKey, attempt, lines: lines.slice(-100) };
      await write(
        runId,
        sql`
        with line as (
          insert into step_logs (run_id, step_id, map_key, attempt, at, level, message)
          select ${runId}, ${stepId}, ${mapKey}, ${attempt}::int, (l->>'at')::timestamptz, l->>'level', l->>'message'
          from jsonb_array_elements(${json(lines)}::jsonb) with ordinality as t(l, n) order by n
        ), event as (
          insert into run_events (run_id, type, data) values (${runId}, 'log', ${json(told)}::jsonb)
        )
        select 1`,
      );
    },
  };
}

const lostError = json({ code: 'STEP_CRASHED', message: 'The attempt stopped answering; another one took over.' });

function started(runId: string, stepId: string, mapKey: string, attempt: number, worker: string): QueryConfig {
  const event = json({ stepId, mapKey, status: 'running', attempt });
  return sql`
    with step as (
      insert into step_runs as s (run_id, step_id, map_key, position, status, started_at)
      select ${runId}, ${stepId}, ${mapKey}, coalesce((select position from step_runs where run_id = ${runId} and step_id = ${stepId} and map_key = ''), 0), 'running', now()
      on conflict (run_id, step_id, map_key) do update set
        status = case when s.status in ('succeeded', 'failed', 'skipped', 'cancelled') then s.status else 'running' end,
        started_at = coalesce(s.started_at, now())
      returning status
    ), lost as (
      update step_attempts set status = 'failed', finished_at = now(),
        error = ${lostError}::jsonb
      where run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey} and status = 'running' and attempt < ${attempt}
    ), attempt as (
      insert into step_attempts (run_id, step_id, map_key, attempt, status, worker, started_at)
      select ${runId}, ${stepId}, ${mapKey}, ${attempt}::int, 'running', ${worker}, now() from step
      on conflict (run_id, step_id, map_key, attempt) do nothing
    ), event as (
      insert into run_events (run_id, type, data)
      select ${runId}, 'step', ${event}::jsonb from step where status = 'running'
    )
    select 1`;
}

type Result =
  | { status: 'succeeded'; output: Json }
  | { status: 'failed' | 'cancelled'; error: ErrorInfo; final: boolean };

function finished(runId: string, stepId: string, mapKey: string, attempt: number, result: Result): QueryConfig {
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
  return sql`
    with attempt as (
      update step_attempts set status = ${result.status}, finished_at = now(), error = ${error}::jsonb
      where run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey} and attempt = ${attempt}
    ), step as (
      update step_runs set status = ${result.status}, finished_at = now(), output = ${output}::jsonb, error = ${error}::jsonb
      where ${final}::boolean and run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey}
        and status not in ('succeeded', 'failed', 'skipped', 'cancelled') and not exists (select from step_attempts a
          where a.run_id = ${runId} and a.step_id = ${stepId} and a.map_key = ${mapKey} and a.attempt > ${attempt})
      returning 1
    ), event as (
      insert into run_events (run_id, type, data)
      select ${runId}, 'step', ${event}::jsonb
      where exists (select from step) or (not ${final}::boolean and exists (select from step_runs
        where run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey} and status = 'running'))
    )
    select 1`;
}

function succeeded(
  runId: string,
  stepId: string,
  mapKey: string,
  attempt: number,
  {
    worker,
    startedAt,
    output: made,
    cachedFrom,
  }: { worker: string; startedAt: Date; output: Json; cachedFrom?: StepAddress },
): QueryConfig {
  const output = json(made);
  const from = cachedFrom ? json(cachedFrom) : null;
  const event = (status: string) => json({ stepId, mapKey, status, attempt, ...(cachedFrom ? { cachedFrom } : {}) });
  return sql`
    with step as (
      insert into step_runs as s (run_id, step_id, map_key, position, status, started_at, finished_at, output, cached_from)
      select ${runId}, ${stepId}, ${mapKey}, coalesce((select position from step_runs where run_id = ${runId} and step_id = ${stepId} and map_key = ''), 0),
        'succeeded', ${startedAt}::timestamptz, now(), ${output}::jsonb, ${from}::jsonb
      on conflict (run_id, step_id, map_key) do update set
        status = 'succeeded', started_at = coalesce(s.started_at, excluded.started_at), finished_at = now(),
        output = excluded.output, error = null, cached_from = excluded.cached_from
      where s.status not in ('succeeded', 'failed', 'skipped', 'cancelled') and not exists (select from step_attempts a
        where a.run_id = ${runId} and a.step_id = ${stepId} and a.map_key = ${mapKey} and a.attempt > ${attempt})
      returning 1
    ), lost as (
      update step_attempts set status = 'failed', finished_at = now(), error = ${lostError}::jsonb
      where run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey} and status = 'running' and attempt < ${attempt}
    ), attempt as (
      insert into step_attempts (run_id, step_id, map_key, attempt, status, worker, started_at, finished_at)
      values (${runId}, ${stepId}, ${mapKey}, ${attempt}::int, 'succeeded', ${worker}, ${startedAt}::timestamptz, now())
      on conflict (run_id, step_id, map_key, attempt) do update set status = 'succeeded', finished_at = now()
    ), event as (
      insert into run_events (run_id, type, data)
      select ${runId}, 'step', e from step, unnest(array[${event('running')}::jsonb, ${event('succeeded')}::jsonb]) as e
    )
    select 1`;
}
