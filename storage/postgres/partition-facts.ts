import type { AlarmCount, KeyPart, OverviewFacts, PartitionCell } from '../../domain/ports/overview-facts.ts';
import { type Connection, sql } from './client.ts';

type Facts = Pick<OverviewFacts, 'newestDay' | 'cells' | 'parts' | 'alarms' | 'versions'>;

type PartRow = Omit<KeyPart, 'key'> & { readonly keys: readonly string[] };

/** A time as ISO 8601 UTC: thousands of them cost more where they become dates first. */
const utc = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Days of pipelines by key. A partition is `YYYY-MM-DD` or `YYYY-MM-DD/key`. */
export function partitionFacts({ pool }: Connection): Facts {
  return {
    async newestDay(pipeline) {
      // The index is in the order of partitions, so this reads one entry.
      const { rows } = await pool.query<{ date: string }>(sql`
        select left(partition, 10) as date from runs
        where pipeline = ${pipeline} and partition is not null order by partition desc limit 1`);
      return rows[0]?.date ?? null;
    },

    async cells(pipeline, from, to) {
      const { rows } = await pool.query<PartitionCell>(
        `select distinct on (partition) id as "runId", status, left(partition, 10) as date, substr(partition, 12) as key,
           ${utc('created_at')} as "createdAt", ${utc('started_at')} as "startedAt", ${utc('finished_at')} as "finishedAt"
         from runs where pipeline = $1 and partition >= $2 and partition < ($3::date + 1)::text
         order by partition,
           case when status in ('queued', 'running', 'paused') then 0 when status = 'succeeded' then 1 else 2 end, created_at desc`,
        [pipeline, from, to],
      );
      return rows;
    },

    async parts(runIds) {
      const { rows } = await pool.query<PartRow>(
        `
        with given as (
          select id, status, case when status = 'succeeded' then null else plan end as plan from runs where id = any($1::text[])
        ), mapped as (
          select given.id, step->>'id' as step from given, jsonb_array_elements(plan->'steps') step where step ? 'map'
        ), item as (
          select run_id, map_key, bool_or(status = 'failed') as failed, bool_or(status = 'running') as running,
            min(started_at) as started_at, max(finished_at) as finished_at
          from step_runs where run_id = any($1::text[]) and map_key <> '' group by run_id, map_key
        )
        -- Keys that are alike in one row: those of runs that succeeded, mostly.
        select run_id as "runId", array_agg(map_key) as keys, failed, running, ended, ${utc('started_at')} as "startedAt",
          ${utc('finished_at')} as "finishedAt"
        from (
          select i.run_id, i.map_key, i.failed, i.running,
            case when g.plan is not null or i.failed then i.started_at end as started_at,
            case when g.plan is not null or i.failed then i.finished_at end as finished_at,
            g.status = 'succeeded' or not exists (
              select from mapped m where m.id = i.run_id and not exists (
                select from step_runs s where s.run_id = m.id and s.step_id = m.step and s.map_key in ('', i.map_key)
                  and s.finished_at is not null)) as ended
          from item i join given g on g.id = i.run_id) part
        group by run_id, failed, running, ended, started_at, finished_at`,
        [runIds],
      );
      return rows.flatMap(({ keys, ...row }) => keys.map((key): KeyPart => ({ ...row, key })));
    },

    async alarms(pipeline, from, to) {
      const [alarms, looked] = await Promise.all([
        pool.query<AlarmCount>(sql`
          select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as date, market, split_part(name, '.', 1) as family,
            count(*)::int as count, count(*) filter (where name = 'quality.freshness')::int as stale
          from metric_points
          where pipeline = ${pipeline} and alarm and at >= ${from}::date and at < ${to}::date + 1
          group by 1, 2, 3`),
        pool.query<{ date: string; market: string }>(sql`
          select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as date, market from metric_points
          where pipeline = ${pipeline} and name = 'quality.findings' and subject = ''
            and at >= ${from}::date and at < ${to}::date + 1`),
      ]);
      return { alarms: alarms.rows, looked: looked.rows };
    },

    async versions(cells) {
      const markets = cells.map(({ market }) => market);
      const dates = cells.map(({ date }) => date);
      // All lists of a market and day are of one version: any of them tells it.
      const { rows } = await pool.query<{ version: number | null }>(sql`
        select (select model_version from offer_predictions p where p.market = given.market and p.as_of = given.date limit 1) as version
        from unnest(${markets}::text[], ${dates}::date[]) with ordinality as given(market, date, place) order by place`);
      return rows.map(({ version }) => version);
    },
  };
}
