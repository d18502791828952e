import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { sql } from './client.ts';

/** The channel on which processes hear that a run has new events; the payload is the run's id. */
export const runChannel = 'perennial_run';

/** Wait before what could not be told is told again. */
const retryMs = 500;

/** Wakes who watches runs, after what they are to see is stored. */
export interface RunNotices {
  /** The run has new events. Told in a moment, together with others. */
  tell(runId: string): void;
  /** Resolves when all is told; what the database does not take any more is left. */
  close(): Promise<void>;
}

/**
 * Transactions that NOTIFY commit one after another, each with its own flush to the disk: what the steps of all runs
 * write would queue there. So it is told by a statement of its own, which flushes nothing; one at a time a process, and
 * runs that change meanwhile go with the next. A process that dies in between has told nobody: whoever watches a run
 * looks again now and then, and the repeated change tells it too.
 */
export function runNotices(pool: Pool): RunNotices {
  let waiting = new Set<string>();
  let telling: Promise<void> | undefined;
  let closed = false;

  const tellAll = async (): Promise<void> => {
    while (waiting.size > 0) {
      const ids = [...waiting];
      waiting = new Set();
      try {
        await pool.query(sql`select pg_notify(${runChannel}, id) from unnest(${ids}::text[]) as id`);
      } catch {
        if (closed) return;
        for (const id of ids) waiting.add(id);
        await delay(retryMs);
      }
    }
  };
  return {
    tell(runId) {
      waiting.add(runId);
      telling ??= tellAll().finally(() => {
        telling = undefined;
      });
    },
    async close() {
      closed = true;
      await telling;
    },
  };
}
