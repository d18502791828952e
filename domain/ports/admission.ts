import type { Slot, SlotClaim } from '../../contracts/activities.ts';
import type { LimitState } from '../../contracts/limits.ts';
import type { Waiting } from '../../contracts/runs.ts';
import type { RunRef } from './runs.ts';

/** Who may go on now: they wait in their workflows and must be told (RunLauncher.admitted, .slotsGranted). */
export interface Granted {
  readonly runs: readonly RunRef[];
  readonly slots: readonly { readonly run: RunRef; readonly stepId: string; readonly mapKey: string }[];
}

/**
 * Decides when runs may start and steps may have a slot. First goes the best priority, raised by one for every 10 minutes
 * of waiting (contracts/runs.ts `ageingMs`), then who came first; who does not fit is passed by those that do. A run
 * counts for its limits from when it is let in until it ends, also while it is paused.
 */
export interface Admission {
  /** Asks for a run; when it is let in, it is `running`. Asking again changes nothing. */
  admit(runId: string): Promise<{ admitted: boolean; granted: Granted }>;
  /** Lets in who fits now: after a run has ended or a limit has changed. Those let in before that never began come again. */
  next(): Promise<Granted>;
  acquire(claim: SlotClaim): Promise<{ acquired: boolean; granted: Granted }>;
  /** Gives a slot, or the wish for one, back; nothing when the run is in another execution by now. */
  release(slot: Slot): Promise<Granted>;
  /** The queue, first first, at most 1,000 runs and 1,000 steps; with an id what that run and its steps wait for. */
  waiting(runId?: string): Promise<Waiting[]>;
  /** Limits that were set at run time, or that active or waiting runs count for and that have a capacity. */
  limits(): Promise<LimitState[]>;
  /** Sets a capacity at run time, which wins over the code's; 0 lets nobody in. */
  setLimit(name: string, capacity: number, by: string): Promise<void>;
  /** Goes back to the capacity of the code. @returns false when none was set. */
  clearLimit(name: string): Promise<boolean>;
}
