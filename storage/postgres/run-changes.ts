import type { RunChange } from '../../contracts/activities.ts';
import { terminalRunStatuses } from '../../contracts/runs.ts';
import { type Executor, json } from './client.ts';

/** The channel on which processes hear that a run has new events; the payload is the run's id. */
export const runChannel = 'perennial_run';

const terminal: readonly string[] = [...terminalRunStatuses];

/** Adds an event of a run and wakes who watches it, when the transaction commits. */
export async function addEvent(db: Executor, runId: string, type: string, data: unknown): Promise<void> {
  await db.$queryRaw`
    with event as (insert into run_events (run_id, type, data) values (${runId}, ${type}, ${json(data)}::jsonb))
    select pg_notify(${runChannel}, ${runId})::text`;
}

/** Applies one change. A terminal status stays; a change that changes nothing leaves no event. */
export async function applyChange(db: Executor, runId: string, change: RunChange): Promise<void> {
  const { status } = change;
  const isTerminal = terminal.includes(status) || status === 'skipped';
  const error = change.error ? json(change.error) : null;
  if (change.kind === 'run') {
    const changed = await db.$executeRaw`
      update runs set status = ${status}, error = ${error}::jsonb,
        started_at = coalesce(started_at, now()),
        finished_at = case when ${isTerminal} then now() end
      where id = ${runId} and status <> ${status} and not status = any(${terminal})`;
    if (changed > 0) await addEvent(db, runId, 'run', { status, ...(change.error ? { error: change.error } : {}) });
    return;
  }
  const { stepId, mapKey } = change;
  const output = change.output === undefined ? null : json(change.output);
  const progress = change.progress ? json(change.progress) : null;
  const reason = change.reason ?? null;
  // A mapped item that never started has no row yet.
  const changed = await db.$executeRaw`
    insert into step_runs as s (run_id, step_id, map_key, position, status, started_at, finished_at, progress, output, error, reason)
    select ${runId}, ${stepId}, ${mapKey}, coalesce((select position from step_runs where run_id = ${runId} and step_id = ${stepId} and map_key = ''), 0),
      ${status}, case when ${status === 'running'} then now() end, case when ${isTerminal} then now() end,
      ${progress}::jsonb, ${output}::jsonb, ${error}::jsonb, ${reason}
    on conflict (run_id, step_id, map_key) do update set
      status = excluded.status,
      started_at = coalesce(s.started_at, excluded.started_at),
      finished_at = excluded.finished_at,
      progress = coalesce(excluded.progress, s.progress),
      output = coalesce(excluded.output, s.output),
      error = coalesce(excluded.error, s.error),
      reason = coalesce(excluded.reason, s.reason)
    where s.status not in ('succeeded', 'failed', 'skipped', 'cancelled')
      and (s.status, s.progress, s.output, s.error, s.reason) is distinct from (excluded.status,
        coalesce(excluded.progress, s.progress), coalesce(excluded.output, s.output),
        coalesce(excluded.error, s.error), coalesce(excluded.reason, s.reason))`;
  if (changed > 0) {
    await addEvent(db, runId, 'step', {
      stepId,
      mapKey,
      status,
      ...(change.error ? { error: change.error } : {}),
      ...(change.reason ? { reason: change.reason } : {}),
      ...(change.progress ? { progress: change.progress } : {}),
    });
  }
}
