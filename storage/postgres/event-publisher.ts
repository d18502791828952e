import type { CloudEvent } from '../../contracts/events.ts';
import type { EventPublisher } from '../../domain/ports/events.ts';
import { type Connection, sql } from './client.ts';
import { eventChannel, toRows, traceable } from './event-rows.ts';

/** Events of one statement at most. */
const batchEvents = 500;
/** Two processes that store the same new events in another order may block each other; PostgreSQL ends one. */
const deadlock = '40P01';
const deadlockTries = 5;

interface Waiting {
  readonly events: readonly CloudEvent[];
  resolve(added: number): void;
  reject(error: unknown): void;
}

/**
 * Stores events. Calls that come while a statement is under way are stored together by the next one, so that under load
 * a commit serves many; each call resolves after the commit that holds its events.
 */
export function eventPublisher({ pool }: Connection): EventPublisher {
  const waiting: Waiting[] = [];
  let busy = false;

  const insert = async (events: readonly CloudEvent[]): Promise<Set<string>> => {
    for (let tries = 1; ; tries++) {
      try {
        const { rows } = await pool.query<{ source: string; id: string }>(sql`
          with given as (
            select * from rows from (jsonb_to_recordset(${toRows(events)}::jsonb) as (source text, id text, type text,
              subject text, time timestamptz, datacontenttype text, dataschema text, data jsonb, extensions jsonb)
            ) with ordinality as e (source, id, type, subject, time, datacontenttype, dataschema, data, extensions, position)
          ), stored as (
            insert into events (source, id, type, subject, time, datacontenttype, dataschema, data, extensions)
            select source, id, type, subject, time, datacontenttype, dataschema, data, extensions
            from given order by position
            on conflict (source, id) do nothing
            returning source, id
          )
          select source, id, pg_notify(${eventChannel}, '')::text from stored`);
        return new Set(rows.map(keyOf));
      } catch (error) {
        if ((error as { code?: unknown }).code !== deadlock || tries === deadlockTries) throw error;
      }
    }
  };

  const store = async (calls: readonly Waiting[]): Promise<void> => {
    try {
      const added = await insert(calls.flatMap((call) => call.events));
      // Of equal events in one statement, the first call's counts as the new one.
      for (const call of calls) call.resolve(call.events.filter((event) => added.delete(keyOf(event))).length);
    } catch (error) {
      // One call's fault is not to be the others'.
      if (calls.length === 1) calls[0]?.reject(error);
      else await Promise.all(calls.map((call) => store([call])));
    }
  };

  const drain = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      let [count, size] = [0, 0];
      for (const call of waiting) {
        if (count > 0 && size + call.events.length > batchEvents) break;
        size += call.events.length;
        count += 1;
      }
      await store(waiting.splice(0, count));
    }
    busy = false;
  };

  return {
    publish: (events) =>
      events.length === 0
        ? Promise.resolve(0)
        : new Promise((resolve, reject) => {
            waiting.push({ events: traceable(events), resolve, reject });
            if (!busy) void drain();
          }),
  };
}

function keyOf({ source, id }: { readonly source: string; readonly id: string }): string {
  return JSON.stringify([source, id]);
}
