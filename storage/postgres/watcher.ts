import pg from 'pg';
import { runChannel } from './run-changes.ts';

/** Wakes watchers when PostgreSQL notifies; one connection for all of them, opened with the first. */
export interface Watcher {
  watch(runId: string, wake: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Wait before a lost connection is opened again. */
const retryMs = 500;

export function createWatcher(url: string): Watcher {
  const watchers = new Map<string, Set<() => void>>();
  let client: Promise<pg.Client> | undefined;
  let closed = false;

  const connect = async (): Promise<pg.Client> => {
    const connection = new pg.Client({ connectionString: url });
    connection.on('notification', ({ payload }) => {
      for (const wake of watchers.get(payload ?? '') ?? []) wake();
    });
    connection.once('error', () => lost());
    await connection.connect();
    await connection.query(`listen ${runChannel}`);
    return connection;
  };
  const lost = (): void => {
    client = undefined;
    if (closed || watchers.size === 0) return;
    setTimeout(() => {
      void open().then(
        // Whatever was notified meanwhile was missed.
        () => {
          for (const wakes of watchers.values()) for (const wake of wakes) wake();
        },
        () => lost(),
      );
    }, retryMs).unref();
  };
  const open = (): Promise<pg.Client> => {
    client ??= connect();
    client.catch(() => {
      client = undefined;
    });
    return client;
  };

  return {
    async watch(runId, wake) {
      await open();
      const wakes = watchers.get(runId) ?? new Set();
      watchers.set(runId, wakes.add(wake));
      return async () => {
        wakes.delete(wake);
        if (wakes.size === 0) watchers.delete(runId);
      };
    },
    async close() {
      closed = true;
      await (await client?.catch(() => undefined))?.end();
    },
  };
}
