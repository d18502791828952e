import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';

/** While changes do not come by themselves, what is on the page is asked for this often. */
const pollMs = 15_000;
/** The overview is made of everything, so that every change is one of it: it is asked for again this often at most. */
const overviewMs = 3_000;

/** What changes with a topic without being told: a document is as far as its run is. */
const alsoChanged: Readonly<Record<string, readonly string[]>> = { runs: ['documents'] };

type Live = 'live' | 'connecting' | 'lost';
let state: Live = 'connecting';
const listeners = new Set<() => void>();

function set(next: Live): void {
  state = next;
  for (const listener of listeners) listener();
}

/** Whether changes come by themselves. */
export const useLiveState = (): Live =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );

/**
 * Keeps what is on the page fresh: `GET /v1/changes` names the topics that changed, and queries whose key begins with one of
 * them are asked for again. After a gap all are.
 */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    let source: EventSource;
    let poll: number | undefined;
    let overview: number | undefined;
    const refreshAll = (): void =>
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    const refreshOverview = (): void => {
      overview = undefined;
      void client.invalidateQueries({ queryKey: ['overview'] });
    };
    const tryAgain = (): void => {
      refreshAll();
      // A browser tries again by itself where the line was cut, and gives up where the answer was a refusal.
      if (source.readyState === EventSource.CLOSED) open();
    };
    function open(): void {
      source = new EventSource('/v1/changes');
      source.addEventListener('ready', () => {
        window.clearInterval(poll);
        poll = undefined;
        if (state === 'lost') refreshAll();
        set('live');
      });
      source.addEventListener('gap', refreshAll);
      source.onerror = () => {
        set('lost');
        poll ??= window.setInterval(tryAgain, pollMs);
      };
      source.addEventListener('change', (event) => {
        const { topic } = JSON.parse((event as MessageEvent<string>).data) as { topic: string };
        for (const one of [topic, ...(alsoChanged[topic] ?? [])]) void client.invalidateQueries({ queryKey: [one] });
        overview ??= window.setTimeout(refreshOverview, overviewMs);
      });
    }
    open();
    return () => {
      source.close();
      window.clearInterval(poll);
      window.clearTimeout(overview);
      set('connecting');
    };
  }, [client]);
}
