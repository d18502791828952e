import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { DagRunInput, DagRunResult } from '../contracts/activities.ts';
import type { ErrorInfo } from '../contracts/errors.ts';
import type { Pause } from '../contracts/runs.ts';
import type { StepState } from '../domain/dag/readiness.ts';

/** Whether the server suggests a new workflow: a history may hold 51,200 events, some 10,000 items of a mapped step. */
export function isFull(): boolean {
  return workflowInfo().continueAsNewSuggested;
}

/** Ends this workflow and goes on in a new one of the same id; what was done is read from the records there. */
export function goOnInNewWorkflow(
  input: DagRunInput,
  states: ReadonlyMap<string, StepState>,
  pause: Pause | undefined,
  error: ErrorInfo | undefined,
): Promise<never> {
  const ended = [...states].map(([stepId, { status, blocked = false }]) => ({ stepId, status, blocked }));
  const beganAt = input.carried?.beganAt ?? workflowInfo().startTime.getTime();
  return continueAsNew<(input: DagRunInput) => Promise<DagRunResult>>({
    ...input,
    resumes: true,
    carried: { ended, error: error ?? null, pause: pause ?? null, beganAt },
  });
}
