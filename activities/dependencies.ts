import type { StepCall } from '../contracts/activities.ts';
import type { Json } from '../contracts/json.ts';
import type { AnyPipeline } from '../domain/dag/definition.ts';
import type { Admission } from '../domain/ports/admission.ts';
import type { RunLauncher, RunRepository } from '../domain/ports/runs.ts';
import type { StepCache } from '../domain/ports/step-cache.ts';
import type { StepServices } from '../domain/ports/step-context.ts';
import type { MemoryBudget } from './memory-budget.ts';
import type { Reporter } from './reporter.ts';

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
  /** What steps wait for before they run; default: nothing. */
  readonly memory?: MemoryBudget;
  /** Folder for the steps' scratch folders. */
  readonly scratch: string;
}
