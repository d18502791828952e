import { CancellationScope, proxyLocalActivities } from '@temporalio/workflow';
import type { DagRunActivities } from '../contracts/activities.ts';

// It must outlast an outage of PostgreSQL, so it is tried without an end.
const local = proxyLocalActivities<DagRunActivities>({
  startToCloseTimeout: '30s',
  localRetryThreshold: '1m',
  retry: { initialInterval: '100ms', maximumInterval: '5s' },
});

type Bookkeeping = Omit<DagRunActivities, 'runStep'>;

const uncancelled =
  <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
  (...args: Args): Promise<Result> =>
    CancellationScope.nonCancellable(() => call(...args));

/** The records of a run, written beside the workflow; also after a cancellation, since what happened is written down. */
export const bookkeeping: Bookkeeping = {
  recordChanges: uncancelled((...args) => local.recordChanges(...args)),
  admitRun: uncancelled((...args) => local.admitRun(...args)),
  loadProgress: uncancelled((...args) => local.loadProgress(...args)),
  acquireSlot: uncancelled((...args) => local.acquireSlot(...args)),
  releaseSlot: uncancelled((...args) => local.releaseSlot(...args)),
};
