import type { RunSort, RunStatisticsBucket } from '../../contracts/run-insight.ts';
import { type RunBrief, runStatuses } from '../../contracts/runs.ts';
import type { RunInsight, RunSearch } from '../../domain/ports/run-insight.ts';
import { type Connection, cursors, iso, sql } from './client.ts';
import type { Run } from './generated/client.ts';
import { escapeLike } from './like.ts';
import { toRun } from './run-rows.ts';

const columns = `id, pipeline, status, params, plan->>'hash' as "planHash", trigger, idempotency_key as "idempotencyKey",
  created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt", error, execution, priority, limits, partition,
  cache, admitted_at as "admittedAt", parent_id as "parentId", backfill_id as "backfillId", pause`;
/** What a page is sorted by, as a time: a duration is one after 1970. */
const taken = `to_timestamp(coalesce(extract(epoch from finished_at - started_at), -1))`;
const orders: Readonly<Record<RunSort, { readonly by: string; readonly direction: 'asc' | 'desc' }>> = {
  newest: { by: 'created_at', direction: 'desc' },
  oldest: { by: 'created_at', direction: 'asc' },
  longest: { by: taken, direction: 'desc' },
};

type BriefRow = Omit<Run, 'launchedAt' | 'plan'> & { readonly planHash: string; readonly sorted: Date };

/** Many runs at once: none of these reads a plan. */
export function runInsight({ pool }: Connection): RunInsight {
  return {
    async list(search, { limit, cursor, sort = 'newest' }) {
      const { by, direction } = orders[sort];
      const { conditions, values } = conditionsOf(search);
      const after = cursors.read(cursor);
      const value = (given: unknown): string => `$${values.push(given)}`;
      if (after)
        conditions.push(
          `(${by}, id) ${direction === 'asc' ? '>' : '<'} (${value(after.at)}::timestamptz, ${value(after.id)})`,
        );
      const { rows } = await pool.query<BriefRow>(
        // The hash is read of the page only: it is in the plan, the most of a run.
        `select ${columns}, sorted from (
           select *, ${by} as sorted from runs where ${conditions.join(' and ') || 'true'}
           order by ${by} ${direction}, id ${direction} limit ${value(limit + 1)}) page
         order by sorted ${direction}, id ${direction}`,
        values,
      );
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        runs: page.map(toBrief),
        next: rows.length > limit && last ? cursors.write(iso(last.sorted), last.id) : null,
      };
    },

    async statistics({ pipeline = null, from, to, bucket }) {
      interface Row {
        readonly at: Date;
        readonly counts: RunStatisticsBucket['counts'] | null;
        readonly seconds: readonly [number, number] | null;
        readonly longest: number | null;
        readonly queued: readonly [number, number] | null;
      }
      const { rows } = await pool.query<Row>(sql`
        with made as (
          select date_trunc(${bucket}, created_at, 'UTC') as at, status,
            extract(epoch from finished_at - started_at)::float8 as seconds,
            extract(epoch from started_at - created_at)::float8 as queued
          from runs where (${pipeline}::text is null or pipeline = ${pipeline}) and created_at >= ${from} and created_at < ${to}
        ), counted as (
          select at, jsonb_object_agg(status, count) as counts from (
            select at, status, count(*)::int as count from made group by at, status) each group by at
        ), timed as (
          select at,
            percentile_cont(array[0.5, 0.9]) within group (order by seconds) filter (where status = 'succeeded') as seconds,
            max(seconds) filter (where status = 'succeeded') as longest,
            percentile_cont(array[0.5, 0.9]) within group (order by queued) as queued
          from made group by at
        )
        select b.at, counts, seconds, longest, queued
        from generate_series(date_trunc(${bucket}, ${from}::timestamptz, 'UTC'), ${to}::timestamptz - interval '1 millisecond',
          ('1 ' || ${bucket}::text)::interval) as b(at)
        left join counted using (at) left join timed using (at) order by b.at`);
      return rows.map(
        ({ at, counts, seconds, longest, queued }): RunStatisticsBucket => ({
          at: iso(at),
          counts: counts ?? {},
          seconds: seconds && longest !== null ? { p50: seconds[0], p90: seconds[1], max: longest } : null,
          queuedSeconds: queued && { p50: queued[0], p90: queued[1] },
        }),
      );
    },

    async durations({ pipeline = null, from, to, limit }) {
      interface Row {
        readonly id: string;
        readonly start: number;
        readonly seconds: number | null;
        readonly queued: number;
        readonly status: (typeof runStatuses)[number];
        readonly partition: string | null;
      }
      const { rows } = await pool.query<Row>(sql`
        select id, floor(extract(epoch from started_at) * 1000)::float8 as start, status, partition,
          extract(epoch from finished_at - started_at)::float8 as seconds, extract(epoch from started_at - created_at)::float8 as queued
        from runs
        where (${pipeline}::text is null or pipeline = ${pipeline}) and created_at >= ${from} and created_at < ${to}
          and started_at is not null
        order by created_at desc, id desc limit ${limit + 1}`);
      const found = rows.slice(0, limit).reverse();
      return {
        ids: found.map(({ id }) => id),
        start: found.map(({ start }) => start),
        seconds: found.map(({ seconds }) => seconds),
        queuedSeconds: found.map(({ queued }) => queued),
        status: found.map(({ status }) => runStatuses.indexOf(status)),
        partition: found.map(({ partition }) => partition),
        more: rows.length > limit,
      };
    },
  };
}

function toBrief({ sorted: _, planHash, ...row }: BriefRow): RunBrief {
  const { plan: __, ...run } = toRun({ ...row, plan: null });
  return { ...run, planHash };
}

function conditionsOf(search: RunSearch): { readonly conditions: string[]; readonly values: unknown[] } {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const add = (given: unknown, condition: (value: string) => string): void => {
    if (given !== undefined) conditions.push(condition(`$${values.push(given)}`));
  };
  add(search.pipelines, (value) => `pipeline = any(${value}::text[])`);
  add(search.statuses, (value) => `status = any(${value}::text[])`);
  add(search.triggers, (value) => `trigger->>'kind' = any(${value}::text[])`);
  add(search.priorities, (value) => `priority = any(${value}::int[])`);
  add(search.partition, (value) => `partition = ${value}`);
  add(search.backfill, (value) => `backfill_id = ${value}`);
  add(search.errorCode, (value) => `error->>'code' = ${value}`);
  add(search.from, (value) => `created_at >= ${value}::timestamptz`);
  add(search.to, (value) => `created_at < ${value}::timestamptz`);
  add(
    search.text === undefined ? undefined : `%${escapeLike(search.text)}%`,
    (value) =>
      `(id ilike ${value} or partition ilike ${value} or params::text ilike ${value} or trigger->>'by' ilike ${value})`,
  );
  return { conditions, values };
}
