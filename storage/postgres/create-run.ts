import { isDeepStrictEqual } from 'node:util';
import { PerennialError } from '../../contracts/errors.ts';
import type { RunRecord } from '../../contracts/runs.ts';
import type { NewRun } from '../../domain/ports/runs.ts';
import { activeTraceparent } from '../../telemetry/tracing.ts';
import { type Connection, json, sql } from './client.ts';
import type { Run } from './generated/client.ts';
import { toRun } from './run-rows.ts';

/** Stores a run with its steps, in one statement: a request that starts a run waits for it. */
export async function createRun(
  { prisma, pool }: Connection,
  run: NewRun,
): Promise<{ run: RunRecord; created: boolean }> {
  const { id, pipeline, params, plan, trigger, idempotencyKey, reuse = [] } = run;
  const { priority = 3, limits = {}, partition = null, cache = true, parentId = null, backfillId = null } = run;
  const traceparent = run.traceparent ?? activeTraceparent() ?? null;
  const steps = plan.steps.map((step) => step.id);
  const { rows } = await pool.query<Run>(sql`
    with run as (
      insert into runs (id, pipeline, status, params, plan, trigger, idempotency_key, priority, limits, partition, cache,
        parent_id, backfill_id, traceparent)
      values (${id}, ${pipeline}, 'queued', ${json(params)}::jsonb, ${json(plan)}::jsonb, ${json(trigger)}::jsonb,
        ${idempotencyKey}, ${priority}, ${json(limits)}::jsonb, ${partition}, ${cache}, ${parentId}, ${backfillId}, ${traceparent})
      on conflict do nothing
      returning *
    ), step as (
      select s as id, (n - 1)::int as position from run, unnest(${steps}::text[]) with ordinality as t(s, n)
    ), fresh as (
      insert into step_runs (run_id, step_id, map_key, position, status)
      select ${id}, id, '', position, 'pending' from step where not id = any(${reuse}::text[])
    ), reused as (
      insert into step_runs (run_id, step_id, map_key, position, status, started_at, finished_at, progress, metrics, output, reason, cached_from)
      select ${id}, s.step_id, s.map_key, step.position, s.status, s.started_at, s.finished_at, s.progress, s.metrics, s.output, s.reason,
        coalesce(s.cached_from, jsonb_build_object('runId', s.run_id, 'stepId', s.step_id, 'mapKey', s.map_key))
      from step join step_runs s on s.run_id = ${parentId} and s.step_id = step.id
      where step.id = any(${reuse}::text[])
    ), event as (
      insert into run_events (run_id, type, data) select ${id}, 'run', '{"status":"queued"}'::jsonb from run
    )
    select id, pipeline, status, params, plan, trigger, idempotency_key as "idempotencyKey", created_at as "createdAt",
      started_at as "startedAt", finished_at as "finishedAt", error, execution, priority, limits, partition, cache,
      admitted_at as "admittedAt", parent_id as "parentId", backfill_id as "backfillId", pause, traceparent
    from run`);
  if (rows[0]) return { run: toRun(rows[0]), created: true };
  const earlier = await prisma.run.findFirst({
    where: idempotencyKey === null ? { id } : { pipeline, idempotencyKey },
  });
  if (!earlier) throw new PerennialError('CONFLICT', `The run id "${id}" is taken.`, { remedy: 'Use a fresh id.' });
  if (!isDeepStrictEqual(earlier.params, params)) {
    throw new PerennialError(
      'IDEMPOTENCY_CONFLICT',
      `The idempotency key "${idempotencyKey}" was used for run ${earlier.id} with other parameters.`,
      { remedy: 'Use a new key for a new request, or the same parameters.' },
    );
  }
  return { run: toRun(earlier), created: false };
}
