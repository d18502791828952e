import type { AlertQueue } from '../../contracts/alerts.ts';
import type { ErrorInfo } from '../../contracts/errors.ts';
import type { AlertFacts } from '../../domain/ports/alert-facts.ts';
import { type Connection, iso, sql } from './client.ts';

interface Row {
  readonly count: number;
  readonly oldest: Date | null;
  readonly oldest_ms: number | null;
  readonly error: ErrorInfo | null;
}

/** What waits, and what was given up, by queue. Runs of backfills wait by design and don't count. */
const queries: Readonly<Record<AlertQueue, ReturnType<typeof sql>>> = {
  runs: sql`
    select count(*)::int, min(since) as oldest, extract(epoch from now() - min(since))::double precision * 1000 as oldest_ms,
      null::jsonb as error
    from (
      select case when execution = 1 then created_at else coalesce(launched_at, created_at) end as since
      from runs where status = 'queued' and backfill_id is null
    ) waiting`,
  events: sql`
    select count(*)::int, min(received_at) as oldest,
      extract(epoch from now() - min(received_at))::double precision * 1000 as oldest_ms,
      (array_agg(error order by sequence desc) filter (where error is not null))[1] as error
    from events where processed_at is null and failed_at is null`,
  'dead-letters': sql`
    select count(*)::int, min(failed_at) as oldest,
      extract(epoch from now() - min(failed_at))::double precision * 1000 as oldest_ms,
      (array_agg(error order by failed_at desc))[1] as error
    from events where processed_at is null and failed_at is not null`,
  notifications: sql`
    select count(*)::int, min(created_at) as oldest,
      extract(epoch from now() - min(created_at))::double precision * 1000 as oldest_ms,
      (array_agg(error order by id desc) filter (where error is not null))[1] as error
    from notifications where sent_at is null and failed_at is null`,
  'failed-notifications': sql`
    select count(*)::int, min(failed_at) as oldest,
      extract(epoch from now() - min(failed_at))::double precision * 1000 as oldest_ms,
      (array_agg(error order by failed_at desc))[1] as error
    from notifications where sent_at is null and failed_at > now() - interval '7 days'`,
};

export function alertQueues({ pool }: Connection): Pick<AlertFacts, 'queue'> {
  return {
    async queue(queue) {
      const { rows } = await pool.query<Row>(queries[queue]);
      const { count = 0, oldest = null, oldest_ms, error = null } = rows[0] ?? {};
      return { count, oldestAt: iso(oldest), oldestMs: oldest_ms ?? 0, error };
    },
  };
}
