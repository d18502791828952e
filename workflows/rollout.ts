import { continueAsNew, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { RolloutActivities, RolloutInput } from '../contracts/rollouts.ts';

// A worker that dies is noticed within 10 s, and another one goes on from the record.
const { watchRollout } = proxyActivities<RolloutActivities>({
  startToCloseTimeout: '1h',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '200ms', maximumInterval: '5s' },
});

/** Brings a model's version in, step by step, to its end. The record says where it stands, so people may change it meanwhile. */
export async function rollout(input: RolloutInput): Promise<void> {
  for (;;) {
    const { ended, waitSeconds = 0 } = await watchRollout(input.rolloutId);
    if (ended) return;
    if (waitSeconds > 0) await sleep(waitSeconds * 1000);
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof rollout>(input);
  }
}
