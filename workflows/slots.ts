import { patched } from '@temporalio/workflow';
import type { Slot, SlotClaim } from '../contracts/activities.ts';
import type { PlanStep } from '../contracts/plan.ts';
import { bookkeeping } from './bookkeeping.ts';
import type { RunControl } from './run-control.ts';

/** Between two questions for a slot when no signal came: one may have been lost with a worker. */
const askAgain = '1m';

/**
 * Holds a slot of the step's pool while `work` runs; at once without a pool. A slot that comes while the run is paused goes
 * to others until it is resumed. Waiting ends with a cancellation, and the slot, or the place in the queue, is given back
 * however it ends.
 */
export function withSlot<T>(
  { pool }: PlanStep,
  slot: Slot,
  priority: number,
  control: RunControl,
  work: () => Promise<T>,
): Promise<T> {
  return pool ? inPool(slot, { ...slot, priority, pool: pool.name, capacity: pool.capacity }, control, work) : work();
}

async function inPool<T>(slot: Slot, claim: SlotClaim, control: RunControl, work: () => Promise<T>): Promise<T> {
  try {
    for (;;) {
      while (!(await bookkeeping.acquireSlot(claim))) await control.slot(slot.stepId, slot.mapKey, askAgain);
      // Histories from before have no step that waits here.
      if (!control.paused || !patched('no-slot-while-paused')) return await work();
      await bookkeeping.releaseSlot(slot);
      await control.hold();
    }
  } finally {
    await bookkeeping.releaseSlot(slot);
  }
}
