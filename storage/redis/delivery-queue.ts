import { type ConnectionOptions, Queue, UnrecoverableError, Worker } from 'bullmq';
import type { DeliveryState } from '../../contracts/queues.ts';
import type { DeliveryQueue } from '../../domain/ports/events.ts';
import type { DeliveryStates } from '../../domain/ports/queues.ts';
import { tracedMessage } from '../../telemetry/tracing.ts';
import { answered, openRedis, pingRedis } from './connection.ts';

/** Waits between attempts of one item: doubling from the first to the last. */
const firstWaitMs = 1_000;
const lastWaitMs = 300_000;
/** The ledger decides when an item is given up; the queue only calls again. */
const attempts = 1_000_000;

interface Options {
  /** Of Redis. */
  readonly url: string;
  /** Of the keys in Redis; default `perennial`. */
  readonly prefix?: string;
}

/** What is delivered by a queue. */
const deliveryQueues = ['event', 'notification'] as const;

/** A queue of BullMQ. Its calls fail at once while Redis is away; those of workers wait until it is back. */
function openQueue(item: (typeof deliveryQueues)[number], { url, prefix = 'perennial' }: Options): Queue<null> {
  const queue = new Queue<null>(`perennial-${item}s`, {
    prefix,
    connection: { ...addressOf(url), maxRetriesPerRequest: 1, enableOfflineQueue: false },
    defaultJobOptions: { attempts, backoff: { type: 'custom' }, removeOnComplete: true, removeOnFail: true },
  });
  queue.on('error', () => {});
  return queue;
}

/** The queue of stored events. */
export function openEventQueue(options: Options): DeliveryQueue {
  return openDeliveryQueue('event', options);
}

/** The queue of stored notifications. */
export function openNotificationQueue(options: Options): DeliveryQueue {
  return openDeliveryQueue('notification', options);
}

/** What waits in both queues, for people to see. */
export function openDeliveryStates({
  url,
  prefix = 'perennial',
}: Options): DeliveryStates & { close(): Promise<void> } {
  const redis = openRedis(url);
  // BullMQ waits for a server that is away; it is asked once the server has answered.
  let opened: Queue<null>[] = [];
  return {
    async states() {
      await pingRedis(redis);
      if (opened.length === 0) opened = deliveryQueues.map((item) => openQueue(item, { url, prefix }));
      return answered(() => Promise.all(opened.map(stateOf)));
    },
    async close() {
      redis.disconnect();
      await Promise.all(opened.map((queue) => queue.close()));
    },
  };
}

async function stateOf(queue: Queue<null>): Promise<DeliveryState> {
  const [counts, [first]] = await Promise.all([
    queue.getJobCounts('waiting', 'active', 'delayed'),
    queue.getWaiting(0, 0),
  ]);
  return {
    name: queue.name.replace('perennial-', ''),
    waiting: counts['waiting'] ?? 0,
    active: counts['active'] ?? 0,
    delayed: counts['delayed'] ?? 0,
    oldestAt: first ? new Date(first.timestamp).toISOString() : null,
  };
}

/**
 * Carries the numbers of stored items to whoever works on them. What Redis forgets is found in PostgreSQL and queued
 * again; the number is the job's id, so what waits already is not queued twice.
 */
function openDeliveryQueue(
  item: (typeof deliveryQueues)[number],
  { url, prefix = 'perennial' }: Options,
): DeliveryQueue {
  const queue = openQueue(item, { url, prefix });
  const { name } = queue;
  const workers: Worker<null>[] = [];
  return {
    async add(sequences) {
      const jobs = sequences.map((sequence) => ({ name, data: null, opts: { jobId: `${item}-${sequence}` } }));
      const attributes = { 'messaging.batch.message_count': jobs.length };
      await tracedMessage('send', `${item}s`, { attributes }, () => queue.addBulk(jobs));
    },
    consume(deliver, concurrency) {
      const worker = new Worker<null>(
        name,
        async ({ id }) => {
          const sequence = Number(id?.slice(item.length + 1));
          if (!Number.isSafeInteger(sequence)) throw new UnrecoverableError(`"${id}" names no ${item}`);
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
