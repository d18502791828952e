import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../../contracts/json.ts';
import type { RunEvent } from '../../contracts/runs.ts';
import { type Connection, iso, sql } from './client.ts';

/** Between two looks at events that wait for an older transaction to end. */
const lookMs = 20;

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly type: RunEvent['type'];
  readonly data: Json;
  readonly settled: boolean;
}

/**
 * Events of a run in the order of their ids, none left out. An event has its id from when it is written and is seen from
 * when its transaction is committed: one with a lower id may still appear while an older transaction is open. So events
 * count only when every older transaction has ended; for those that do not count yet this waits. A transaction open
 * longer than 2 s is not waited for: none that writes events takes so long.
 */
export async function readEvents(
  { pool }: Connection,
  runId: string,
  after: number,
  limit: number,
): Promise<RunEvent[]> {
  for (let wanted: string | undefined; ; await delay(lookMs)) {
    const { rows } = await pool.query<Row>(sql`
      select id, at, type, data,
        tx < pg_snapshot_xmin(pg_current_snapshot()) or at < now() - interval '2 seconds' as settled
      from run_events where run_id = ${runId} and id > ${after} order by id limit ${limit}`);
    const open = rows.findIndex((row) => !row.settled);
    const settled = open < 0 ? rows : rows.slice(0, open);
    // All that was there at the first look: under steady writing there is always a newer one that does not count yet.
    wanted ??= rows.at(-1)?.id;
    if (open < 0 || settled.some((row) => row.id === wanted)) {
      return settled.map(({ id, at, type, data }) => ({ id: Number(id), runId, at: iso(at), type, data }));
    }
  }
}
