import type { DeadlineDay, DeadlineStatus } from '../../contracts/deadlines.ts';
import type { DeadlineRepository, StoredDay } from '../../domain/ports/deadlines.ts';
import { type Connection, iso, sql } from './client.ts';
import { eventChannel, toRows } from './event-rows.ts';

interface Row {
  readonly deadline_id: string;
  /** As text: the driver would read a date as local midnight. */
  readonly local_day: string;
  readonly status: DeadlineStatus;
  readonly due_at: Date;
  readonly expected_at: Date | null;
  readonly run_id: string | null;
  readonly reason: string;
  readonly warned_at: Date | null;
  readonly missed_at: Date | null;
  readonly met_at: Date | null;
  readonly late_seconds: number | null;
  readonly updated_at: Date;
  readonly version: number;
}

type Days = Pick<DeadlineRepository, 'days' | 'recentDays' | 'advance'>;

export function deadlineDays({ pool }: Connection): Days {
  return {
    async days(id, { before = null, limit }) {
      const { rows } = await pool.query<Row>(sql`
        select *, day::text as local_day from deadline_states
        where deadline_id = ${id} and (${before}::date is null or day < ${before}::date)
        order by day desc limit ${limit}`);
      return rows.map(toDay);
    },
    async recentDays(from) {
      const { rows } = await pool.query<Row>(sql`
        select *, day::text as local_day from deadline_states
        where due_at > ${from} or status in ('open', 'expected-late')
        order by deadline_id, day`);
      return rows.map((row): StoredDay => ({ ...toDay(row), version: row.version }));
    },
    // One statement is one transaction. Whoever comes second finds another version and writes neither day nor events.
    async advance(day, { version, since }, events) {
      const { rows } = await pool.query<{ written: boolean }>(sql`
        with written as (
          insert into deadline_states as d (deadline_id, day, status, due_at, expected_at, run_id, reason, warned_at,
            missed_at, met_at, late_seconds, updated_at, version)
          select id, ${day.day}::date, ${day.status}, ${day.dueAt}::timestamptz, ${day.expectedAt}::timestamptz,
            ${day.runId}, ${day.reason}, ${day.warnedAt}::timestamptz, ${day.missedAt}::timestamptz,
            ${day.metAt}::timestamptz, ${day.lateSeconds}::double precision, ${day.updatedAt}::timestamptz, 1
          from deadlines where id = ${day.deadline} and since = ${since}::timestamptz
            and (${version}::int = 0 or exists (
              select 1 from deadline_states where deadline_id = ${day.deadline} and day = ${day.day}::date))
          on conflict (deadline_id, day) do update set status = excluded.status, expected_at = excluded.expected_at,
            run_id = excluded.run_id, reason = excluded.reason, warned_at = excluded.warned_at,
            missed_at = excluded.missed_at, met_at = excluded.met_at, late_seconds = excluded.late_seconds,
            updated_at = excluded.updated_at, version = d.version + 1
          where d.version = ${version}
          returning 1
        ), stored as (
          insert into events (source, id, type, subject, time, datacontenttype, data)
          select source, id, type, subject, time, datacontenttype, data
          from jsonb_to_recordset(${toRows(events)}::jsonb) as e (source text, id text, type text, subject text,
            time timestamptz, datacontenttype text, data jsonb)
          where exists (select 1 from written)
          on conflict (source, id) do nothing
          returning 1
        )
        select exists (select 1 from written) as written,
          (select count(pg_notify(${eventChannel}, '')) from stored) as told`);
      return rows[0]?.written ?? false;
    },
  };
}

function toDay(row: Row): DeadlineDay {
  return {
    deadline: row.deadline_id,
    day: row.local_day,
    status: row.status,
    dueAt: iso(row.due_at),
    expectedAt: iso(row.expected_at),
    runId: row.run_id,
    reason: row.reason,
    warnedAt: iso(row.warned_at),
    missedAt: iso(row.missed_at),
    metAt: iso(row.met_at),
    lateSeconds: row.late_seconds,
    updatedAt: iso(row.updated_at),
  };
}
