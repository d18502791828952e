import type { RunBar } from '../../contracts/overview.ts';
import type {
  OverviewFacts,
  PipelineFacts,
  ScheduleFaults,
  WaitingOverride,
} from '../../domain/ports/overview-facts.ts';
import { type Connection, iso, sql } from './client.ts';
import { partitionFacts } from './partition-facts.ts';

/** Runs that a pipeline's bar shows, and successes that its usual time is made of. */
const newest = 20;

/** A row whose time the driver has read. */
type Stored<Fact extends { readonly at: string }> = Omit<Fact, 'at'> & { readonly at: Date };

interface FactsRow
  extends Omit<
    PipelineFacts,
    'recent' | 'lastSuccess' | 'failingSince' | 'queuedSince' | 'runningSince' | 'pausedSince'
  > {
  readonly recent: readonly RunBar[] | null;
  readonly lastSuccess: RunBar | null;
  readonly failingSince: Date | null;
  readonly queuedSince: Date | null;
  readonly runningSince: Date | null;
  readonly pausedSince: Date | null;
}

/** What an overview is made of. Each statement reads the newest runs by their index, not the past. */
export function overviewFacts(connection: Connection): OverviewFacts {
  const { pool } = connection;
  return {
    ...partitionFacts(connection),

    async pipelines(ids) {
      const { rows } = await pool.query<FactsRow>(sql`
        select given.id as pipeline,
          (select jsonb_agg(bar order by created_at desc) from (
            select created_at, jsonb_build_object('id', id, 'status', status, 'partition', partition, 'createdAt', created_at,
              'startedAt', started_at, 'finishedAt', finished_at) as bar
            from runs where pipeline = given.id order by created_at desc limit ${newest}) bars) as recent,
          jsonb_build_object('id', last.id, 'status', last.status, 'partition', last.partition, 'createdAt', last.created_at,
            'startedAt', last.started_at, 'finishedAt', last.finished_at) as "lastSuccess",
          coalesce(active.running, 0) as running, coalesce(active.queued, 0) as queued, coalesce(active.paused, 0) as paused,
          active.queued_since as "queuedSince", active.running_since as "runningSince", active.paused_since as "pausedSince",
          failed.count as failures, failed.since as "failingSince",
          (select percentile_cont(0.5) within group (order by seconds) from (
            select extract(epoch from finished_at - started_at)::float8 as seconds from runs
            where pipeline = given.id and status = 'succeeded' and execution = 1 and parent_id is null
            order by created_at desc limit ${newest}) took) as "typicalSeconds"
        from unnest(${ids}::text[]) with ordinality as given(id, place)
        left join lateral (
          select * from runs where pipeline = given.id and status = 'succeeded' order by created_at desc limit 1) last on true
        left join lateral (
          select count(*) filter (where status = 'running')::int as running, count(*) filter (where status = 'queued')::int as queued,
            count(*) filter (where status = 'paused')::int as paused,
            min(created_at) filter (where status = 'queued') as queued_since,
            min(coalesce(started_at, created_at)) filter (where status = 'running') as running_since,
            min((pause->>'at')::timestamptz) filter (where status = 'paused') as paused_since
          from runs where pipeline = given.id and status in ('queued', 'running', 'paused')) active on true
        left join lateral (
          select count(*)::int as count, min(finished_at) as since from runs
          where pipeline = given.id and status = 'failed' and created_at > coalesce(last.created_at, '-infinity')) failed on true
        order by given.place`);
      return rows.map(
        ({ recent, lastSuccess, failingSince, queuedSince, runningSince, pausedSince, ...row }): PipelineFacts => ({
          ...row,
          recent: (recent ?? []).map(toBar),
          lastSuccess: lastSuccess?.id ? toBar(lastSuccess) : null,
          failingSince: iso(failingSince),
          queuedSince: iso(queuedSince),
          runningSince: iso(runningSince),
          pausedSince: iso(pausedSince),
        }),
      );
    },

    async waitingOverrides() {
      const { rows } = await pool.query<Stored<WaitingOverride>>(sql`
        select o.id, o.decision_id as decision, d.pipeline, d.model, o.verdict, o.requested_by as by, o.requested_at as at
        from decision_overrides o join decisions d on d.id = o.decision_id
        where o.status = 'pending' order by o.requested_at`);
      return rows.map(({ at, ...row }) => ({ ...row, at: iso(at) }));
    },

    async scheduleFaults(since) {
      const { rows } = await pool.query<Stored<ScheduleFaults>>(sql`
        select schedule_id as schedule, count(*)::int as count, max(scheduled_at) as at,
          coalesce((array_agg(error->>'message' order by scheduled_at desc))[1], '') as message
        from schedule_faults where scheduled_at > ${since} group by schedule_id order by schedule_id`);
      return rows.map(({ at, ...row }) => ({ ...row, at: iso(at) }));
    },
  };
}

/** JSON of PostgreSQL has times with the session's zone. */
function toBar({ createdAt, startedAt, finishedAt, ...row }: RunBar): RunBar {
  const utc = (time: string | null): string | null => time && new Date(time).toISOString();
  return {
    ...row,
    createdAt: new Date(createdAt).toISOString(),
    startedAt: utc(startedAt),
    finishedAt: utc(finishedAt),
  };
}
