import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { PerennialError } from '../../contracts/errors.ts';
import type { ThreadPools, ThreadWork } from '../../domain/ports/thread-pools.ts';

/** Milliseconds after which a thread without a task ends, and its memory with it. */
const idleMs = 5_000;

/**
 * Threads by Piscina.
 *
 * @param modules of what threads can compute, as JavaScript whose default export takes a task.
 * @param count threads of a pool; default: as many as processors.
 */
export function threadPools(
  modules: Readonly<Record<ThreadWork, URL>>,
  count: number = availableParallelism(),
): ThreadPools {
  return {
    count,
    open(work, data) {
      const pool = new Piscina({
        filename: fileURLToPath(modules[work]),
        workerData: data,
        minThreads: 0,
        maxThreads: count,
        idleTimeout: idleMs,
        // Waiting for the next task must not keep a thread from ending.
        atomics: 'disabled',
      });
      return {
        async run(task, signal) {
          try {
            return await pool.run(task, { signal });
          } catch (error) {
            if (!signal.aborted) throw error;
            throw new PerennialError('CANCELLED', 'The work of a thread was cancelled before it ended', {
              cause: error,
            });
          }
        },
      };
    },
  };
}
