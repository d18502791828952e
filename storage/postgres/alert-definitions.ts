import type { AlertDefinition, AlertDefinitionRecord } from '../../contracts/alerts.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { AlertDefinitionRepository } from '../../domain/ports/alerts.ts';
import { type Connection, iso, json, sql } from './client.ts';

interface Row {
  readonly id: string;
  readonly definition: AlertDefinition;
  readonly origin: AlertDefinitionRecord['origin'];
  readonly enabled: boolean;
  readonly note: string;
  readonly version: number;
  readonly hash: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export function alertDefinitionRepository({ pool }: Connection): AlertDefinitionRepository {
  return {
    async list() {
      const { rows } = await pool.query<Row>(sql`select * from alert_definitions order by id`);
      return rows.map(toRecord);
    },
    async get(id) {
      const { rows } = await pool.query<Row>(sql`select * from alert_definitions where id = ${id}`);
      return rows[0] ? toRecord(rows[0]) : null;
    },
    async create({ definition, origin, hash }, now) {
      const { rows } = await pool.query<Row>(sql`
        insert into alert_definitions (id, definition, origin, hash, created_at, updated_at)
        values (${definition.id}, ${json(definition)}::jsonb, ${origin}, ${hash}, ${now}, ${now})
        on conflict (id) do nothing returning *`);
      if (rows[0]) return toRecord(rows[0]);
      throw new PerennialError('CONFLICT', `There is an alert definition "${definition.id}" already.`, {
        remedy: 'Replace it with PUT, or choose another id.',
      });
    },
    async replace({ definition, origin, hash }, now) {
      const { rows } = await pool.query<Row>(sql`
        update alert_definitions set definition = ${json(definition)}::jsonb, origin = ${origin}, hash = ${hash},
          version = version + 1, updated_at = ${now}
        where id = ${definition.id} returning *`);
      return one(rows, definition.id);
    },
    async setEnabled(id, enabled, note, now) {
      const { rows } = await pool.query<Row>(sql`
        update alert_definitions set enabled = ${enabled}, note = ${note}, updated_at = ${now}
        where id = ${id} returning *`);
      return one(rows, id);
    },
    async remove(id) {
      return ((await pool.query(sql`delete from alert_definitions where id = ${id}`)).rowCount ?? 0) > 0;
    },
  };
}

function one(rows: readonly Row[], id: string): AlertDefinitionRecord {
  if (rows[0]) return toRecord(rows[0]);
  throw new PerennialError('NOT_FOUND', `There is no alert definition "${id}".`, {
    remedy: 'GET /v1/alert-definitions lists them.',
  });
}

function toRecord({ created_at, updated_at, ...row }: Row): AlertDefinitionRecord {
  return { ...row, createdAt: iso(created_at), updatedAt: iso(updated_at) };
}
