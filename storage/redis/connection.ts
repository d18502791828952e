import { Redis } from 'ioredis';
import { PerennialError } from '../../contracts/errors.ts';
import { isTracing } from '../../telemetry/tracing.ts';

/** A connection that comes back by itself, waiting 50 ms to 2 s between tries; calls fail at once while it is away. */
export function openRedis(url: string): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    connectTimeout: 2_000,
    // Commands of one turn of the event loop go together; their spans would all be of the first one's trace.
    enableAutoPipelining: !isTracing(),
    retryStrategy: (times) => Math.min(50 * 2 ** times, 2_000),
  });
  // Callers see the failure of their own call; without a listener it would end the process.
  redis.on('error', () => {});
  return redis;
}

/** What Redis throws as ours: UNAVAILABLE. */
export async function answered<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new PerennialError('UNAVAILABLE', 'Redis does not answer.', {
      remedy: 'Wait for it to come back, or check REDIS_URL and the server.',
      cause: error,
    });
  }
}

/** UNAVAILABLE when Redis does not answer. */
export async function pingRedis(redis: Redis): Promise<void> {
  await answered(() => redis.ping());
}
