import { PerennialError } from '../../contracts/errors.ts';
import type { ResourceKind } from '../../contracts/language-data.ts';
import type { LanguageResourceRepository } from '../../domain/ports/language-resources.ts';
import { type Connection, sql } from './client.ts';
import { languageEdits } from './language-edits.ts';
import { languageEntries } from './language-entries.ts';
import { languageImports } from './language-imports.ts';
import { notFound, type ResourceRow, toResource, toVersion, type VersionRow } from './language-rows.ts';

const uniqueViolation = '23505';

/** Memories or glossaries in PostgreSQL. */
export function languageResources(connection: Connection, kind: ResourceKind): LanguageResourceRepository {
  const { pool } = connection;
  const find = async (id: string): Promise<ResourceRow | null> => {
    const { rows } = await pool.query<ResourceRow>(sql`
      select * from language_resources where kind = ${kind} and id = ${id}`);
    return rows[0] ?? null;
  };
  const the = async (id: string): Promise<ResourceRow> => {
    const row = await find(id);
    if (row) return row;
    throw notFound(kind, id);
  };
  return {
    async create({ id, name, source, target, domain, by }, now) {
      const { rows } = await pool
        .query<ResourceRow>(sql`
          insert into language_resources (kind, id, name, source, target, domain, created_by, created_at, updated_at)
          values (${kind}, ${id}, ${name}, ${source}, ${target}, ${domain}, ${by}, ${now}, ${now}) returning *`)
        .catch((error: unknown) => {
          if ((error as { code?: unknown }).code !== uniqueViolation) throw error;
          throw new PerennialError('CONFLICT', `There is a ${kind} "${id}" already.`, {
            remedy: 'Choose another id.',
          });
        });
      return toResource(rows[0] as ResourceRow);
    },
    async list({ after, limit }) {
      const { rows } = await pool.query<ResourceRow>(sql`
        select * from language_resources where kind = ${kind} and id > ${after ?? ''} order by id limit ${limit}`);
      return rows.map(toResource);
    },
    async get(id) {
      const row = await find(id);
      return row && toResource(row);
    },
    async change(id, { name, domain }, now) {
      const { rows } = await pool.query<ResourceRow>(sql`
        update language_resources
        set name = coalesce(${name ?? null}, name), domain = coalesce(${domain ?? null}, domain), updated_at = ${now}
        where kind = ${kind} and id = ${id} returning *`);
      if (!rows[0]) throw notFound(kind, id);
      return toResource(rows[0]);
    },
    async remove(id) {
      const { rowCount } = await pool.query(sql`
        delete from language_resources where kind = ${kind} and id = ${id}`);
      return (rowCount ?? 0) > 0;
    },
    async versions(id, { before, limit }) {
      const { number } = await the(id);
      const { rows } = await pool.query<VersionRow>(sql`
        select * from language_versions
        where resource = ${number} and (${before ?? null}::int is null or version < ${before ?? null})
        order by version desc limit ${limit}`);
      return rows.map(toVersion);
    },
    ...languageEntries(connection, kind, the),
    ...languageEdits(connection, the),
    ...languageImports(connection, the),
  };
}
