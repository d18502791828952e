import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessTable } from './process-table.ts';
import type { Server } from './servers.ts';

const firstWaitMs = 500;
const lastWaitMs = 30_000;
/** A server that lived so long begins anew with the shortest wait. */
const settledMs = 60_000;

export interface KeptServer<S extends Server> {
  /** The server of the first start; a later one has the same address. */
  readonly first: S;
  stop(): Promise<void>;
}

/**
 * Starts a server and starts it again, on the same port and data, whenever it dies. The waits double from 0.5 s to 30 s.
 *
 * @throws what the first start throws; later failures are said and tried again.
 */
export async function keepServer<S extends Server>(
  name: string,
  start: () => Promise<S>,
  table: ProcessTable,
  say: (line: string) => void,
): Promise<KeptServer<S>> {
  const stopped = new AbortController();
  let current: S | null = null;
  const begin = async (): Promise<S> => {
    current = await start();
    table.add(name, current.pid);
    return current;
  };
  const first = await begin();

  const keep = async (): Promise<void> => {
    let wait = firstWaitMs;
    for (let from = Date.now(); ; ) {
      await current?.exited;
      if (stopped.signal.aborted) return;
      table.remove(name);
      current = null;
      if (Date.now() - from > settledMs) wait = firstWaitMs;
      say(`${name} ended unexpectedly; starting it again in ${wait / 1000} s`);
      await delay(wait, undefined, { signal: stopped.signal }).catch(() => {});
      if (stopped.signal.aborted) return;
      wait = Math.min(wait * 2, lastWaitMs);
      from = Date.now();
      try {
        await begin();
        say(`${name} is back`);
      } catch (error) {
        say(`${name} did not start: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  const keeping = keep();

  return {
    first,
    async stop() {
      stopped.abort();
      const running = current;
      current = null;
      await running?.stop();
      await keeping;
      // A start that was under way when stop was called.
      await (current as S | null)?.stop();
      table.remove(name);
    },
  };
}
