import { type ErrorInfo, PerennialError, toErrorInfo } from '../../contracts/errors.ts';
import type { EventHandler, EventLedger } from '../ports/events.ts';

/** Attempts of an event before it is given up; with the queue's waits that is about two minutes. */
export const deliveryAttempts = 8;

/**
 * Delivers a stored event to every handler in turn and marks it. Throws to be called again later. Attempts count in the
 * ledger, so that neither a queue that forgot nor a process that died lets an event be tried forever:
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
    try {
      for (const handle of handlers) await handle(event);
    } catch (error) {
      const isOurs = error instanceof PerennialError;
      const isAway = isOurs && error.code === 'UNAVAILABLE';
      const isFinal = (isOurs && error.fault === 'caller' && !error.retry) || event.attempts >= most;
      if (isFinal && !isAway) {
        await events.bury(sequence, toErrorInfo(error));
        return;
      }
      await events.failed(sequence, toErrorInfo(error), !isAway);
      throw error;
    }
    await events.processed(sequence);
  };
}
