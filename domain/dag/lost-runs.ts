import type { RunChange } from '../../contracts/activities.ts';
import { PerennialError } from '../../contracts/errors.ts';
import { taskQueues } from '../../contracts/names.ts';
import { type RunStatus, terminalRunStatuses, terminalStepStatuses } from '../../contracts/runs.ts';
import { workerState } from '../../contracts/workers.ts';
import type { Clock } from '../ports/clock.ts';
import type { AuditLog } from '../ports/keys.ts';
import type { TaskQueueStates } from '../ports/queues.ts';
import type { RunLauncher, RunRef, RunRepository } from '../ports/runs.ts';
import type { WorkerRegistry } from '../ports/workers.ts';

type Runs = Pick<RunRepository, 'steps' | 'apply'>;

/** Runs looked at in one round. */
const perRound = 100;
/** A workflow has to be unknown for so long, at several looks, before its run counts as lost. */
const patienceMs = 60_000;
/** Who does it, in the audit log. */
const actor = 'perennial';

export interface LostRunDeps {
  readonly runs: Runs & Pick<RunRepository, 'open' | 'get'>;
  readonly launcher: Pick<RunLauncher, 'workflowState' | 'start'>;
  readonly taskQueueStates: TaskQueueStates;
  readonly workers: Pick<WorkerRegistry, 'list'>;
  readonly audit: Pick<AuditLog, 'write'>;
  readonly clock: Clock;
}

/**
 * Ends the records of runs whose workflow cannot do it any more: somebody terminated it, the server did because it had become
 * too large, or the server has lost it (restored from nothing, kept for a shorter time than nobody looked). Without that they
 * would hold their places in the limits for ever, nobody would be told, and they could not be retried. A run that has not
 * begun is handed over again instead.
 *
 * A workflow that the server does not know counts as lost only when it was unknown for a minute and a control worker of this
 * installation works with the same server: else it is another server, or another namespace, that has it.
 *
 * @returns one round; each goes on after the last, and begins anew when all were looked at. It throws UNAVAILABLE when the
 *   server does not answer, or is not the one that the workers work with.
 */
export function lostRunSweep(deps: LostRunDeps): () => Promise<void> {
  const { runs, launcher, clock } = deps;
  let after: RunRef | undefined;
  /** Since when workflows are unknown (ms), by run and execution: as the last look at all runs found it, and as this one does. */
  let known: ReadonlyMap<string, number> = new Map();
  let unknown = new Map<string, number>();
  return async () => {
    const round = await runs.open(perRound, after?.id);
    const overdue: RunRef[] = [];
    for (const run of round) {
      const state = await launcher.workflowState(run);
      if (state === 'unknown') {
        const key = `${run.id}/${run.execution}`;
        const now = clock.now().getTime();
        const since = known.get(key) ?? now;
        unknown.set(key, since);
        if (now - since >= patienceMs) overdue.push(run);
      } else if (state !== 'open') await endUnfinished(deps, run, state);
    }
    after = round.length === perRound ? round.at(-1) : undefined;
    if (after === undefined) [known, unknown] = [unknown, new Map()];
    if (overdue.length === 0) return;
    await refuseOtherServer(deps, overdue);
    for (const run of overdue) await endUnfinished(deps, run, 'unknown');
  };
}

/** Ends a run that has begun and not ended, or hands it over again. Nothing when it has ended or was restarted meanwhile. */
async function endUnfinished(
  { runs, launcher, audit }: LostRunDeps,
  { id, execution }: RunRef,
  how: string,
): Promise<void> {
  const run = await runs.get(id);
  if (run === null || run.execution !== execution || terminalRunStatuses.has(run.status)) return;
  if (how === 'unknown' && run.status === 'queued') return launcher.start(run);
  await audit.write({ actor, action: 'run.lost', subject: id, detail: { workflow: how, status: run.status } });
  await endLostRun(runs, run, 'failed', how);
}

/** UNAVAILABLE unless a control worker that gives signs of life takes its tasks from the server that was asked. */
async function refuseOtherServer(
  { taskQueueStates, workers }: Pick<LostRunDeps, 'taskQueueStates' | 'workers'>,
  overdue: readonly RunRef[],
): Promise<void> {
  const alive = new Set((await workers.list()).filter((w) => workerState(w) === 'alive').map(({ id }) => id));
  const queues = await taskQueueStates.states();
  const isOurs = queues.some(
    ({ name, pollers }) => name === taskQueues.control && pollers.some(({ identity }) => alive.has(identity)),
  );
  if (isOurs) return;
  throw new PerennialError(
    'UNAVAILABLE',
    `Temporal does not know the workflows of ${overdue.length} runs, such as "${String(overdue[0]?.id)}", and no control worker of this installation works with it.`,
    {
      remedy:
        'Give API and workers the same TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, and let a control worker run; runs that are lost end then.',
    },
  );
}

/** Writes down the end of a run whose workflow cannot do it any more. Nothing when it has ended or was restarted meanwhile. */
export async function endLostRun(runs: Runs, run: RunRef, status: 'failed' | 'cancelled', how: string): Promise<void> {
  const steps = await runs.steps(run.id);
  const open = steps.filter((step) => !terminalStepStatuses.has(step.status));
  const changes = open.map(
    ({ stepId, mapKey }): RunChange => ({
      kind: 'step',
      stepId,
      mapKey,
      status: 'cancelled',
      reason: 'the workflow of the run ended before it',
    }),
  );
  await runs.apply(
    run.id,
    [...changes, { kind: 'run', status, ...(status === 'failed' ? { error: lostError(run, how).toInfo() } : {}) }],
    run.execution,
  );
}

function lostError({ id }: RunRef, how: string): PerennialError {
  if (how !== 'unknown') {
    return new PerennialError('WORKFLOW_LOST', `The workflow of run "${id}" ended without a word: ${how}.`, {
      remedy: 'Look at it in Temporal; `perennial runs retry` goes on with what is missing.',
    });
  }
  return new PerennialError('WORKFLOW_LOST', `Temporal has lost the workflow of run "${id}": it does not know it.`, {
    remedy:
      'What succeeded is kept: `perennial runs retry` goes on with what is missing. Look whether Temporal was restored, or keeps ended workflows for too short a time.',
  });
}

/** CONFLICT when a run was told something and has no workflow that could hear it. */
export function refuseUnheard(
  { id, status }: { readonly id: string; readonly status: RunStatus },
  heard: boolean,
): void {
  if (heard) return;
  throw new PerennialError('CONFLICT', `Run "${id}" is ${status}, but its workflow has ended.`, {
    remedy: 'Look at it again in a minute; or cancel it, and retry it then.',
  });
}
