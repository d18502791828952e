import type { Alert, AlertChange } from '../../contracts/alerts.ts';
import { type AlertChangedData, alertEvents, type CloudEvent } from '../../contracts/events.ts';
import type { AlertRepository, StoredAlert } from '../../domain/ports/alerts.ts';
import { activeTraceparent, traced } from '../../telemetry/tracing.ts';
import { type AlertRow, toAlert } from './alert-rows.ts';
import { type Connection, cursors, iso, json, sql } from './client.ts';
import { insertNotifications } from './notifications.ts';
import { publishEvents } from './publish-events.ts';
import { silencesOf } from './silences.ts';
import { transaction } from './transaction.ts';

/** Alerts, what became of them, and the silences over them. */
export function alertRepository(connection: Connection): AlertRepository {
  const { pool } = connection;
  return {
    ...silencesOf(connection),
    async claimRound(by, everyMs) {
      const { rowCount } = await pool.query(sql`
        insert into alert_rounds as r (id, at, by) values (1, now(), ${by})
        on conflict (id) do update set at = now(), by = excluded.by
        where r.at <= now() - ${everyMs} * interval '1 millisecond'`);
      return (rowCount ?? 0) > 0;
    },
    async lastRound() {
      const { rows } = await pool.query<{ at: Date; by: string; age_ms: number }>(sql`
        select at, by, extract(epoch from now() - at)::double precision * 1000 as age_ms from alert_rounds where id = 1`);
      return rows[0] ? { at: iso(rows[0].at), by: rows[0].by, ageMs: rows[0].age_ms } : null;
    },
    async open() {
      const { rows } = await pool.query<AlertRow>(
        sql`select * from alerts where open_key is not null order by fired_at, id`,
      );
      return rows.map(toStored);
    },
    async resolvedByHand(from) {
      const { rows } = await pool.query<{ definition: string; key: string; at: Date }>(sql`
        select definition, key, max(resolved_at) as at from alerts
        where resolved_at > ${from} and resolved_by is not null group by definition, key`);
      return new Map(rows.map(({ definition, key, at }) => [`${definition}/${key}`, iso(at)]));
    },
    async get(id) {
      const { rows } = await pool.query<AlertRow>(sql`select * from alerts where id = ${id}`);
      return rows[0] ? toStored(rows[0]) : null;
    },
    async list({ states, pipeline, market, definition, severity }, { limit, cursor }) {
      const after = cursors.read(cursor);
      const { rows } = await pool.query<AlertRow>(sql`
        select * from alerts
        where (${states ?? null}::text[] is null or state = any(${states ?? null}))
          and (${pipeline ?? null}::text is null or pipeline = ${pipeline ?? null})
          and (${market ?? null}::text is null or market = ${market ?? null})
          and (${definition ?? null}::text is null or definition = ${definition ?? null})
          and (${severity ?? null}::text is null or severity = ${severity ?? null})
          and (${after?.at ?? null}::timestamptz is null or (fired_at, id) < (${after?.at ?? null}, ${after?.id ?? null}))
        order by fired_at desc, id desc limit ${limit + 1}`);
      const alerts = rows.slice(0, limit).map(toAlert);
      const last = alerts.at(-1);
      return { alerts, next: rows.length > limit && last ? cursors.write(last.firedAt, last.id) : null };
    },
    async changes(id) {
      const { rows } = await pool.query<{ at: Date; kind: AlertChange['kind']; by: string | null; note: string }>(sql`
        select at, kind, by, note from alert_changes where alert_id = ${id} order by id`);
      return rows.map(({ at, ...row }) => ({ ...row, at: iso(at) }));
    },
    save: (alert, version, changes, notifications, now, cause) =>
      tracedChange(alert, changes, cause, () =>
        transaction(pool, async (tx) => {
          const traceparent = activeTraceparent() ?? cause ?? null;
          const { rowCount } = await tx.query(
            version === 0 ? inserting(alert, changes, traceparent) : updating(alert, version, changes),
          );
          if ((rowCount ?? 0) === 0) return false;
          await tx.query(sql`
          insert into alert_changes (alert_id, at, kind, by, note)
          select ${alert.id}, at, kind, by, note
          from jsonb_to_recordset(${json(changes)}::jsonb) as c (at timestamptz, kind text, by text, note text)`);
          await insertNotifications(tx, notifications, now, traceparent);
          await publishEvents(tx, eventsOf(alert, version + 1, changes));
          return true;
        }),
      ),
    async forget(before, limit) {
      const { rowCount } = await pool.query(sql`
        delete from alerts where id in (select id from alerts where resolved_at < ${before} limit ${limit})`);
      return rowCount ?? 0;
    },
  };
}

