import { PerennialError } from '../../../contracts/errors.ts';
import { type RunRecord, terminalRunStatuses } from '../../../contracts/runs.ts';
import { launch } from '../../../domain/dag/index.ts';
import { checkSteps, stepsToRestart } from '../../../domain/dag/restart.ts';
import type { AppDependencies } from '../../dependencies.ts';

export interface RetryRequest {
  readonly by: string;
  readonly from?: readonly string[];
  readonly skip?: readonly { readonly step: string; readonly reason: string }[];
  readonly cache?: boolean;
}

/** Makes an ended run go on; see {@link stepsToRestart} for what runs again. */
export async function retryRun(
  { runs, launcher, audit }: AppDependencies,
  run: RunRecord,
  { by, from, skip = [], cache }: RetryRequest,
): Promise<RunRecord> {
  if (!terminalRunStatuses.has(run.status)) {
    throw new PerennialError('CONFLICT', `Run "${run.id}" is ${run.status}: there is nothing to retry yet.`, {
      remedy: 'Wait for its end, or cancel it.',
    });
  }
  const skipped = skip.map(({ step }) => step);
  checkSteps(run.plan, 'skip', skipped);
  const reset = stepsToRestart(run, await runs.steps(run.id), from);
  const stays = skipped.find((id) => !reset.some(({ stepId }) => stepId === id));
  if (stays !== undefined) {
    throw new PerennialError('CONFLICT', `skip: step "${stays}" would not run again.`, { remedy: 'Leave it out.' });
  }
  await audit.write({
    actor: by,
    action: 'run.retry',
    subject: run.id,
    detail: { from: [...(from ?? [])], skip: skipped },
  });
  const restarted = await runs.restart(run.id, {
    execution: run.execution,
    reset,
    skip: skip.map(({ step, reason }) => ({ stepId: step, reason })),
    by,
    ...(cache === undefined ? {} : { cache }),
  });
  await launch(launcher, restarted);
  return restarted;
}
