import type { Json } from '../../contracts/json.ts';
import type { ExpressionScope, Plan, PlanStep } from '../../contracts/plan.ts';
import { type StepStatus, skipReasons } from '../../contracts/runs.ts';
import { evaluateCondition } from './conditions.ts';

/** Where a step stands, as the interpreter keeps it. */
export interface StepState {
  readonly status: StepStatus;
  readonly output: Json;
  /** Skipped because a step before it failed, not by its own condition. */
  readonly blocked?: boolean;
}

export type Readiness =
  | { readonly kind: 'wait' }
  | { readonly kind: 'run' }
  | { readonly kind: 'skip'; readonly reason: string; readonly blocked: boolean };

const ended: ReadonlySet<StepStatus> = new Set(['succeeded', 'failed', 'skipped', 'cancelled']);

/**
 * Whether a step can start. It waits until all its needs have ended. Then, unless its condition reads a status itself,
 * a need that failed or was blocked blocks it too; a need skipped by its own condition does not. Last, `when` decides.
 *
 * @throws EXPRESSION_INVALID when the condition cannot be evaluated.
 */
export function readiness(
  step: PlanStep,
  states: ReadonlyMap<string, StepState>,
  params: ExpressionScope['params'],
): Readiness {
  const needs = step.needs.map((id) => [id, states.get(id)] as const);
  if (needs.some(([, state]) => !state || !ended.has(state.status))) return { kind: 'wait' };
  const bad = needs.find(([, state]) => state?.status === 'failed' || state?.status === 'cancelled' || state?.blocked);
  if (step.needsSuccess && bad) {
    const [id, state] = bad;
    const why = state?.status === 'skipped' ? 'could not run' : state?.status;
    return { kind: 'skip', reason: `${skipReasons.blocked}${id}", which ${why}`, blocked: true };
  }
  if (step.when !== undefined && !evaluateCondition(step.when, scopeOf(states, params))) {
    return { kind: 'skip', reason: `its condition was false: ${step.when}`, blocked: false };
  }
  return { kind: 'run' };
}

/** What expressions see: every step so far, with status and output. */
export function scopeOf(states: ReadonlyMap<string, StepState>, params: ExpressionScope['params']): ExpressionScope {
  return {
    params,
    steps: Object.fromEntries([...states].map(([id, { status, output }]) => [id, { status, output }])),
  };
}

/** How a run ended, from the end states of its steps: a failure counts unless its step says `onFailure: continue`. */
export function runVerdict(plan: Plan, states: ReadonlyMap<string, StepState>): 'succeeded' | 'failed' {
  return plan.steps.some((step) => step.onFailure === 'fail' && states.get(step.id)?.status === 'failed')
    ? 'failed'
    : 'succeeded';
}