function toStored(row: AlertRow): StoredAlert {
  return { alert: toAlert(row), version: row.version, traceparent: row.traceparent };
}

/** What becomes of an alert is a span of the trace of what it is about; messages and events go on from there. */
function tracedChange<T>(
  { id, definition, severity }: Alert,
  [first]: readonly AlertChange[],
  parent: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const attributes = {
    'perennial.alert.id': id,
    'perennial.alert.definition': definition,
    'perennial.alert.severity': severity,
  };
  return traced(`alert ${first?.kind ?? 'changed'}`, { attributes, parent }, work);
}

function openKeyOf({ definition, key, state }: Alert): string | null {
  return state === 'resolved' ? null : `${definition}/${key}`;
}

function resolverOf({ state }: Alert, changes: readonly AlertChange[]): string | null {
  return state === 'resolved' ? (changes.find(({ kind }) => kind === 'resolved')?.by ?? null) : null;
}

function inserting(alert: Alert, changes: readonly AlertChange[], traceparent: string | null) {
  const { text, findings } = alert;
  return sql`
    insert into alerts (id, definition, definition_version, key, open_key, pipeline, market, severity, state, text, findings,
      finding_count, since, fired_at, acknowledged_at, acknowledged_by, escalated_at, resolved_at, resolved_by, resolution,
      silenced_by, notified_at, traceparent, version)
    values (${alert.id}, ${alert.definition}, ${alert.definitionVersion}, ${alert.key}, ${openKeyOf(alert)},
      ${alert.pipeline}, ${alert.market}, ${alert.severity}, ${alert.state}, ${json(text)}::jsonb, ${json(findings)}::jsonb,
      ${alert.findingCount}, ${alert.since}, ${alert.firedAt}, ${alert.acknowledgedAt}, ${alert.acknowledgedBy},
      ${alert.escalatedAt}, ${alert.resolvedAt}, ${resolverOf(alert, changes)}, ${alert.resolution}, ${alert.silencedBy},
      ${alert.notifiedAt}, ${traceparent}, 1)
    on conflict (open_key) do nothing`;
}

function updating(alert: Alert, version: number, changes: readonly AlertChange[]) {
  const { text, findings } = alert;
  return sql`
    update alerts set definition_version = ${alert.definitionVersion}, open_key = ${openKeyOf(alert)},
      severity = ${alert.severity}, state = ${alert.state}, text = ${json(text)}::jsonb,
      findings = ${json(findings)}::jsonb, finding_count = ${alert.findingCount}, since = ${alert.since},
      acknowledged_at = ${alert.acknowledgedAt}, acknowledged_by = ${alert.acknowledgedBy},
      escalated_at = ${alert.escalatedAt}, resolved_at = ${alert.resolvedAt}, resolved_by = ${resolverOf(alert, changes)},
      resolution = ${alert.resolution}, silenced_by = ${alert.silencedBy}, notified_at = ${alert.notifiedAt},
      version = version + 1
    where id = ${alert.id} and version = ${version}`;
}

/** What others may want to know of: not that an alert goes on. */
const toldChanges: ReadonlySet<AlertChange['kind']> = new Set(['fired', 'acknowledged', 'escalated', 'resolved']);

function eventsOf(alert: Alert, version: number, changes: readonly AlertChange[]): CloudEvent[] {
  const { id, definition, pipeline, market, severity, text } = alert;
  return changes
    .filter(({ kind }) => toldChanges.has(kind))
    .map(({ kind, at, by }): CloudEvent => {
      const data: AlertChangedData = { alert: id, definition, pipeline, market, severity, title: text.title, by };
      return {
        specversion: '1.0',
        source: `/alerts/${definition}`,
        id: `${id}/${version}/${kind}`,
        type: `${alertEvents}${kind}`,
        subject: id,
        time: at,
        datacontenttype: 'application/json',
        data: { ...data },
      };
    });
}
