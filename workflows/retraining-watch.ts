import { defineSearchAttributeKey } from '@temporalio/common';
import { proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { RetrainingActivities, RetrainingAsk, RetrainingWatchInput } from '../contracts/retraining.ts';
import { executeRun, whole } from './child-run.ts';

/** Set by the server in workflows that a schedule starts. */
const scheduledStart = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

// A decision must outlast an outage of PostgreSQL, so it is tried without an end.
const local = proxyLocalActivities<RetrainingActivities>({
  startToCloseTimeout: '1m',
  localRetryThreshold: '1m',
  retry: { initialInterval: '100ms', maximumInterval: '10s' },
});

/**
 * Decides about every model that the occasion concerns, lets the training runs of decisions run as its children, and
 * records what became of each. One decision does not wait for the training of another.
 */
export async function retrainingWatch(input: RetrainingWatchInput): Promise<void> {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const day = (typedSearchAttributes.get(scheduledStart) ?? startTime).toISOString().slice(0, 10);
  const asks = await whole(() => local.planWatch(input, day));
  const follow = async (ask: RetrainingAsk): Promise<void> => {
    const { decision, run } = await whole(() => local.decideRetraining(ask, day));
    if (run === null) return;
    try {
      await executeRun(run);
    } finally {
      await whole(() => local.settleDecision(decision));
    }
  };
  const followed = await Promise.allSettled(asks.map(follow));
  for (const one of followed) if (one.status === 'rejected') throw one.reason;
}
