import type { RunProgress } from '../../contracts/activities.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { type RunStatus, skipReasons, terminalRunStatuses } from '../../contracts/runs.ts';
import type { Restart } from '../../domain/ports/runs.ts';
import { activeTraceparent } from '../../telemetry/tracing.ts';
import { type Connection, type PrismaClient, sql } from './client.ts';
import { addEvent, applyChange, resetStep } from './run-changes.ts';
import { toRun } from './run-rows.ts';

/** Makes an ended run queued again; see the port. */
export function restartRun(db: PrismaClient, runId: string, { execution, reset, skip, by, cache }: Restart) {
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`select id from runs where id = ${runId} for update`;
    const run = await tx.run.findUnique({ where: { id: runId } });
    if (!run || run.execution !== execution || !terminalRunStatuses.has(run.status as RunStatus)) {
      throw new PerennialError('CONFLICT', `Run "${runId}" goes on already.`, { remedy: 'Look at it again.' });
    }
    for (const { stepId, items } of reset) await resetStep(tx, runId, stepId, `runs again, asked by ${by}`, items);
    for (const { stepId, reason } of skip) {
      await applyChange(tx, runId, {
        kind: 'step',
        stepId,
        mapKey: '',
        status: 'skipped',
        reason: `${skipReasons.byHand}${by}: ${reason}`,
      });
    }
    await tx.$executeRaw`
      update runs set status = 'queued', execution = execution + 1, started_at = null, finished_at = null,
        admitted_at = null, launched_at = null, error = null, pause = null, cache = coalesce(${cache ?? null}::boolean, cache),
        traceparent = coalesce(${activeTraceparent() ?? null}, traceparent)
      where id = ${runId}`;
    // Left behind where the workflow of the last execution was ended from outside.
    await tx.$executeRaw`delete from slots where run_id = ${runId}`;
    await addEvent(tx, runId, 'run', { status: 'queued', execution: execution + 1, by });
    return toRun(await tx.run.findUniqueOrThrow({ where: { id: runId } }));
  });
}

/** What of a run is done already; see the contract. */
export async function loadProgress({ pool }: Connection, runId: string): Promise<RunProgress> {
  interface Row {
    readonly step_id: string;
    readonly map_key: string;
    readonly status: string;
    readonly output: Json;
    readonly error: { readonly message: string } | null;
    readonly attempts: number;
  }
  const { rows } = await pool.query<Row>(sql`
    select step_id, map_key, status, output, error, coalesce((select max(attempt) from step_attempts a
      where a.run_id = s.run_id and a.step_id = s.step_id and a.map_key = s.map_key), 0)::int as attempts
    from step_runs s where run_id = ${runId}`);
  const steps: Record<string, RunProgress['steps'][string]> = {};
  const items: Record<string, Record<string, Json>> = {};
  const failed: Record<string, Record<string, string>> = {};
  const attempts: Record<string, number> = {};
  for (const row of rows) {
    attempts[row.step_id] = Math.max(attempts[row.step_id] ?? 0, row.attempts);
    if (row.map_key === '') {
      if (row.status === 'succeeded' || row.status === 'skipped')
        steps[row.step_id] = { status: row.status, output: row.output };
    } else if (row.status === 'succeeded') {
      entriesOf(items, row.step_id)[row.map_key] = row.output;
    } else if (row.status === 'failed') {
      entriesOf(failed, row.step_id)[row.map_key] = row.error?.message ?? '';
    }
  }
  return { steps, items, failed, attempts };
}

function entriesOf<T>(byStep: Record<string, Record<string, T>>, stepId: string): Record<string, T> {
  byStep[stepId] ??= {};
  return byStep[stepId];
}
