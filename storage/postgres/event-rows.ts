import type { CloudEvent, EventRecord } from '../../contracts/events.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { traceparentName } from '../../contracts/tracing.ts';
import { activeTraceparent } from '../../telemetry/tracing.ts';
import { iso, json } from './client.ts';

/** The channel on which processes hear that events were stored. */
export const eventChannel = 'perennial_event';

/** A row of `events` as the pg driver gives it. */
export interface EventRow {
  readonly sequence: string;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly subject: string | null;
  readonly time: Date;
  readonly datacontenttype: string | null;
  readonly dataschema: string | null;
  readonly data: Json;
  readonly extensions: JsonObject | null;
  readonly received_at: Date;
  readonly queued_at: Date | null;
  readonly processed_at: Date | null;
  readonly attempts: number;
  readonly failed_at: Date | null;
  readonly error: EventRecord['error'];
}

export function toEvent(row: EventRow): EventRecord {
  return {
    sequence: Number(row.sequence),
    specversion: '1.0',
    id: row.id,
    source: row.source,
    type: row.type,
    ...(row.subject === null ? {} : { subject: row.subject }),
    time: iso(row.time),
    ...(row.datacontenttype === null ? {} : { datacontenttype: row.datacontenttype }),
    ...(row.dataschema === null ? {} : { dataschema: row.dataschema }),
    ...(row.data === null ? {} : { data: row.data }),
    ...(row.extensions === null ? {} : { extensions: row.extensions }),
    receivedAt: iso(row.received_at),
    queuedAt: iso(row.queued_at),
    processedAt: iso(row.processed_at),
    attempts: row.attempts,
    failedAt: iso(row.failed_at),
    error: row.error,
  };
}

/**
 * Events with where their trace goes on, by the extension of CloudEvents for it, so that whoever works on one hours later
 * is part of the trace. What a sender has written there stays.
 */
export function traceable<Event extends CloudEvent>(events: readonly Event[]): readonly Event[] {
  const traceparent = activeTraceparent();
  if (traceparent === undefined) return events;
  return events.map((event) => ({ ...event, extensions: { [traceparentName]: traceparent, ...event.extensions } }));
}

/** Events as one JSON parameter, read by `jsonb_to_recordset`: one statement whatever their number. */
export function toRows(events: readonly CloudEvent[]): string {
  return json(
    events.map(({ specversion: _, ...event }) => ({
      ...event,
      // jsonb's null would be stored as the JSON value.
      ...(event.data === null ? { data: undefined } : {}),
    })),
  );
}
