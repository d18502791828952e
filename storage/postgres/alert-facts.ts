import type { ErrorInfo } from '../../contracts/errors.ts';
import type { AlertFacts, RunFact } from '../../domain/ports/alert-facts.ts';
import { alertMetrics } from './alert-metrics.ts';
import { alertQueues } from './alert-queues.ts';
import { type Connection, iso, sql } from './client.ts';

interface RunRow {
  readonly id: string;
  readonly pipeline: string;
  readonly date: string | null;
  readonly market: string;
  readonly traceparent: string | null;
}

/** What alerts look at. A run's market is the key of its partition, else its parameter of that name. */
export function alertFacts(connection: Connection): AlertFacts {
  const { pool } = connection;
  return {
    ...alertQueues(connection),
    ...alertMetrics(connection),
    async failedRuns(since) {
      interface Row extends RunRow {
        readonly at: Date;
        readonly error: ErrorInfo | null;
        readonly step: string | null;
      }
      // While a run is retried, its last failure stands in the event that told it.
      const { rows } = await pool.query<Row>(sql`
        with failed as (
          select r.*, r.finished_at as at from runs r where r.status = 'failed' and r.finished_at > ${since}
          union all
          select r.*, e.time as at from runs r
          join events e on e.source = '/pipelines/' || r.pipeline and e.id = r.id || '/' || (r.execution - 1)
          where r.status in ('queued', 'running', 'paused') and r.execution > 1 and e.type = 'run.failed' and e.time > ${since}
        )
        select id, pipeline, left(partition, 10) as date, coalesce(substr(partition, 12), params->>'market', '') as market,
          traceparent, at, error, (select step_id from step_runs s where s.run_id = f.id and s.status = 'failed'
            order by s.finished_at, s.map_key desc limit 1) as step
        from failed f
        where not exists (
          select from runs s where s.pipeline = f.pipeline and s.status = 'succeeded' and s.finished_at > f.at
            and case when f.partition is null then s.partition is null and (s.params = f.params
                or (f.trigger->>'kind' = 'schedule' and s.trigger = f.trigger))
              else s.partition in (f.partition, left(f.partition, 10)) end)
        order by at`);
      return rows.map((row) => ({ ...factOf(row), at: iso(row.at), error: row.error, step: row.step }));
    },
    async runningAttempts(silentMs) {
      interface Row extends RunRow {
        readonly step_id: string;
        readonly map_key: string;
        readonly attempt: number;
        readonly worker: string;
        readonly lost_since: Date | null;
      }
      // A process that began after the attempt has the name of the one before: it was given time to take over.
      const { rows } = await pool.query<Row>(sql`
        select r.id, r.pipeline, left(r.partition, 10) as date,
          coalesce(substr(r.partition, 12), r.params->>'market', '') as market, r.traceparent,
          a.step_id, a.map_key, a.attempt, a.worker,
          case
            when coalesce(w.stopped_at, w.beat_at) < now() - ${silentMs} * interval '1 millisecond'
              then coalesce(w.stopped_at, w.beat_at)
            when w.started_at > a.started_at + interval '1 second'
              and w.started_at < now() - ${2 * silentMs} * interval '1 millisecond' then w.started_at
          end as lost_since
        from runs r
        join step_runs s on s.run_id = r.id and s.status = 'running'
        join step_attempts a on a.run_id = s.run_id and a.step_id = s.step_id and a.map_key = s.map_key
          and a.status = 'running'
        left join worker_processes w on w.id = a.worker
        where r.status in ('running', 'paused')
        order by r.id, a.step_id, a.map_key, a.attempt`);
      return rows.map((row) => ({
        ...factOf(row),
        step: row.step_id,
        item: row.map_key,
        attempt: row.attempt,
        worker: row.worker,
        lostSince: iso(row.lost_since),
      }));
    },
    async runsUnderWay() {
      interface Row extends RunRow {
        readonly started_at: Date;
        readonly running_ms: number;
        readonly last_at: Date;
        readonly quiet_ms: number;
        readonly busy: boolean;
      }
      const { rows } = await pool.query<Row>(sql`
        select r.id, r.pipeline, left(r.partition, 10) as date,
          coalesce(substr(r.partition, 12), r.params->>'market', '') as market, r.traceparent, r.started_at,
          extract(epoch from now() - r.started_at)::double precision * 1000 as running_ms,
          last.at as last_at, extract(epoch from now() - last.at)::double precision * 1000 as quiet_ms,
          exists (select from step_runs s join step_attempts a using (run_id, step_id, map_key)
            where s.run_id = r.id and s.status = 'running' and a.status = 'running')
          or exists (select from slots q where q.run_id = r.id and q.granted_at is null) as busy
        from runs r
        cross join lateral (
          select coalesce((select e.at from run_events e where e.run_id = r.id order by e.id desc limit 1), r.started_at) as at
        ) last
        where r.status = 'running' and r.started_at is not null
        order by r.started_at`);
      return rows.map((row) => ({
        ...factOf(row),
        startedAt: iso(row.started_at),
        runningMs: row.running_ms,
        lastEventAt: iso(row.last_at),
        quietMs: row.quiet_ms,
        isBusy: row.busy,
      }));
    },
    async resultsInUse(pipeline) {
      const lists = await pool.query<{ market: string; date: string; customers: number }>(sql`
        with newest as (select market, max(as_of) as as_of from offer_predictions group by market)
        select n.market, n.as_of::text as date,
          (select count(*) from offer_predictions p where p.market = n.market and p.as_of = n.as_of)::int as customers
        from newest n
        where (select r.pipeline from offer_predictions p join runs r on r.id = p.run_id
          where p.market = n.market and p.as_of = n.as_of limit 1) = ${pipeline}
        order by n.market`);
      const models = await pool.query<{ model: string; version: number; since: Date }>(sql`
        select a.model, a.version, v.created_at as since from model_aliases a
        join model_versions v on v.model = a.model and v.version = a.version
        join runs r on r.id = v.run_id
        where a.alias = 'champion' and r.pipeline = ${pipeline} order by a.model`);
      return { lists: lists.rows, models: models.rows.map(({ since, ...row }) => ({ ...row, since: iso(since) })) };
    },
  };
}

function factOf({ id, pipeline, date, market, traceparent }: RunRow): RunFact {
  return { runId: id, pipeline, market, date, ...(traceparent === null ? {} : { traceparent }) };
}
