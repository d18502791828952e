import type { RunChange } from '../../contracts/activities.ts';
import type { ErrorInfo } from '../../contracts/errors.ts';
import { terminalRunStatuses } from '../../contracts/runs.ts';
import { type Executor, json } from './client.ts';
import { addRunEnded } from './inner-events.ts';

const goneError: ErrorInfo = {
  code: 'CANCELLED',
  message: 'The step was cancelled; the attempt never said how it ended.',
};

const terminal: readonly string[] = [...terminalRunStatuses];

/** Adds an event of a run; whoever commits the transaction tells it. */
export async function addEvent(db: Executor, runId: string, type: string, data: unknown): Promise<void> {
  await db.$executeRaw`insert into run_events (run_id, type, data) values (${runId}, ${type}, ${json(data)}::jsonb)`;
}

/** Whether the run is still in this execution; it stays so until the transaction ends. */
export async function isCurrent(db: Executor, runId: string, execution: number): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    select id from runs where id = ${runId} and execution = ${execution} for no key update`;
  return rows.length > 0;
}

/** Applies one change. A terminal status stays; a change that changes nothing leaves no event. */
export async function applyChange(db: Executor, runId: string, change: RunChange): Promise<void> {
  if (change.kind === 'run') await applyRunChange(db, runId, change);
  else if (change.kind === 'reset')
    await resetStep(db, runId, change.stepId, change.reason, change.keepsSuccess ? 'not-succeeded' : 'failed');
  else await applyStepChange(db, runId, change);
}

type RunStatusChange = Extract<RunChange, { kind: 'run' }>;
type StepChange = Extract<RunChange, { kind: 'step' }>;

async function applyRunChange(db: Executor, runId: string, { status, error, pause }: RunStatusChange): Promise<void> {
  const changed = await db.$executeRaw`
    update runs set status = ${status}, error = ${error ? json(error) : null}::jsonb, pause = ${pause ? json(pause) : null}::jsonb,
      started_at = case when ${['queued', 'paused', 'cancelled'].includes(status)} then started_at else coalesce(started_at, now()) end,
      finished_at = case when ${terminal.includes(status)} then now() end
    where id = ${runId} and not status = any(${terminal})
      and (status <> ${status} or (status = 'paused' and pause is distinct from ${pause ? json(pause) : null}::jsonb))`;
  if (changed === 0) return;
  await addEvent(db, runId, 'run', { status, ...(error ? { error } : {}), ...(pause ? { pause } : {}) });
  if (terminal.includes(status)) await addRunEnded(db, runId);
}

/** Makes a step pending again; of its items those that did not succeed, or all. With `not-succeeded` it stays itself when it has succeeded. Attempts stay. */
export async function resetStep(
  db: Executor,
  runId: string,
  stepId: string,
  reason: string,
  which: 'failed' | 'all' | 'not-succeeded',
): Promise<void> {
  const changed = await db.$executeRaw`
    update step_runs set status = 'pending', started_at = null, finished_at = null, progress = null, output = null,
      error = null, reason = null, cached_from = null
    where run_id = ${runId} and step_id = ${stepId} and status <> 'pending'
      and (status <> 'succeeded' or ${which === 'all'} or (map_key = '' and ${which === 'failed'}))`;
  if (changed > 0) await addEvent(db, runId, 'step', { stepId, mapKey: '', status: 'pending', reason });
}

async function applyStepChange(db: Executor, runId: string, change: StepChange): Promise<void> {
  const { status, stepId, mapKey } = change;
  const isTerminal = terminal.includes(status) || status === 'skipped';
  const error = change.error ? json(change.error) : null;
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
    // An attempt that died with its workflow never says how it ended.
    if (status === 'cancelled') {
      await db.$executeRaw`
        update step_attempts set status = 'cancelled', finished_at = now(), error = ${json(goneError)}::jsonb
        where run_id = ${runId} and step_id = ${stepId} and map_key = ${mapKey} and status = 'running'`;
    }
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
