import type { ErrorInfo } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import type { Plan, PlanCache, PlanStep } from './plan.ts';
import type { Pause, Priority, Progress, RunRecord, RunStatus, StepAddress, StepStatus } from './runs.ts';

export interface DagRunInput {
  readonly runId: string;
  readonly plan: Plan;
  readonly params: JsonObject;
  /** 1, and one more with every retry. Absent: started by a version that knew no limits. */
  readonly execution?: number;
  readonly priority?: Priority;
  /** Whether steps may use the step cache. */
  readonly cache?: boolean;
  /** Whether there are outputs of an earlier execution, or of the run that this one goes on from. */
  readonly resumes?: boolean;
  /** Where its trace goes on from; absent: nobody traces it. */
  readonly traceparent?: string;
  /** Present when the workflow goes on in a new one because its history had become long. */
  readonly carried?: Carried;
}

/** What a run's workflow knows that its records do not tell. */
export interface Carried {
  /** Steps that have ended, without outputs. */
  readonly ended: readonly { readonly stepId: string; readonly status: StepStatus; readonly blocked: boolean }[];
  readonly error: ErrorInfo | null;
  readonly pause: Pause | null;
  /** When the first workflow of this execution began, milliseconds since 1970. */
  readonly beganAt: number;
}

/** What the workflow of a run is started with. */
export function dagRunInput(run: RunRecord): DagRunInput {
  const { id, plan, params, execution, priority, cache, traceparent } = run;
  return {
    runId: id,
    ...{ plan, params, execution, priority, cache },
    resumes: execution > 1 || run.parentId !== null,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** What of a run is done already. */
export interface RunProgress {
  /** Steps that have ended well and are not run again. */
  readonly steps: Readonly<Record<string, { readonly status: 'succeeded' | 'skipped'; readonly output: Json }>>;
  /** Outputs of the items of mapped steps that succeeded, by step and key. */
  readonly items: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /** Why items of mapped steps failed in this execution, by step and key. */
  readonly failed: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Attempts made of each step so far; of a mapped step the most of any item. */
  readonly attempts: Readonly<Record<string, number>>;
}

export interface DagRunResult {
  readonly status: RunStatus;
  /** By step; none when they are more than a message may hold. */
  readonly outputs: Readonly<Record<string, Json>>;
}

export interface StepCall {
  readonly runId: string;
  readonly pipeline: string;
  readonly step: Pick<PlanStep, 'id' | 'heartbeatMs' | 'codeVersion'>;
  /** Attempts made before this execution of the step; default 0. */
  readonly attemptBase?: number;
  /** Absent: the step cache is not used. */
  readonly cache?: PlanCache;
  readonly params: JsonObject;
  /** Outputs of the steps this one needs, by step id. A mapped need gives `{ [key]: output }`. Empty when `needs` is there. */
  readonly inputs: Readonly<Record<string, Json>>;
  /** Steps whose outputs the worker reads from the run's record: together they are more than a message may hold. */
  readonly needs?: readonly string[];
  /**
   * Present for one item of a mapped step. Its `inputs` are empty and its `needs` named instead: the worker reads them
   * from the run's record, since a history that held them once per item would grow with the square of the items.
   */
  readonly item?: { readonly key: string; readonly value: Json; readonly needs: readonly string[] };
}

/** A change of state that no step attempt reports by itself. */
export type RunChange =
  | { readonly kind: 'run'; readonly status: RunStatus; readonly error?: ErrorInfo; readonly pause?: Pause }
  /** A step that was stopped goes back to pending, with its items that did not succeed. */
  | {
      readonly kind: 'reset';
      readonly stepId: string;
      readonly reason: string;
      /** Leaves a step alone that has succeeded. */
      readonly keepsSuccess?: boolean;
    }
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
  /**
   * Records changes of an execution, in order, in one transaction. Safe to repeat, also when the run has been restarted
   * meanwhile: then they change nothing. The end of a run lets in who waited for it.
   *
   * @param execution absent in workflows begun before there were several.
   */
  recordChanges(runId: string, changes: readonly RunChange[], execution?: number): Promise<void>;
  /** Whether the limits let the run start; it is `running` then. Otherwise it is signalled when they do. */
  admitRun(runId: string): Promise<boolean>;
  loadProgress(runId: string): Promise<RunProgress>;
  /** Whether a slot is free; otherwise the run is signalled when one is. */
  acquireSlot(claim: SlotClaim): Promise<boolean>;
  /** Gives a slot of an execution, or the place in the queue for one, back. Safe to repeat, as the record is. */
  releaseSlot(slot: Slot): Promise<void>;
}

/** The slot of a step, or its place in the queue for one. */
export interface Slot extends StepAddress {
  /** Whose it is; absent in workflows begun before runs had several. */
  readonly execution?: number;
}

export interface SlotClaim extends Slot {
  readonly pool: string;
  /** Slots of the pool, unless set otherwise at run time. */
  readonly capacity: number;
  readonly priority: number;
}
