import { CancellationScope, proxyLocalActivities } from '@temporalio/workflow';
import type { DagRunActivities, RunChange } from '../contracts/activities.ts';
import { inTurn } from './in-turn.ts';

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
    inTurn(() => CancellationScope.nonCancellable(() => call(...args)));

/** Changes that wait for their turn; more of them join, and are written by one statement. */
let gathered: { readonly changes: RunChange[]; readonly written: Promise<void> } | undefined;

/** The records of a run, written beside the workflow; also after a cancellation, since what happened is written down. */
export const bookkeeping: Bookkeeping = {
  recordChanges(runId, given, execution) {
    if (gathered) {
      gathered.changes.push(...given);
      return gathered.written;
    }
    const changes = [...given];
    let begun = false;
    const written = uncancelled(() => {
      begun = true;
      gathered = undefined;
      return local.recordChanges(runId, changes, execution);
    })();
    if (!begun) gathered = { changes, written };
    return written;
  },
  admitRun: uncancelled((...args) => local.admitRun(...args)),
  loadProgress: uncancelled((...args) => local.loadProgress(...args)),
  acquireSlot: uncancelled((...args) => local.acquireSlot(...args)),
  releaseSlot: uncancelled((...args) => local.releaseSlot(...args)),
};
