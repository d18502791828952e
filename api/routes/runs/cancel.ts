import type { RunRecord } from '../../../contracts/runs.ts';
import { endLostRun } from '../../../domain/dag/lost-runs.ts';
import type { AppDependencies } from '../../dependencies.ts';

/** Asks a run to stop. One whose workflow is gone is ended here, so that nothing stays that cannot be stopped. */
export async function cancelRun(
  { runs, launcher, audit }: Pick<AppDependencies, 'runs' | 'launcher' | 'audit'>,
  run: RunRecord,
  by: string,
): Promise<void> {
  await audit.write({ actor: by, action: 'run.cancel', subject: run.id, detail: {} });
  if (!(await launcher.cancel(run))) await endLostRun(runs, run, 'cancelled', 'it was cancelled without one');
}
