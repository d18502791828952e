import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { RolloutActivities, RolloutInput } from '../contracts/rollouts.ts';

// A worker that dies is noticed within 10 s, and another one goes on from the record.
const { watchRollout } = proxyActivities<RolloutActivities>({
  startToCloseTimeout: '1h',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '200ms', maximumInterval: '5s' },
});

/** Brings a model's version in, step by step, to its end. The record says where it stands, so people may change it meanwhile. */
export async function rollout(input: RolloutInput): Promise<void> {
  while (!(await watchRollout(input.rolloutId)).ended)
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof rollout>(input);
}
