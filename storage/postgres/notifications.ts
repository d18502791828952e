import type { PoolClient } from 'pg';
import type { ErrorInfo } from '../../contracts/errors.ts';
import type { NotificationContent, NotificationState } from '../../contracts/notifications.ts';
import type { NewNotification } from '../../domain/ports/alerts.ts';
import type { NotificationRepository, StoredNotification } from '../../domain/ports/notifications.ts';
import { redactError } from '../../telemetry/redact.ts';
import { activeTraceparent } from '../../telemetry/tracing.ts';
import { type Connection, iso, json, sql } from './client.ts';
import type { Watcher } from './watcher.ts';

/** The channel on which processes hear that notifications were stored. */
export const notificationChannel = 'perennial_notification';

interface Row {
  readonly id: string;
  readonly channel_id: string;
  readonly alert_id: string | null;
  readonly kind: NotificationContent['kind'];
  readonly title: string;
  readonly content: NotificationContent;
  readonly created_at: Date;
  readonly sent_at: Date | null;
  readonly attempts: number;
  readonly failed_at: Date | null;
  readonly error: ErrorInfo | null;
  readonly traceparent: string | null;
}

/** Messages to channels: stored first, delivered from there. `watcher` listens on {@link notificationChannel}. */
export function notificationRepository({ pool }: Connection, watcher: Watcher): NotificationRepository {
  return {
    add: (notifications, now) => insertNotifications(pool, notifications, now),
    async has(dedupe) {
      const { rows } = await pool.query(sql`select 1 from notifications where dedupe = ${dedupe}`);
      return rows.length > 0;
    },
    async get(id) {
      const { rows } = await pool.query<Row>(sql`select * from notifications where id = ${id}`);
      return rows[0] ? toNotification(rows[0]) : null;
    },
    async list({ state = null, channel = null, alertId = null, before = null, limit }) {
      const { rows } = await pool.query<Row>(sql`
        select * from notifications
        where (${before}::bigint is null or id < ${before})
          and (${channel}::text is null or channel_id = ${channel})
          and (${alertId}::text is null or alert_id = ${alertId})
          and (${state}::text is null
            or (${state} = 'sent' and sent_at is not null)
            or (${state} = 'failed' and sent_at is null and failed_at is not null)
            or (${state} = 'waiting' and sent_at is null and failed_at is null))
        order by id desc limit ${limit}`);
      return rows.map((row) => {
        const { content: _, traceparent: __, ...record } = toNotification(row);
        return record;
      });
    },
    async again(id) {
      const { rowCount } = await pool.query(sql`
        with again as (
          update notifications set sent_at = null, failed_at = null, error = null, attempts = 0, queued_at = null
          where id = ${id} and (sent_at is not null or failed_at is not null) returning 1
        )
        select pg_notify(${notificationChannel}, '')::text from again`);
      return (rowCount ?? 0) > 0;
    },
    async forget(before, limit) {
      const { rowCount } = await pool.query(sql`
        delete from notifications where id in (
          select id from notifications where created_at < ${before} and (sent_at is not null or failed_at is not null)
          order by created_at limit ${limit})`);
      return rowCount ?? 0;
    },
    async begin(id) {
      const { rows } = await pool.query<Row>(sql`
        update notifications set attempts = attempts + 1
        where id = ${id} and sent_at is null and failed_at is null returning *`);
      return rows[0] ? toNotification(rows[0]) : null;
    },
    async processed(id) {
      await pool.query(
        sql`update notifications set sent_at = now(), error = null where id = ${id} and sent_at is null`,
      );
    },
    async failed(id, error, counts) {
      await pool.query(sql`
        update notifications set error = ${json(redactError(error))}::jsonb, attempts = attempts - ${counts ? 0 : 1}
        where id = ${id} and sent_at is null`);
    },
    async bury(id, error) {
      await pool.query(sql`
        update notifications set failed_at = now(), error = ${json(redactError(error))}::jsonb
        where id = ${id} and sent_at is null and failed_at is null`);
    },
    async unqueued(staleMs, limit) {
      const { rows } = await pool.query<{ id: string }>(sql`
        select id from notifications
        where sent_at is null and failed_at is null
          and (queued_at is null or queued_at < now() - ${staleMs} * interval '1 millisecond')
        order by id limit ${limit}`);
      return rows.map(({ id }) => Number(id));
    },
    async queued(ids) {
      await pool.query(sql`update notifications set queued_at = now() where id = any(${ids}::bigint[])`);
    },
    watch: (wake) => watcher.watch('', wake),
  };
}

/**
 * Stores messages on a connection or within a transaction, and wakes who sends them when it commits.
 *
 * @param traceparent where the trace of what they tell goes on; default: what is under way.
 */
export async function insertNotifications(
  db: Pick<PoolClient, 'query'>,
  notifications: readonly NewNotification[],
  now: Date,
  traceparent: string | null = activeTraceparent() ?? null,
): Promise<number[]> {
  if (notifications.length === 0) return [];
  const given = notifications.map(({ channel, dedupe, title, content }) => ({
    channel,
    dedupe,
    title,
    content,
    kind: content.kind,
    alert: 'alert' in content ? content.alert.id : null,
  }));
  const { rows } = await db.query<{ id: string }>(sql`
    with stored as (
      insert into notifications (channel_id, alert_id, dedupe, kind, title, content, created_at, traceparent)
      select channel, alert, dedupe, kind, title, content, ${now}, ${traceparent}
      from jsonb_to_recordset(${json(given)}::jsonb)
        as n (channel text, alert text, dedupe text, kind text, title text, content jsonb)
      where exists (select from channels c where c.id = channel)
      on conflict (dedupe) do nothing
      returning id
    )
    select id, pg_notify(${notificationChannel}, '')::text from stored order by id`);
  return rows.map(({ id }) => Number(id));
}

function toNotification(row: Row): StoredNotification {
  return {
    id: Number(row.id),
    channel: row.channel_id,
    alertId: row.alert_id,
    kind: row.kind,
    title: row.title,
    state: stateOf(row),
    attempts: row.attempts,
    createdAt: iso(row.created_at),
    sentAt: iso(row.sent_at),
    failedAt: iso(row.failed_at),
    error: row.error,
    content: row.content,
    traceparent: row.traceparent,
  };
}

function stateOf({ sent_at, failed_at }: Pick<Row, 'sent_at' | 'failed_at'>): NotificationState {
  if (sent_at !== null) return 'sent';
  return failed_at === null ? 'waiting' : 'failed';
}
