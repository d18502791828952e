import type { DagRunActivities, RunChange } from '../contracts/activities.ts';
import { PerennialError } from '../contracts/errors.ts';
import { terminalRunStatuses } from '../contracts/runs.ts';
import type { Granted } from '../domain/ports/admission.ts';
import type { RunLauncher } from '../domain/ports/runs.ts';
import { redactError } from '../telemetry/redact.ts';
import type { DagRunActivityDeps } from './dependencies.ts';
import { createInputReader } from './inputs.ts';
import { runStep } from './run-step.ts';

/** The activities of `dagRun`. */
export function createDagRunActivities(deps: DagRunActivityDeps): DagRunActivities {
  const { runs, admission } = deps;
  const inputsOf = createInputReader(runs);
  const wake = (granted: Granted) => wakeGranted(deps.launcher, granted);
  return {
    runStep: (call) => runStep(deps, inputsOf, call),
    async recordChanges(runId, changes, execution) {
      await runs.apply(runId, changes.map(withoutSecrets), execution);
      const ends = changes.some((change) => change.kind === 'run' && terminalRunStatuses.has(change.status));
      if (ends) await wake(await admission.next());
    },
    async admitRun(runId) {
      const { admitted, granted } = await admission.admit(runId);
      await wake(granted);
      return admitted;
    },
    loadProgress: (runId) => runs.loadProgress(runId),
    async acquireSlot(claim) {
      const { acquired, granted } = await admission.acquire(claim);
      await wake(granted);
      return acquired;
    },
    async releaseSlot(step) {
      await wake(await admission.release(step));
    },
  };
}

/** A change whose error is stored and shown. */
function withoutSecrets(change: RunChange): RunChange {
  return 'error' in change && change.error ? { ...change, error: redactError(change.error) } : change;
}

/** Tells who was let in. What does not arrive because Temporal is away is told again by the sweep, or asked for. */
export async function wakeGranted(
  launcher: Pick<RunLauncher, 'admitted' | 'slotsGranted'>,
  { runs, slots }: Granted,
): Promise<void> {
  try {
    await launcher.admitted(runs);
    await launcher.slotsGranted(slots);
  } catch (error) {
    if (!(error instanceof PerennialError && error.code === 'UNAVAILABLE')) throw error;
  }
}
