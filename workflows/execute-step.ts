import type { DagRunActivities, DagRunInput, RunChange, RunProgress, StepCall } from '../contracts/activities.ts';
import type { Json } from '../contracts/json.ts';
import type { PlanStep } from '../contracts/plan.ts';
import type { StepState } from '../domain/dag/readiness.ts';
import { isFull } from './long-history.ts';
import { runMappedStep } from './mapped-step.ts';
import { isLarge } from './message-size.ts';
import type { RunControl } from './run-control.ts';
import { withSlot } from './slots.ts';
import { agedPriority } from './step-options.ts';

interface StepExecution {
  readonly input: DagRunInput;
  readonly step: PlanStep;
  readonly states: ReadonlyMap<string, StepState>;
  readonly progress: RunProgress;
  readonly control: RunControl;
  readonly runStep: DagRunActivities['runStep'];
  readonly record: (...changes: RunChange[]) => Promise<void>;
}

/** Runs a step, or all items of a mapped one, each in a slot of its pool if it has one. @returns its output. */
export function executeStep({ input, step, states, progress, control, runStep, record }: StepExecution): Promise<Json> {
  const { runId, plan, params } = input;
  const attemptBase = progress.attempts[step.id] ?? 0;
  const inputs = Object.fromEntries(step.needs.map((id) => [id, states.get(id)?.output ?? null]));
  const call: Omit<StepCall, 'item'> = {
    runId,
    pipeline: plan.pipeline,
    step: { id: step.id, heartbeatMs: step.heartbeatMs, codeVersion: step.codeVersion },
    params,
    ...(isLarge(inputs) ? { inputs: {}, needs: step.needs } : { inputs }),
    ...(attemptBase === 0 ? {} : { attemptBase }),
    ...(step.cache && input.cache !== false ? { cache: step.cache } : {}),
  };
  const runOne = (one: StepCall): Promise<Json> => {
    const priority = agedPriority(input);
    const slot = {
      runId,
      ...(input.execution ? { execution: input.execution } : {}),
      stepId: step.id,
      mapKey: one.item?.key ?? '',
    };
    return withSlot(step, slot, priority, control, () => runStep(one));
  };
  if (!step.map) return runOne(call);
  return runMappedStep({
    step,
    map: step.map,
    call,
    states,
    params,
    done: progress.items[step.id] ?? {},
    failedBefore: progress.failed[step.id] ?? {},
    runOne,
    record,
    hold: control.hold,
    isFull,
  });
}
