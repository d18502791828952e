import type { Json, JsonObject } from './json.ts';

/** Which pool of workers runs a step. `light` steps do bookkeeping only and run beside the workflow. */
export type ResourceClass = 'light' | 'cpu' | 'gpu';

/** Durations in a plan are milliseconds. */
export interface PlanRetry {
  readonly maximumAttempts: number;
  readonly initialIntervalMs: number;
  readonly backoffCoefficient: number;
  readonly maximumIntervalMs: number;
}

export interface PlanMap {
  /** CEL expression that yields the list of items, e.g. `steps.preprocess.output.markets`. */
  readonly over: string;
  /** CEL expression over `item` that names an item; default: the item itself when it is a string, else its index. */
  readonly key?: string;
  readonly concurrency: number;
  /** Share of items (0..1) that may fail before the step fails. */
  readonly toleratedFailures: number;
}

export interface PlanCache {
  /** Parameters that count; default all. */
  readonly params?: readonly string[];
  readonly maxAgeMs?: number;
}

export interface PlanStep {
  readonly id: string;
  readonly needs: readonly string[];
  readonly resource: ResourceClass;
  /** Expected peak memory in MiB; 0 = not stated. */
  readonly memoryMiB: number;
  readonly retry: PlanRetry;
  /** Longest time one attempt may take. */
  readonly timeoutMs: number;
  /** A running attempt that stays silent longer than this is taken for dead. */
  readonly heartbeatMs: number;
  /** CEL condition, evaluated when all needs have ended; the step is skipped when it is false. */
  readonly when?: string;
  /**
   * Whether the step also wants every need to have succeeded or been skipped by its own condition. False when `when`
   * reads a status itself: then the condition alone decides, so that a step can react to a failure.
   */
  readonly needsSuccess: boolean;
  readonly map?: PlanMap;
  /** Absent: the step cache is not used. */
  readonly cache?: PlanCache;
  /** The pool of which the step, or each of its items, needs a slot. */
  readonly pool?: { readonly name: string; readonly capacity: number };
  /** `continue`: a failure of this step does not fail the run. */
  readonly onFailure: 'fail' | 'continue';
  /** Hash of the step's declared version; part of lineage. */
  readonly codeVersion: string;
}

/** A compiled pipeline: plain JSON, pinned to its run, interpreted by the `dagRun` workflow. */
export interface Plan {
  readonly formatVersion: 1;
  readonly pipeline: string;
  /** sha256 over the plan without this field. */
  readonly hash: string;
  /** In an order in which every step comes after its needs. */
  readonly steps: readonly PlanStep[];
}

/** Names visible to a CEL expression of a plan. */
export interface ExpressionScope {
  readonly params: JsonObject;
  readonly steps: Readonly<Record<string, { readonly status: string; readonly output: Json }>>;
  readonly item?: Json;
}
