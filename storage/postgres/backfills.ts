import type { BackfillPartition, BackfillRecord, PartitionStatus } from '../../contracts/backfills.ts';
import { terminalRunStatuses } from '../../contracts/runs.ts';
import type { BackfillRepository, NewBackfill } from '../../domain/ports/backfills.ts';
import { type BackfillRow, toBackfill } from './backfill-rows.ts';
import { type Connection, cursors, json, sql } from './client.ts';
import { claims } from './partition-claims.ts';
import { readPartitionRuns } from './partition-runs.ts';

const terminal = [...terminalRunStatuses];

/** Backfills in PostgreSQL. The status of a partition that has started is the one of its run. */
export function backfillRepository(connection: Connection): BackfillRepository {
  const { pool } = connection;
  return {
    claim: claims(connection),
    create: (backfill) => create(connection, backfill),
    runsOf: (pipeline, partitions) => readPartitionRuns(pool, pipeline, partitions),

    async get(id) {
      const { rows } = await pool.query<BackfillRow>(
        sql`select b.*, b."from"::text, b."to"::text from backfills b where id = ${id}`,
      );
      if (!rows[0]) return null;
      const counts = await pool.query<{ status: PartitionStatus; count: number }>(sql`
        select case when p.status = 'started' then r.status else p.status end as status, count(*)::int as count
        from backfill_partitions p left join runs r on r.id = p.run_id where p.backfill_id = ${id} group by 1`);
      return { ...toBackfill(rows[0]), counts: Object.fromEntries(counts.rows.map((c) => [c.status, c.count])) };
    },

    async list({ pipeline = null, status = null }, { limit, cursor }) {
      const after = cursors.read(cursor);
      const { rows } = await pool.query<BackfillRow>(sql`
        select b.*, b."from"::text, b."to"::text from backfills b
        where (${pipeline}::text is null or pipeline = ${pipeline}) and (${status}::text is null or status = ${status})
          and (${after?.at ?? null}::timestamptz is null or (created_at, id) < (${after?.at ?? null}, ${after?.id ?? null}))
        order by created_at desc, id desc limit ${limit + 1}`);
      const backfills = rows.slice(0, limit).map(toBackfill);
      const last = backfills.at(-1);
      return { backfills, next: rows.length > limit && last ? cursors.write(last.createdAt, last.id) : null };
    },

    async partitions(id, { status = null, after = -1, limit }) {
      const { rows } = await pool.query<BackfillPartition>(sql`
        select * from (
          select p.position, p.partition, p.run_id as "runId", p.reason,
            case when p.status = 'started' then r.status else p.status end as status
          from backfill_partitions p left join runs r on r.id = p.run_id
          where p.backfill_id = ${id} and p.position > ${after}
        ) found where ${status}::text is null or status = ${status}
        order by position limit ${limit}`);
      return rows;
    },

    async queued(before, limit) {
      const { rows } = await pool.query<BackfillRow>(sql`
        select b.*, b."from"::text, b."to"::text from backfills b
        where status = 'queued' and created_at < ${before} order by created_at limit ${limit}`);
      return rows.map(toBackfill);
    },

    async failPartition(id, position, reason) {
      await pool.query(sql`
        update backfill_partitions set status = 'failed', run_id = null, reason = ${reason}
        where backfill_id = ${id} and position = ${position} and status in ('pending', 'waiting')`);
    },

    async finish(id, cancelled) {
      // One statement sees one state: the partitions as they were before it.
      await pool.query(sql`
        with rest as (
          update backfill_partitions p set status = 'cancelled', reason = 'the backfill was cancelled before it'
          where ${cancelled} and p.backfill_id = ${id} and p.status in ('pending', 'waiting')
            and exists (select 1 from backfills b where b.id = ${id} and b.finished_at is null)
        ), broken as (
          select count(*) as count from backfill_partitions p left join runs r on r.id = p.run_id
          where p.backfill_id = ${id} and (p.status = 'failed' or (p.status = 'started' and r.status <> 'succeeded'))
        )
        update backfills set finished_at = now(), active_key = null,
          status = case when ${cancelled} then 'cancelled' when (select count from broken) > 0 then 'failed' else 'succeeded' end
        where id = ${id} and not status = any(${terminal})`);
    },

    async medianSeconds(pipeline, kind, newest) {
      // A retry has waited for somebody in between, and a re-run did a part only.
      const { rows } = await pool.query<{ runs: number; seconds: number | null }>(sql`
        select count(*)::int as runs, percentile_cont(0.5) within group (order by seconds) as seconds from (
          select extract(epoch from finished_at - started_at)::float8 as seconds from runs
          where pipeline = ${pipeline} and status = 'succeeded' and execution = 1 and parent_id is null
            and (${kind}::text is null or coalesce(partition, '') like '%/%' = (${kind} = 'key'))
          order by created_at desc limit ${newest}
        ) newest`);
      return rows[0] ?? { runs: 0, seconds: null };
    },
  };
}

async function create(
  { pool }: Connection,
  given: NewBackfill,
): Promise<{ backfill: BackfillRecord; created: boolean }> {
  const { id, pipeline, from, to, keys, mode, order, concurrency, params, by, fingerprint, partitions } = given;
  const client = await pool.connect();
  let isBroken = true;
  try {
    await client.query('begin');
    let { rows } = await client.query<BackfillRow>(sql`
      insert into backfills (id, pipeline, "from", "to", keys, mode, "order", concurrency, params, by, status, total, active_key)
      values (${id}, ${pipeline}, ${from}::date, ${to}::date, ${keys}, ${mode}, ${order}, ${concurrency}, ${json(params)}::jsonb,
        ${by}, 'queued', ${partitions.length}, ${fingerprint})
      on conflict (active_key) do nothing returning *, "from"::text, "to"::text`);
    const created = rows.length > 0;
    if (created) {
      await client.query(sql`
        insert into backfill_partitions (backfill_id, position, partition)
        select ${id}, position - 1, partition from unnest(${partitions}::text[]) with ordinality as given(partition, position)`);
    } else {
      ({ rows } = await client.query<BackfillRow>(sql`
        select b.*, b."from"::text, b."to"::text from backfills b where active_key = ${fingerprint}`));
    }
    await client.query('commit');
    isBroken = false;
    // The equal one ended between both statements: now there is none.
    return rows[0] ? { backfill: toBackfill(rows[0]), created } : create({ pool } as Connection, given);
  } finally {
    client.release(isBroken);
  }
}
