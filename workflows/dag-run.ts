import { CancellationScope, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { DagRunActivities, DagRunInput, DagRunResult, RunChange, RunProgress } from '../contracts/activities.ts';
import { type ErrorInfo, toErrorInfo } from '../contracts/errors.ts';
import type { PlanStep } from '../contracts/plan.ts';
import { type Pause, type RunStatus, skipReasons } from '../contracts/runs.ts';
import { type Readiness, readiness, runVerdict, type StepState } from '../domain/dag/readiness.ts';
import { admission } from './admission.ts';
import { bookkeeping } from './bookkeeping.ts';
import { executeStep } from './execute-step.ts';
import { failureOf } from './failures.ts';
import { goOnInNewWorkflow, isFull } from './long-history.ts';
import { Unfinished } from './mapped-step.ts';
import { isLarge } from './message-size.ts';
import { listenToControl, type SkipRequest } from './run-control.ts';
import { activityOptionsOf } from './step-options.ts';

/** A step under way, and what it was stopped for, if it was. */
interface Running {
  readonly scope: CancellationScope;
  readonly ended: Promise<void>;
  stopped?: { readonly kind: 'pause' } | { readonly kind: 'skip'; readonly request: SkipRequest };
}

/**
 * Interprets any plan. A step starts as soon as its needs have ended; a change of state that no attempt records by
 * itself is written by a local activity. Failed steps make the result `failed`, not an exception. People may pause,
 * resume and cancel it and skip steps; what an earlier execution did is not done again.
 */
export async function dagRun(input: DagRunInput): Promise<DagRunResult> {
  const { runId, plan, params } = input;
  const control = listenToControl(input.carried?.pause ?? undefined);
  const states = new Map<string, StepState>();
  const running = new Map<string, Running>();
  let progress: RunProgress = { steps: {}, items: {}, failed: {}, attempts: {} };
  /** Steps stopped by a pause: how far they came is in the records. */
  const interrupted = new Set<string>();
  let recordedPause: Pause | undefined;
  /** Steps that are no longer under way; tells whether one ended while something was awaited. */
  let endings = 0;
  let firstError: ErrorInfo | undefined;
  const scope = CancellationScope.current();

  const record = (...changes: RunChange[]): Promise<void> => bookkeeping.recordChanges(runId, changes, input.execution);

  const fail = (step: PlanStep, error: ErrorInfo): RunChange => {
    states.set(step.id, { status: 'failed', output: null });
    if (step.onFailure === 'fail') firstError ??= error;
    return { kind: 'step', stepId: step.id, mapKey: '', status: 'failed', error };
  };

  const skip = ({ stepId, by, reason }: SkipRequest): RunChange => {
    states.set(stepId, { status: 'skipped', output: null });
    return { kind: 'step', stepId, mapKey: '', status: 'skipped', reason: `${skipReasons.byHand}${by}: ${reason}` };
  };

  const run = async (step: PlanStep, entry: () => Running | undefined): Promise<void> => {
    const { runStep } = proxyActivities<DagRunActivities>(activityOptionsOf(step, input));
    try {
      const output = await executeStep({ input, step, states, progress, control, runStep, record });
      states.set(step.id, { status: 'succeeded', output });
    } catch (error) {
      const info = failureOf(error, step.id);
      const stopped = entry()?.stopped;
      if (error instanceof Unfinished) return;
      if (!isCancellation(error)) {
        await record(fail(step, info));
      } else if (stopped && !scope.consideredCancelled) {
        const isPause = stopped.kind === 'pause';
        const reset: RunChange = {
          kind: 'reset',
          stepId: step.id,
          reason: 'stopped; goes on when the run does',
          // Its attempt may have written down its success and died before it could tell.
          ...(isPause ? { keepsSuccess: true } : {}),
        };
        if (isPause) interrupted.add(step.id);
        await record(reset, ...(stopped.kind === 'skip' ? [skip(stopped.request)] : []));
      } else {
        states.set(step.id, { status: 'cancelled', output: null });
        await record({ kind: 'step', stepId: step.id, mapKey: '', status: 'cancelled', error: info });
      }
    } finally {
      running.delete(step.id);
      endings += 1;
    }
  };

  const start = (step: PlanStep): void => {
    const own = new CancellationScope();
    running.set(step.id, { scope: own, ended: own.run(() => run(step, () => running.get(step.id))) });
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
        start(step);
      } else if (decision.kind === 'skip') {
        states.set(step.id, { status: 'skipped', output: null, blocked: decision.blocked });
        changes.push({ kind: 'step', stepId: step.id, mapKey: '', status: 'skipped', reason: decision.reason });
      } else if (decision.kind === 'fail') {
        changes.push(fail(step, decision.error));
      }
    }
    return changes;
  };

  const stop = (stepId: string, stopped: NonNullable<Running['stopped']>): void => {
    const entry = running.get(stepId);
    if (!entry || entry.stopped) return;
    entry.stopped = stopped;
    entry.scope.cancel();
  };

  /** Does what people asked for since the last time. */
  const obey = (): RunChange[] => {
    const changes: RunChange[] = [];
    for (const request of control.takeSkips()) {
      if (running.has(request.stepId)) stop(request.stepId, { kind: 'skip', request });
      else if (!states.has(request.stepId) && plan.steps.some(({ id }) => id === request.stepId))
        changes.push(skip(request));
    }
    const { paused } = control;
    if (paused?.mode === 'checkpoint') for (const id of running.keys()) stop(id, { kind: 'pause' });
    if (paused !== recordedPause) {
      changes.push(paused ? { kind: 'run', status: 'paused', pause: paused } : { kind: 'run', status: 'running' });
      recordedPause = paused;
    }
    return changes;
  };

  const load = async (): Promise<void> => {
    progress = await bookkeeping.loadProgress(runId);
    for (const [id, state] of Object.entries(progress.steps)) if (!states.has(id)) states.set(id, state);
  };

  const interpret = async (): Promise<void> => {
    for (;;) {
      const { changed } = control;
      const seen = endings;
      const changes = obey();
      const isHeld = scope.consideredCancelled || control.paused !== undefined;
      if (!isHeld && interrupted.size > 0) {
        interrupted.clear();
        await load();
      }
      if (!isHeld && !isFull()) changes.push(...startReady());
      if (changes.length > 0) await record(...changes);
      if (endings !== seen) continue;
      const isWaiting = control.paused !== undefined && !scope.consideredCancelled && states.size < plan.steps.length;
      const isOld = running.size === 0 && isFull() && !scope.consideredCancelled && control.changed === changed;
      if (isOld) await goOnInNewWorkflow(input, states, control.paused, firstError);
      if (running.size === 0 && !isWaiting) break;
      const events = [...running.values()].map(({ ended }) => ended);
      await Promise.race(running.size > 0 ? [...events, changed] : [changed, cancelled(scope)]);
    }
  };

  const { carried } = input;
  firstError = carried?.error ?? undefined;
  recordedPause = carried?.pause ?? undefined;
  if (input.execution === undefined) await record({ kind: 'run', status: 'running' });
  const isAdmitted = carried || input.execution === undefined || (await admission(runId, control, record));
  if (input.resumes) await load();
  for (const { stepId, status, blocked } of carried?.ended ?? [])
    states.set(stepId, { status, output: states.get(stepId)?.output ?? null, blocked });
  if (isAdmitted) await interpret();

  const unstarted = plan.steps.filter((step) => !states.has(step.id));
  const isCancelled = unstarted.length > 0 || [...states.values()].some((state) => state.status === 'cancelled');
  const status: RunStatus = isCancelled ? 'cancelled' : runVerdict(plan, states);
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
  const outputs = Object.fromEntries([...states].map(([id, { output }]) => [id, output]));
  return { status, outputs: isLarge(outputs) ? {} : outputs };
}

/** Resolves when the scope is cancelled. */
function cancelled(scope: CancellationScope): Promise<void> {
  return scope.cancelRequested.then(
    () => undefined,
    () => undefined,
  );
}
