import type { EventLedger, EventQueue } from '../ports/events.ts';

/** Between two looks when nobody wakes it. */
const lookMs = 1_000;
const batch = 500;

export interface Dispatcher {
  stop(): Promise<void>;
}

/**
 * Moves stored events into the queue, woken by the ledger and by the clock. Several may run side by side: what two of
 * them queue waits there once, and a delivery that comes late finds its event done.
 *
 * @param deps.staleMs an event that was queued so long ago and is not done is queued again, since Redis may have
 *   forgotten it; default 30 s.
 * @param deps.report is told when the ledger or the queue does not answer; the next look tries again.
 */
export async function createDispatcher(deps: {
  readonly events: Pick<EventLedger, 'unqueued' | 'queued' | 'watch'>;
  readonly queue: Pick<EventQueue, 'add'>;
  readonly report: (error: unknown) => void;
  readonly staleMs?: number;
}): Promise<Dispatcher> {
  const { events, queue, report, staleMs = 30_000 } = deps;
  let looking: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const look = async (): Promise<void> => {
    do {
      again = false;
      const sequences = await events.unqueued(staleMs, batch);
      if (sequences.length === 0) continue;
      await queue.add(sequences);
      await events.queued(sequences);
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
  const unwatch = await events.watch(wake);
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
