import { isCancellation } from '@temporalio/workflow';
import type { RunChange } from '../contracts/activities.ts';
import { bookkeeping } from './bookkeeping.ts';
import type { RunControl } from './run-control.ts';

/** Between two questions when no signal came: one may have been lost with a worker. */
const askAgain = '1m';

/**
 * Waits until the limits let the run start, and leaves it `running`. A run that is paused meanwhile does not stand in the
 * queue. @returns false when it was cancelled instead.
 */
export async function admission(
  runId: string,
  control: RunControl,
  record: (...changes: RunChange[]) => Promise<void>,
): Promise<boolean> {
  try {
    for (;;) {
      if (control.paused) {
        await record({ kind: 'run', status: 'paused', pause: control.paused });
        await control.hold();
        await record({ kind: 'run', status: 'queued' });
      }
      if (await bookkeeping.admitRun(runId)) return true;
      await control.admissionOrPause(askAgain);
    }
  } catch (error) {
    if (isCancellation(error)) return false;
    throw error;
  }
}
