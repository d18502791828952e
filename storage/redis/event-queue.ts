import { type ConnectionOptions, Queue, UnrecoverableError, Worker } from 'bullmq';
import type { EventQueue } from '../../domain/ports/events.ts';

const name = 'perennial-events';
/** Waits between attempts of one event: doubling from the first to the last. */
const firstWaitMs = 1_000;
const lastWaitMs = 300_000;
/** The ledger decides when an event is given up; the queue only calls again. */
const attempts = 1_000_000;

/**
 * Carries the numbers of stored events to whoever works on them. What Redis forgets is found in PostgreSQL and queued
 * again; the number is the job's id, so what waits already is not queued twice.
 *
 * @param options.url of Redis.
 * @param options.prefix of the keys in Redis; default `perennial`.
 */
export function openEventQueue({ url, prefix = 'perennial' }: { url: string; prefix?: string }): EventQueue {
  // Calls of the queue fail at once while Redis is away; the worker's wait until it is back.
  const queue = new Queue<null>(name, {
    prefix,
    connection: { ...addressOf(url), maxRetriesPerRequest: 1, enableOfflineQueue: false },
    defaultJobOptions: { attempts, backoff: { type: 'custom' }, removeOnComplete: true, removeOnFail: true },
  });
  queue.on('error', () => {});
  const workers: Worker<null>[] = [];
  return {
    async add(sequences) {
      await queue.addBulk(sequences.map((sequence) => ({ name, data: null, opts: { jobId: `event-${sequence}` } })));
    },
    consume(deliver, concurrency) {
      const worker = new Worker<null>(
        name,
        async ({ id }) => {
          const sequence = Number(id?.slice('event-'.length));
          if (!Number.isSafeInteger(sequence)) throw new UnrecoverableError(`"${id}" names no event`);
          await deliver(sequence);
        },
        {
          prefix,
          concurrency,
          connection: { ...addressOf(url), maxRetriesPerRequest: null },
          settings: { backoffStrategy: (made) => Math.min(firstWaitMs * 2 ** (made - 1), lastWaitMs) },
        },
      );
      // Failures stand in the ledger; a connection that broke comes back by itself.
      worker.on('error', () => {});
      workers.push(worker);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await queue.close();
    },
  };
}

function addressOf(url: string): ConnectionOptions & object {
  const { hostname, port, username, password, pathname, protocol } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 6379),
    ...(username ? { username: decodeURIComponent(username) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
    ...(pathname.length > 1 ? { db: Number(pathname.slice(1)) } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}
