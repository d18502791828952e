import { CancellationScope, isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { DagRunActivities, DagRunInput, DagRunResult, RunChange, StepCall } from '../contracts/activities.ts';
import { type ErrorInfo, toErrorInfo } from '../contracts/errors.ts';
import type { Json } from '../contracts/json.ts';
import type { PlanStep } from '../contracts/plan.ts';
import type { RunStatus } from '../contracts/runs.ts';
import { type Readiness, readiness, runVerdict, type StepState } from '../domain/dag/readiness.ts';
import { failureOf } from './failures.ts';
import { runMappedStep } from './mapped-step.ts';
import { activityOptionsOf } from './step-options.ts';

// Bookkeeping must outlast an outage of PostgreSQL, so it is tried without an end.
const { recordChanges } = proxyLocalActivities<DagRunActivities>({
  startToCloseTimeout: '30s',
  localRetryThreshold: '1m',
  retry: { initialInterval: '100ms', maximumInterval: '5s' },
});

/**
 * Interprets any plan. A step starts as soon as its needs have ended; a change of state that no attempt records by
 * itself is written by a local activity. Failed steps make the result `failed`, not an exception.
 */
export async function dagRun(input: DagRunInput): Promise<DagRunResult> {
  const { runId, plan, params } = input;
  const states = new Map<string, StepState>();
  const running = new Map<string, Promise<void>>();
  let firstError: ErrorInfo | undefined;

  // Also after a cancellation: what happened is written down.
  const record = (...changes: RunChange[]): Promise<void> =>
    CancellationScope.nonCancellable(() => recordChanges(runId, changes));

  const fail = (step: PlanStep, error: ErrorInfo): RunChange => {
    states.set(step.id, { status: 'failed', output: null });
    if (step.onFailure === 'fail') firstError ??= error;
    return { kind: 'step', stepId: step.id, mapKey: '', status: 'failed', error };
  };

  const run = async (step: PlanStep): Promise<void> => {
    const call: Omit<StepCall, 'item'> = {
      runId,
      pipeline: plan.pipeline,
      step: { id: step.id, heartbeatMs: step.heartbeatMs, codeVersion: step.codeVersion },
      params,
      inputs: Object.fromEntries(step.needs.map((id) => [id, states.get(id)?.output ?? null])),
    };
    const { runStep } = proxyActivities<DagRunActivities>(activityOptionsOf(step));
    try {
      const output: Json = step.map
        ? await runMappedStep({ step, map: step.map, call, states, params, runOne: runStep, record })
        : await runStep(call);
      states.set(step.id, { status: 'succeeded', output });
    } catch (error) {
      const info = failureOf(error, step.id);
      if (isCancellation(error)) {
        states.set(step.id, { status: 'cancelled', output: null });
        await record({ kind: 'step', stepId: step.id, mapKey: '', status: 'cancelled', error: info });
      } else {
        await record(fail(step, info));
      }
    } finally {
      running.delete(step.id);
    }
  };

  const decide = (step: PlanStep): Readiness | { readonly kind: 'fail'; readonly error: ErrorInfo } => {
    try {
      return readiness(step, states, params);
    } catch (error) {
      return { kind: 'fail', error: toErrorInfo(error) };
    }
  };

  /** Starts every step that can start. Plan order puts needs first, so one pass settles whole chains of skips. */
  const startReady = (): RunChange[] => {
    const changes: RunChange[] = [];
    for (const step of plan.steps) {
      if (states.has(step.id) || running.has(step.id)) continue;
      const decision = decide(step);
      if (decision.kind === 'run') {
        running.set(step.id, run(step));
      } else if (decision.kind === 'skip') {
        states.set(step.id, { status: 'skipped', output: null, blocked: decision.blocked });
        changes.push({ kind: 'step', stepId: step.id, mapKey: '', status: 'skipped', reason: decision.reason });
      } else if (decision.kind === 'fail') {
        changes.push(fail(step, decision.error));
      }
    }
    return changes;
  };

  const scope = CancellationScope.current();
  await record({ kind: 'run', status: 'running' });
  for (;;) {
    const changes = scope.consideredCancelled ? [] : startReady();
    if (changes.length > 0) await record(...changes);
    if (running.size === 0) break;
    await Promise.race(running.values());
  }

  const unstarted = plan.steps.filter((step) => !states.has(step.id));
  const cancelled = unstarted.length > 0 || [...states.values()].some((state) => state.status === 'cancelled');
  const status: RunStatus = cancelled ? 'cancelled' : runVerdict(plan, states);
  await record(
    ...unstarted.map(
      ({ id }): RunChange => ({
        kind: 'step',
        stepId: id,
        mapKey: '',
        status: 'cancelled',
        reason: 'the run was cancelled before it',
      }),
    ),
    { kind: 'run', status, ...(status === 'failed' && firstError ? { error: firstError } : {}) },
  );
  return { status, outputs: Object.fromEntries([...states].map(([id, { output }]) => [id, output])) };
}
