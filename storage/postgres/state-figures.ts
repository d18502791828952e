import { deadAfterMs } from '../../contracts/workers.ts';
import type { StateFigure } from '../../telemetry/metrics/state.ts';
import { type Connection, sql } from './client.ts';

/** Markets and datasets beyond so many are not shown: each is a series for whoever keeps them. */
const mostSeries = 500;

/** What stands in the database, as figures for operators. Ages are by the clock of the database. */
export function stateFigures({ pool }: Connection): { read(): Promise<StateFigure[]> } {
  return {
    async read() {
      const { rows } = await pool.query<StateFigure>(sql`
        select 'runs_active' as figure, jsonb_build_object('pipeline', pipeline, 'status', status) as labels,
          count(*)::double precision as value
        from runs where status in ('queued', 'running', 'paused') group by pipeline, status
        union all
        select 'run_queue_oldest_age_seconds', jsonb_build_object('pipeline', pipeline),
          extract(epoch from now() - min(created_at))::double precision
        from runs where status = 'queued' group by pipeline
        union all
        select case when granted_at is null then 'slots_waiting' else 'slots_held' end,
          jsonb_build_object('pool', pool), count(*)
        from slots group by pool, granted_at is null
        union all
        select f.name, '{}', f.value from (
          select count(*) as count, coalesce(extract(epoch from now() - min(received_at)), 0) as age
          from events where processed_at is null and failed_at is null
        ) e, lateral (values ('events_pending', e.count::double precision),
          ('event_oldest_pending_age_seconds', e.age::double precision)) f (name, value)
        union all
        select 'dead_letters', '{}', count(*) from events where processed_at is null and failed_at is not null
        union all
        select 'alerts_open',
          jsonb_build_object('severity', severity, 'state', case when acknowledged_at is null then 'firing' else 'acknowledged' end),
          count(*)
        from alerts where resolved_at is null group by severity, acknowledged_at is null
        union all
        select f.name, '{}', f.value from (
          select count(*) as count, coalesce(extract(epoch from now() - min(created_at)), 0) as age
          from notifications where sent_at is null and failed_at is null
        ) n, lateral (values ('notifications_pending', n.count::double precision),
          ('notification_oldest_pending_age_seconds', n.age::double precision)) f (name, value)
        union all
        select 'notifications_failed', '{}', count(*) from notifications where sent_at is null and failed_at is not null
        union all
        select 'rollouts_active', jsonb_build_object('status', status), count(*)
        from rollouts where active_model is not null group by status
        union all
        select 'model_alias_version', jsonb_build_object('model', model, 'alias', alias), version from model_aliases
        union all
        (select 'dataset_age_seconds',
          jsonb_build_object('dataset', data->>'watch', 'market', coalesce(data->'captured'->>'market', '')),
          extract(epoch from now() - max(time))
        from events where type = 'dataset.landed' and received_at > now() - interval '30 days'
        group by data->>'watch', data->'captured'->>'market' order by max(time) desc limit ${mostSeries})
        union all
        (select 'result_age_seconds', jsonb_build_object('pipeline', pipeline, 'market', substr(partition, 12)),
          extract(epoch from now() - max(left(partition, 10))::date)
        from runs where status = 'succeeded' and partition is not null and finished_at > now() - interval '30 days'
        group by pipeline, substr(partition, 12) order by max(finished_at) desc limit ${mostSeries})
        union all
        select 'workers_alive', jsonb_build_object('role', role), count(*)
        from worker_processes where stopped_at is null and beat_at > now() - ${deadAfterMs} * interval '1 millisecond' group by role`);
      return rows;
    },
  };
}
