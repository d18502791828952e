import type pg from 'pg';
import type { PartitionRun } from '../../contracts/backfills.ts';
import { terminalRunStatuses } from '../../contracts/runs.ts';
import type { PartitionRuns } from '../../domain/ports/backfills.ts';
import { sql } from './client.ts';

interface Row extends PartitionRuns {
  readonly partition: string;
}

const terminal = [...terminalRunStatuses];

/**
 * The newest runs that count for each partition: its own, and those of its day as a whole. For a whole day, a run of one of
 * its keys that is under way counts too: both would do that key's work at a time. Partitions without any have an entry of
 * nulls.
 */
export async function readPartitionRuns(
  db: Pick<pg.Pool, 'query'>,
  pipeline: string,
  partitions: readonly string[],
): Promise<Map<string, PartitionRuns>> {
  const names = [...new Set([...partitions, ...partitions.map(dayOf)])];
  const { rows } = await db.query<Row>(sql`
    select partition,
      (array_agg(run order by created_at desc) filter (where not status = any(${terminal})))[1] as active,
      (array_agg(run order by finished_at desc) filter (where status = 'succeeded'))[1] as succeeded,
      (array_agg(run order by finished_at desc) filter (where status = any(${terminal})))[1] as ended
    from (
      select partition, status, created_at, finished_at, jsonb_build_object('runId', id, 'partition', partition, 'status', status,
        'finishedAt', to_char(finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as run
      from runs where pipeline = ${pipeline} and partition = any(${names})
    ) found group by partition`);
  const byKey = await activeKeys(
    db,
    pipeline,
    partitions.filter((partition) => partition === dayOf(partition)),
  );
  const found = new Map(rows.map((row) => [row.partition, row]));
  return new Map(
    partitions.map((partition) => {
      const [own, day] = [found.get(partition), found.get(dayOf(partition))];
      return [
        partition,
        {
          active: own?.active ?? day?.active ?? byKey.get(partition) ?? null,
          succeeded: later(own?.succeeded, day?.succeeded),
          ended: later(own?.ended, day?.ended),
        },
      ];
    }),
  );
}

/** A run of a key under way, by day. */
async function activeKeys(
  db: Pick<pg.Pool, 'query'>,
  pipeline: string,
  days: readonly string[],
): Promise<Map<string, PartitionRun>> {
  if (days.length === 0) return new Map();
  const { rows } = await db.query<PartitionRun>(sql`
    select distinct on (split_part(partition, '/', 1)) id as "runId", partition, status, null as "finishedAt" from runs
    where status in ('queued', 'running', 'paused') and pipeline = ${pipeline} and partition like '%/%'
      and split_part(partition, '/', 1) = any(${days})
    order by split_part(partition, '/', 1), created_at`);
  return new Map(rows.map((run) => [dayOf(run.partition), run]));
}

/** The day of a partition; a run of the day alone does all keys. */
export function dayOf(partition: string): string {
  return partition.split('/')[0] ?? partition;
}

function later(a: PartitionRun | null | undefined, b: PartitionRun | null | undefined): PartitionRun | null {
  if (!a || !b) return a ?? b ?? null;
  return (a.finishedAt ?? '') >= (b.finishedAt ?? '') ? a : b;
}
