import type { ErrorInfo } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import type { Plan, PlanStep } from './plan.ts';
import type { Priority, Progress, RunRecord, RunStatus, StepStatus } from './runs.ts';

export interface DagRunInput {
  readonly runId: string;
  readonly plan: Plan;
  readonly params: JsonObject;
  /** Above 1 for a run that goes on after a retry. */
  readonly execution?: number;
  readonly priority?: Priority;
  /** Whether steps may use the step cache. */
  readonly cache?: boolean;
}

/** What the workflow of a run is started with. */
export function dagRunInput(run: RunRecord): DagRunInput {
  const { id, plan, params, execution, priority, cache } = run;
  return { runId: id, plan, params, execution, priority, cache };
}

export interface DagRunResult {
  readonly status: RunStatus;
  readonly outputs: Readonly<Record<string, Json>>;
}

export interface StepCall {
  readonly runId: string;
  readonly pipeline: string;
  readonly step: Pick<PlanStep, 'id' | 'heartbeatMs' | 'codeVersion'>;
  readonly params: JsonObject;
  /** Outputs of the steps this one needs, by step id. A mapped need gives `{ [key]: output }`. */
  readonly inputs: Readonly<Record<string, Json>>;
  /**
   * Present for one item of a mapped step. Its `inputs` are empty and its `needs` named instead: the worker reads them
   * from the run's record, since a history that held them once per item would grow with the square of the items.
   */
  readonly item?: { readonly key: string; readonly value: Json; readonly needs: readonly string[] };
}

/** A change of state that no step attempt reports by itself. */
export type RunChange =
  | { readonly kind: 'run'; readonly status: RunStatus; readonly error?: ErrorInfo }
  | {
      readonly kind: 'step';
      readonly stepId: string;
      readonly mapKey: string;
      readonly status: StepStatus;
      readonly output?: Json;
      readonly progress?: Progress;
      readonly reason?: string;
      readonly error?: ErrorInfo;
    };

/** The activities the `dagRun` workflow calls. */
export interface DagRunActivities {
  /** Runs one attempt of one step (or one mapped item) and records it. Resolves to the step's output. */
  runStep(call: StepCall): Promise<Json>;
  /** Records changes, in order, in one transaction. Safe to repeat. */
  recordChanges(runId: string, changes: readonly RunChange[]): Promise<void>;
}
