import type { DeadlineDefinition, DeadlineRecord } from '../../contracts/deadlines.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { DeadlineRepository } from '../../domain/ports/deadlines.ts';
import { type Connection, iso, json, sql } from './client.ts';
import { deadlineDays } from './deadline-days.ts';
import { deadlineRuns } from './deadline-runs.ts';

interface Row {
  readonly id: string;
  readonly pipeline: string;
  readonly definition: DeadlineDefinition;
  readonly origin: DeadlineRecord['origin'];
  readonly hash: string;
  readonly since: Date;
  readonly created_at: Date;
}

/** Deadlines, their days and the runs that count for them. */
export function deadlineRepository(connection: Connection): DeadlineRepository {
  const { pool } = connection;
  return {
    ...deadlineDays(connection),
    ...deadlineRuns(connection),
    async list() {
      const { rows } = await pool.query<Row>(sql`select * from deadlines order by id`);
      return rows.map(toDeadline);
    },
    async get(id) {
      const { rows } = await pool.query<Row>(sql`select * from deadlines where id = ${id}`);
      return rows[0] ? toDeadline(rows[0]) : null;
    },
    async create({ definition, origin, hash }, now) {
      const { rows } = await pool.query<Row>(sql`
        insert into deadlines (id, pipeline, definition, origin, hash, since, created_at)
        values (${definition.id}, ${definition.pipeline}, ${json(definition)}::jsonb, ${origin}, ${hash}, ${now}, ${now})
        on conflict (id) do nothing returning *`);
      if (rows[0]) return toDeadline(rows[0]);
      throw new PerennialError('CONFLICT', `There is a deadline "${definition.id}" already.`, {
        remedy: 'Replace it with PUT, or choose another id.',
      });
    },
    async replace({ definition, origin, hash }, now) {
      const { rows } = await pool.query<Row>(sql`
        with replaced as (
          update deadlines set pipeline = ${definition.pipeline}, definition = ${json(definition)}::jsonb,
            origin = ${origin}, hash = ${hash}, since = ${now}
          where id = ${definition.id} returning *
        ), again as (
          delete from deadline_states d using replaced where d.deadline_id = replaced.id and d.due_at > ${now}
        )
        select * from replaced`);
      if (rows[0]) return toDeadline(rows[0]);
      throw new PerennialError('NOT_FOUND', `There is no deadline "${definition.id}".`, {
        remedy: 'GET /v1/deadlines lists them.',
      });
    },
    async remove(id) {
      return ((await pool.query(sql`delete from deadlines where id = ${id}`)).rowCount ?? 0) > 0;
    },
  };
}

function toDeadline({ created_at, since, ...row }: Row): DeadlineRecord {
  return { ...row, since: iso(since), createdAt: iso(created_at) };
}
