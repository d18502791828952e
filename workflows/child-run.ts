import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  proxyLocalActivities,
  startChild,
} from '@temporalio/workflow';
import type { DagRunInput } from '../contracts/activities.ts';
import { toErrorInfo } from '../contracts/errors.ts';
import { workflowIdOf, workflowTypes } from '../contracts/names.ts';
import type { SchedulingActivities } from '../contracts/scheduling.ts';
import { inTurn } from './in-turn.ts';

// Bookkeeping must outlast an outage of PostgreSQL, so it is tried without an end.
const local = proxyLocalActivities<SchedulingActivities>({
  startToCloseTimeout: '30s',
  localRetryThreshold: '1m',
  retry: { initialInterval: '100ms', maximumInterval: '5s' },
});

/**
 * Whole or not at all, also when the workflow is cancelled meanwhile: a run that is made and forgotten would be handed
 * over later.
 */
export const whole = <T>(call: () => Promise<T>): Promise<T> => inTurn(() => CancellationScope.nonCancellable(call));

/** The records of schedules and backfills, written beside the workflow. */
export const bookkeeping: Omit<SchedulingActivities, 'awaitRun'> = {
  createScheduledRun: (...args) => whole(() => local.createScheduledRun(...args)),
  claimPartition: (...args) => whole(() => local.claimPartition(...args)),
  failRun: (...args) => whole(() => local.failRun(...args)),
  finishBackfill: (...args) => whole(() => local.finishBackfill(...args)),
};

// A run may take days; whoever waits for it beats.
export const { awaitRun } = proxyActivities<SchedulingActivities>({
  startToCloseTimeout: '365d',
  heartbeatTimeout: '1m',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '1s', maximumInterval: '10s' },
});

/**
 * Runs a stored run to its end as a child, and stops it when this workflow is cancelled. When it has been handed to
 * Temporal already (nobody had started it for a while), waits for it instead. How it ended stands in its record.
 */
export async function executeRun(run: DagRunInput): Promise<void> {
  const { runId } = run;
  try {
    const child = await startChild(workflowTypes.dagRun, {
      workflowId: workflowIdOf(runId),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      ...(run.priority === undefined ? {} : { priority: { priorityKey: run.priority } }),
      args: [run],
    });
    await child.result();
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return followRun(runId);
    // Cancelled before it began, or ended from outside: then nothing else writes it down.
    const info = isCancellation(error)
      ? { code: 'CANCELLED' as const, message: 'The run was cancelled before it began.' }
      : toErrorInfo(error, 'INTERNAL');
    await bookkeeping.failRun(runId, info);
    if (isCancellation(error)) throw error;
  }
}

async function followRun(runId: string): Promise<void> {
  try {
    await awaitRun(runId);
  } catch (error) {
    await CancellationScope.nonCancellable(async () => {
      // It may have ended by itself in the meantime.
      await getExternalWorkflowHandle(workflowIdOf(runId))
        .cancel()
        .catch(() => undefined);
      await awaitRun(runId);
    });
    throw error;
  }
}
