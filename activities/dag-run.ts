import type { DagRunActivities, StepCall } from '../contracts/activities.ts';
import { PerennialError } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import { terminalRunStatuses } from '../contracts/runs.ts';
import type { AnyPipeline } from '../domain/dag/definition.ts';
import type { Admission, Granted } from '../domain/ports/admission.ts';
import type { RunLauncher, RunRepository } from '../domain/ports/runs.ts';
import type { StepCache } from '../domain/ports/step-cache.ts';
import type { StepServices } from '../domain/ports/step-context.ts';
import { createInputReader } from './inputs.ts';
import type { Reporter } from './reporter.ts';
import { runStep } from './run-step.ts';

/** Runs one attempt in a process of its own; resolves to the output. */
export type ProcessRunner = (call: StepCall, attempt: number, reporter: Reporter, signal: AbortSignal) => Promise<Json>;

export interface DagRunActivityDeps {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly runs: RunRepository;
  readonly admission: Admission;
  readonly cache: StepCache;
  /** Wakes runs and steps that may go on. */
  readonly launcher: Pick<RunLauncher, 'admitted' | 'slotsGranted'>;
  readonly services: StepServices;
  readonly runInProcess: ProcessRunner;
  /** Shown with every attempt, e.g. `cpu@host:1234`. */
  readonly worker: string;
  /** Folder for the steps' scratch folders. */
  readonly scratch: string;
}

/** The activities of `dagRun`. */
export function createDagRunActivities(deps: DagRunActivityDeps): DagRunActivities {
  const { runs, admission } = deps;
  const inputsOf = createInputReader(runs);
  const wake = (granted: Granted) => wakeGranted(deps.launcher, granted);
  return {
    runStep: (call) => runStep(deps, inputsOf, call),
    async recordChanges(runId, changes) {
      await runs.apply(runId, changes);
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
