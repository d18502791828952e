import { type ErrorInfo, PerennialError, toErrorInfo } from '../../contracts/errors.ts';
import type { EventHandler, EventLedger } from '../ports/events.ts';

/** Attempts of an event before it is given up; with the queue's waits that is about two minutes. */
export const deliveryAttempts = 8;

/**
 * Delivers a stored event to every handler, also after one that failed, and marks it. Throws to be called again later.
 * Attempts count in the ledger, so that neither a queue that forgot nor a process that died lets an event be tried forever:
 * - a fault of the event (a parameter that does not fit, say) gives it up at once, since the same would happen again;
 * - a server that does not answer is waited for, however long it takes;
 * - anything else is tried {@link deliveryAttempts} times.
 */
export function createDelivery(deps: {
  readonly events: Pick<EventLedger, 'begin' | 'processed' | 'failed' | 'bury'>;
  readonly handlers: readonly EventHandler[];
  readonly attempts?: number;
}): (sequence: number) => Promise<void> {
  const { events, handlers, attempts: most = deliveryAttempts } = deps;
  return async (sequence) => {
    const event = await events.begin(sequence);
    if (!event) return;
    if (event.attempts > most) {
      const died: ErrorInfo = { code: 'INTERNAL', message: `The process died in each of ${most} attempts.` };
      await events.bury(sequence, event.error ?? died);
      return;
    }
    const errors: unknown[] = [];
    for (const handle of handlers) {
      try {
        await handle(event);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 0) {
      await events.processed(sequence);
      return;
    }
    const away = errors.find((error) => error instanceof PerennialError && error.code === 'UNAVAILABLE');
    const passing = away ?? errors.find((error) => !isFaultOfEvent(error));
    const error = passing ?? errors[0];
    if (passing === undefined || (away === undefined && event.attempts >= most)) {
      await events.bury(sequence, toErrorInfo(error));
      return;
    }
    await events.failed(sequence, toErrorInfo(error), away === undefined);
    throw error;
  };
}

function isFaultOfEvent(error: unknown): boolean {
  return error instanceof PerennialError && error.fault === 'caller' && !error.retry;
}
