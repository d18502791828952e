import { type ErrorInfo, PerennialError, toErrorInfo } from '../../contracts/errors.ts';
import type { DeliveryLedger } from '../ports/events.ts';

/** Attempts of an event before it is given up; with the queue's waits that is about two minutes. */
export const deliveryAttempts = 8;

/** What a delivery knows of the item that it delivers. */
interface Delivered {
  readonly attempts: number;
  readonly error: ErrorInfo | null;
}

/**
 * Delivers a stored item, such as an event, to every handler, also after one that failed, and marks it. Throws to be called again later.
 * Attempts count in the ledger, so that neither a queue that forgot nor a process that died lets an item be tried forever:
 * - a fault of the item (a parameter that does not fit, say) gives it up at once, since the same would happen again;
 * - a server that does not answer is waited for, however long it takes;
 * - anything else is tried {@link deliveryAttempts} times.
 */
export function createDelivery<Item extends Delivered>(deps: {
  readonly ledger: Pick<DeliveryLedger<Item>, 'begin' | 'processed' | 'failed' | 'bury'>;
  /** Called again after a failure or a restart, so the same item twice must change nothing. */
  readonly handlers: readonly ((item: Item) => Promise<void>)[];
  readonly attempts?: number;
  /** Surrounds the work of the handlers, which throws when one failed, for whoever measures it. */
  readonly around?: (item: Item, work: () => Promise<void>) => Promise<void>;
}): (sequence: number) => Promise<void> {
  const { ledger, handlers, attempts: most = deliveryAttempts, around = (_item, work) => work() } = deps;
  return async (sequence) => {
    const item = await ledger.begin(sequence);
    if (!item) return;
    if (item.attempts > most) {
      const died: ErrorInfo = { code: 'INTERNAL', message: `The process died in each of ${most} attempts.` };
      await ledger.bury(sequence, item.error ?? died);
      return;
    }
    const errors: unknown[] = [];
    const work = async (): Promise<void> => {
      for (const handle of handlers) {
        try {
          await handle(item);
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    };
    await around(item, work).catch((error: unknown) => {
      if (!errors.includes(error)) errors.push(error);
    });
    if (errors.length === 0) {
      await ledger.processed(sequence);
      return;
    }
    const away = errors.find((error) => error instanceof PerennialError && error.code === 'UNAVAILABLE');
    const passing = away ?? errors.find((error) => !isFaultOfItem(error));
    const error = passing ?? errors[0];
    if (passing === undefined || (away === undefined && item.attempts >= most)) {
      await ledger.bury(sequence, toErrorInfo(error));
      return;
    }
    await ledger.failed(sequence, toErrorInfo(error), away === undefined);
    throw error;
  };
}

function isFaultOfItem(error: unknown): boolean {
  return error instanceof PerennialError && error.fault === 'caller' && !error.retry;
}
