import type { DeliveryLedger, DeliveryQueue } from '../ports/events.ts';

/** Between two looks when nobody wakes it. */
const lookMs = 1_000;
const batch = 500;

export interface Dispatcher {
  stop(): Promise<void>;
}

/**
 * Moves stored items, such as events, into the queue, woken by the ledger and by the clock. Several may run side by side: what two of
 * them queue waits there once, and a delivery that comes late finds its item done.
 *
 * @param deps.staleMs an item that was queued so long ago and is not done is queued again, since Redis may have
 *   forgotten it; default 30 s.
 * @param deps.report is told when the ledger or the queue does not answer; the next look tries again.
 */
export async function createDispatcher(deps: {
  readonly ledger: Pick<DeliveryLedger<unknown>, 'unqueued' | 'queued' | 'watch'>;
  readonly queue: Pick<DeliveryQueue, 'add'>;
  readonly report: (error: unknown) => void;
  readonly staleMs?: number;
}): Promise<Dispatcher> {
  const { ledger, queue, report, staleMs = 30_000 } = deps;
  let looking: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const look = async (): Promise<void> => {
    do {
      again = false;
      const sequences = await ledger.unqueued(staleMs, batch);
      if (sequences.length === 0) continue;
      await queue.add(sequences);
      await ledger.queued(sequences);
      again ||= sequences.length === batch;
    } while (again && !stopped);
  };
  const wake = (): void => {
    if (stopped) return;
    if (looking) again = true;
    else
      looking = look()
        .catch(report)
        .finally(() => {
          looking = undefined;
        });
  };
  const timer = setInterval(wake, lookMs);
  const unwatch = await ledger.watch(wake);
  wake();
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await unwatch();
      await looking;
    },
  };
}
