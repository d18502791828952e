import pg from 'pg';
import { runChannel } from './run-notices.ts';

/** Wakes watchers of a payload when PostgreSQL notifies; one connection for all of them, opened with the first. */
export interface Watcher {
  watch(payload: string, wake: () => void): Promise<() => Promise<void>>;
  /** Hears every payload, and null when some may have been missed. */
  watchAll(hear: (payload: string | null) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Wait before a lost connection is opened again. */
const retryMs = 500;

/** @param channel default: the one of runs, whose payload is the run's id. */
export function createWatcher(url: string, channel = runChannel): Watcher {
  const watchers = new Map<string, Set<() => void>>();
  const hearers = new Set<(payload: string | null) => void>();
  let client: Promise<pg.Client> | undefined;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const connect = async (): Promise<pg.Client> => {
    const connection = new pg.Client({ connectionString: url });
    connection.on('notification', ({ payload }) => {
      for (const wake of watchers.get(payload ?? '') ?? []) wake();
      for (const hear of hearers) hear(payload ?? '');
    });
    await new Promise<void>((resolve, reject) => {
      // A server that stops says so first and then cuts the line: two errors of one loss.
      let isLost = false;
      connection.on('error', (error) => {
        reject(error);
        if (isLost) return;
        isLost = true;
        lost();
      });
      connection
        .connect()
        .then(() => connection.query(`listen ${channel}`))
        .then(() => resolve(), reject);
    });
    return connection;
  };
  const lost = (): void => {
    client = undefined;
    if (closed || (watchers.size === 0 && hearers.size === 0) || retry) return;
    retry = setTimeout(() => {
      retry = undefined;
      open().then(
        // Whatever was notified meanwhile was missed.
        () => {
          for (const wakes of watchers.values()) for (const wake of wakes) wake();
          for (const hear of hearers) hear(null);
        },
        () => lost(),
      );
    }, retryMs).unref();
  };
  const open = (): Promise<pg.Client> => {
    if (client) return client;
    const opening = connect();
    client = opening;
    opening.catch(() => {
      if (client === opening) client = undefined;
    });
    return opening;
  };

  return {
    async watch(payload, wake) {
      await open();
      const wakes = watchers.get(payload) ?? new Set();
      watchers.set(payload, wakes.add(wake));
      return async () => {
        wakes.delete(wake);
        // Called twice, it must not take the set of whoever came since.
        if (wakes.size === 0 && watchers.get(payload) === wakes) watchers.delete(payload);
      };
    },
    async watchAll(hear) {
      await open();
      // A function of its own for each call: the same may be given twice.
      const own = (payload: string | null): void => hear(payload);
      hearers.add(own);
      return async () => void hearers.delete(own);
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      await (await client?.catch(() => undefined))?.end();
    },
  };
}
