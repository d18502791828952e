import { defineSearchAttributeKey } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import type { ScheduledRunInput } from '../contracts/scheduling.ts';
import { bookkeeping, executeRun } from './child-run.ts';

/** Set by the server: the time at which the start was due, without jitter. */
const scheduledStart = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/**
 * What a schedule starts: makes the run of the nominal time and stays open as long as it runs, so that the server's
 * overlap policy looks at the run itself.
 *
 * @returns the run's id.
 */
export async function scheduledRun({ definition }: ScheduledRunInput): Promise<string> {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const scheduledAt = (typedSearchAttributes.get(scheduledStart) ?? startTime).toISOString();
  const run = await bookkeeping.createScheduledRun(definition, scheduledAt);
  await executeRun(run);
  return run.runId;
}
