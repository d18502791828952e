import type { RunChange } from '../../contracts/activities.ts';
import { PerennialError } from '../../contracts/errors.ts';
import { type RunStatus, terminalStepStatuses } from '../../contracts/runs.ts';
import type { RunLauncher, RunRef, RunRepository } from '../ports/runs.ts';

type Runs = Pick<RunRepository, 'steps' | 'apply'>;

/** Runs looked at in one round. */
const perRound = 100;

/**
 * Ends the records of runs whose workflow has ended without a word: somebody terminated it, or the server did because it
 * had become too large. Without that they would hold their places in the limits forever, and could not be retried.
 *
 * @returns one round; each goes on after the last, and begins anew when all were looked at.
 */
export function lostRunSweep(deps: {
  readonly runs: Runs & Pick<RunRepository, 'open'>;
  readonly launcher: Pick<RunLauncher, 'ended'>;
}): () => Promise<void> {
  let after: RunRef | undefined;
  return async () => {
    const round = await deps.runs.open(perRound, after?.id);
    after = round.length === perRound ? round.at(-1) : undefined;
    for (const run of round) {
      const how = await deps.launcher.ended(run);
      if (how !== null) await endLostRun(deps.runs, run, 'failed', how);
    }
  };
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
  const error = new PerennialError('INTERNAL', `The workflow of run "${run.id}" ended without a word: ${how}.`, {
    remedy: 'Look at it in Temporal; retry the run to go on with what is missing.',
  }).toInfo();
  await runs.apply(
    run.id,
    [...changes, { kind: 'run', status, ...(status === 'failed' ? { error } : {}) }],
    run.execution,
  );
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
