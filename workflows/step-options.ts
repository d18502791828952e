import { ActivityCancellationType, type ActivityOptions, workflowInfo } from '@temporalio/workflow';
import type { DagRunInput } from '../contracts/activities.ts';
import { queueOf } from '../contracts/names.ts';
import type { PlanStep } from '../contracts/plan.ts';
import { ageingMs, priorities } from '../contracts/runs.ts';

/** How Temporal runs the attempts of a step. Cancelling waits until the step has really stopped. */
export function activityOptionsOf(step: PlanStep, input?: DagRunInput): ActivityOptions {
  return {
    taskQueue: queueOf(step.resource),
    startToCloseTimeout: step.timeoutMs,
    heartbeatTimeout: step.heartbeatMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    ...(input?.priority === undefined
      ? {}
      : { priority: { priorityKey: agedPriority(input), fairnessKey: input.plan.pipeline } }),
    retry: {
      maximumAttempts: step.retry.maximumAttempts,
      initialInterval: step.retry.initialIntervalMs,
      backoffCoefficient: step.retry.backoffCoefficient,
      maximumInterval: step.retry.maximumIntervalMs,
    },
  };
}

/** A run's priority now: one better for every 10 minutes since it began. Date is the workflow's own clock. */
export function agedPriority({ priority = priorities.normal, carried }: DagRunInput): number {
  const age = Date.now() - (carried?.beganAt ?? workflowInfo().startTime.getTime());
  return Math.max(1, priority - Math.floor(age / ageingMs));
}
