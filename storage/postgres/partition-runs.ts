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
 * The newest runs that count for each partition: its own, and those of its day as a whole. Partitions without any have
 * an entry of nulls.
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
  const found = new Map(rows.map((row) => [row.partition, row]));
  return new Map(
    partitions.map((partition) => {
      const [own, day] = [found.get(partition), found.get(dayOf(partition))];
      return [
        partition,
        {
          active: own?.active ?? day?.active ?? null,
          succeeded: later(own?.succeeded, day?.succeeded),
          ended: later(own?.ended, day?.ended),
        },
      ];
    }),
  );
}

/** The day of a partition; a run of the day alone does all keys. */
export function dayOf(partition: string): string {
  return partition.split('/')[0] ?? partition;
}

function later(a: PartitionRun | null | undefined, b: PartitionRun | null | undefined): PartitionRun | null {
  if (!a || !b) return a ?? b ?? null;
  return (a.finishedAt ?? '') >= (b.finishedAt ?? '') ? a : b;
}
