import { toErrorInfo } from '../contracts/errors.ts';
import type { DatasetWatch } from '../contracts/webhooks.ts';
import { createDatasetWatcher } from '../domain/events/index.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { DatasetSource } from '../domain/ports/datasets.ts';
import type { EventPublisher } from '../domain/ports/events.ts';
import type { DatasetWatchRepository } from '../domain/ports/webhooks.ts';

/** Between two looks at which watches there are. */
const refreshMs = 2_000;
/** How a look went is kept at least so often, and at once when it went otherwise than the one before. */
const keepEveryMs = 60_000;

/**
 * Watches every place that has a watch, taking up new ones within 2 s. Several processes may watch the same one:
 * the event of a file has an id made of the file, so it counts once.
 */
export function startDatasetWatches(deps: {
  readonly watches: Pick<DatasetWatchRepository, 'list' | 'looked'>;
  readonly events: EventPublisher;
  readonly clock: Clock;
  /** Opens the place of a watch. */
  readonly datasets: (location: string) => DatasetSource;
  readonly report: (message: string, error: unknown) => void;
}): { stop(): Promise<void> } {
  const active = new Map<string, { readonly made: string; stop(): Promise<void> }>();
  let refreshing: Promise<void> | undefined;

  const refresh = async (): Promise<void> => {
    const wanted = new Map((await deps.watches.list()).map((watch) => [watch.id, watch]));
    for (const [id, watched] of active) {
      if (wanted.get(id)?.createdAt === watched.made) continue;
      active.delete(id);
      await watched.stop();
    }
    for (const watch of wanted.values()) {
      if (!active.has(watch.id)) active.set(watch.id, { made: watch.createdAt, stop: startWatch(watch, deps) });
    }
  };
  const tick = (): void => {
    refreshing ??= refresh()
      .catch((error: unknown) => deps.report('the watches could not be read; trying again', error))
      .finally(() => {
        refreshing = undefined;
      });
  };
  tick();
  const timer = setInterval(tick, refreshMs);
  return {
    async stop() {
      clearInterval(timer);
      await refreshing;
      await Promise.all([...active.values()].map((watch) => watch.stop()));
    },
  };
}

function startWatch(
  watch: DatasetWatch,
  { watches, events, clock, datasets, report }: Parameters<typeof startDatasetWatches>[0],
): () => Promise<void> {
  const source = datasets(watch.location);
  const look = createDatasetWatcher(watch, source, events);
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let lastFault: string | undefined;
  let keptMs = 0;

  const keep = async (fault: string, error: unknown): Promise<void> => {
    const now = clock.now();
    if (fault === lastFault && now.getTime() - keptMs < keepEveryMs) return;
    // A share that is away is said once, not with every scan.
    if (fault !== lastFault && fault !== '') report(`the watch "${watch.id}" could not look; trying again`, error);
    lastFault = fault;
    // Looking goes on while the database is away; the next look keeps it.
    await watches.looked(watch.id, now, fault === '' ? null : toErrorInfo(error)).then(
      () => {
        keptMs = now.getTime();
      },
      () => {
        keptMs = 0;
      },
    );
  };
  const run = async (): Promise<void> => {
    let waitMs = watch.scanSeconds * 1000;
    try {
      waitMs = await look(clock.now());
      await keep('', null);
    } catch (error) {
      await keep(String(error), error);
    }
    if (!stopped) timer = setTimeout(wake, waitMs);
  };
  const wake = (): void => {
    clearTimeout(timer);
    if (stopped) return;
    if (looking) {
      again = true;
      return;
    }
    looking = run().finally(() => {
      looking = undefined;
      if (!again) return;
      again = false;
      wake();
    });
  };
  const unwatch = source.watch(wake);
  wake();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    unwatch();
    await looking;
  };
}
