import { eventTypes } from '../../contracts/events.ts';
import type { EventHistory, EventLedger } from '../../domain/ports/events.ts';
import { redactError } from '../../telemetry/redact.ts';
import { type Connection, json, sql } from './client.ts';
import { type EventRow, eventChannel, toEvent } from './event-rows.ts';
import type { Watcher } from './watcher.ts';

/** Reads events and keeps what became of them. `watcher` listens on the channel of events. */
export function eventLedger({ pool }: Connection, watcher: Watcher): EventHistory & EventLedger {
  const changed = async (query: ReturnType<typeof sql>): Promise<boolean> =>
    ((await pool.query(query)).rowCount ?? 0) > 0;
  return {
    async list({ types, source, subject, id, from, to, after, before, limit }) {
      const filter = [types ?? null, source ?? null, subject ?? null, from ?? null, to ?? null, id ?? null] as const;
      const { rows } =
        before === undefined
          ? await pool.query<EventRow>(sql`
              select * from events
              where sequence > ${after ?? 0}
                and (${filter[0]}::text[] is null or type = any(${filter[0]}))
                and (${filter[1]}::text is null or source = ${filter[1]})
                and (${filter[2]}::text is null or subject = ${filter[2]})
                and (${filter[3]}::timestamptz is null or time >= ${filter[3]})
                and (${filter[4]}::timestamptz is null or time < ${filter[4]})
                and (${filter[5]}::text is null or id = ${filter[5]})
              order by sequence limit ${limit}`)
          : await pool.query<EventRow>(sql`
              select * from events
              where sequence < ${before} and sequence > ${after ?? 0}
                and (${filter[0]}::text[] is null or type = any(${filter[0]}))
                and (${filter[1]}::text is null or source = ${filter[1]})
                and (${filter[2]}::text is null or subject = ${filter[2]})
                and (${filter[3]}::timestamptz is null or time >= ${filter[3]})
                and (${filter[4]}::timestamptz is null or time < ${filter[4]})
                and (${filter[5]}::text is null or id = ${filter[5]})
              order by sequence desc limit ${limit}`);
      return rows.map(toEvent);
    },
    async get(sequence) {
      const { rows } = await pool.query<EventRow>(sql`select * from events where sequence = ${sequence}`);
      return rows[0] ? toEvent(rows[0]) : null;
    },
    async begin(sequence) {
      const { rows } = await pool.query<EventRow>(sql`
        update events set attempts = attempts + 1
        where sequence = ${sequence} and processed_at is null and failed_at is null returning *`);
      return rows[0] ? toEvent(rows[0]) : null;
    },
    async processed(sequence) {
      await pool.query(sql`
        update events set processed_at = now(), error = null where sequence = ${sequence} and processed_at is null`);
    },
    async failed(sequence, error, counts) {
      await pool.query(sql`
        update events set error = ${json(redactError(error))}::jsonb, attempts = attempts - ${counts ? 0 : 1}
        where sequence = ${sequence} and processed_at is null`);
    },
    async bury(sequence, error) {
      await pool.query(sql`
        update events set failed_at = now(), error = ${json(redactError(error))}::jsonb
        where sequence = ${sequence} and processed_at is null and failed_at is null`);
    },
    async dead({ before, limit }) {
      const { rows } = await pool.query<EventRow>(sql`
        select * from events where processed_at is null and failed_at is not null
          and (${before ?? null}::bigint is null or sequence < ${before ?? null})
        order by sequence desc limit ${limit}`);
      return rows.map(toEvent);
    },
    replay: (sequence) =>
      changed(sql`
        with again as (
          update events set failed_at = null, error = null, attempts = 0, queued_at = null
          where sequence = ${sequence} and processed_at is null and failed_at is not null returning 1
        )
        select pg_notify(${eventChannel}, '')::text from again`),
    drop: (sequence) =>
      changed(sql`
        update events set processed_at = now()
        where sequence = ${sequence} and processed_at is null and failed_at is not null`),
    async unqueued(staleMs, limit) {
      const { rows } = await pool.query<{ sequence: string }>(sql`
        select sequence from events
        where processed_at is null and failed_at is null
          and (queued_at is null or queued_at < now() - ${staleMs} * interval '1 millisecond')
        order by sequence limit ${limit}`);
      return rows.map(({ sequence }) => Number(sequence));
    },
    async queued(sequences) {
      await pool.query(sql`update events set queued_at = now() where sequence = any(${sequences}::bigint[])`);
    },
    async forget(before, limit) {
      const { rowCount } = await pool.query(sql`
        delete from events where sequence in (
          select sequence from events
          where received_at < ${before} and (processed_at is not null or failed_at < ${before})
            and not (type = ${eventTypes.datasetLanded}
              and exists (select 1 from dataset_watches w where source = '/watches/' || w.id))
          order by received_at limit ${limit})`);
      return rowCount ?? 0;
    },
    watch: (wake) => watcher.watch('', wake),
  };
}
