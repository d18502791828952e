import type pg from 'pg';
import type { CloudEvent } from '../../contracts/events.ts';
import { sql } from './client.ts';
import { eventChannel, toRows, traceable } from './event-rows.ts';

/** Stores events within a transaction; one that is known already is left out. */
export async function publishEvents(tx: pg.PoolClient, events: readonly CloudEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(sql`
    with stored as (
      insert into events (source, id, type, subject, time, datacontenttype, data, extensions)
      select source, id, type, subject, time, datacontenttype, data, extensions
      from jsonb_to_recordset(${toRows(traceable(events))}::jsonb) as e (source text, id text, type text, subject text,
        time timestamptz, datacontenttype text, data jsonb, extensions jsonb)
      on conflict (source, id) do nothing returning 1
    )
    select pg_notify(${eventChannel}, '')::text from stored`);
}
