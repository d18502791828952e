import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';
import { queueOf } from '../contracts/names.ts';
import type { PlanStep } from '../contracts/plan.ts';

/** How Temporal runs the attempts of a step. Cancelling waits until the step has really stopped. */
export function activityOptionsOf(step: PlanStep): ActivityOptions {
  return {
    taskQueue: queueOf(step.resource),
    startToCloseTimeout: step.timeoutMs,
    heartbeatTimeout: step.heartbeatMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: {
      maximumAttempts: step.retry.maximumAttempts,
      initialInterval: step.retry.initialIntervalMs,
      backoffCoefficient: step.retry.backoffCoefficient,
      maximumInterval: step.retry.maximumIntervalMs,
    },
  };
}
