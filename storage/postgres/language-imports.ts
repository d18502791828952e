import type pg from 'pg';
import { PerennialError } from '../../contracts/errors.ts';
import type { ImportCounts, ImportFault } from '../../contracts/language-data.ts';
import type { LanguageResourceRepository } from '../../domain/ports/language-resources.ts';
import { type Connection, cursors, json, sql } from './client.ts';
import { folded, type ImportRow, type ResourceRow, still, toImport } from './language-rows.ts';
import { inTransaction, writing } from './language-writing.ts';

type Importing = Pick<
  LanguageResourceRepository,
  'startImport' | 'stage' | 'addFaults' | 'merge' | 'failImport' | 'import' | 'imports' | 'faults'
>;

/** Entries of a transaction. */
const batchSize = 2_000;
/** New rows after which the statistics of the planner are renewed. */
const analyzeFrom = 10_000;
/** An import that is running for longer has died. */
const giveUpMs = 86_400_000;
/** Faults an import's record shows. */
const firstFaults = 20;
const nothing: ImportCounts = { read: 0, added: 0, updated: 0, unchanged: 0, duplicate: 0, faulty: 0, removed: 0 };

export function languageImports({ pool }: Connection, the: (id: string) => Promise<ResourceRow>): Importing {
  const faults = async (importId: string, from: number, limit: number): Promise<ImportFault[]> => {
    const { rows } = await pool.query<ImportFault>(sql`
      select line, reason from language_import_faults
      where import_id = ${importId} and position >= ${from} order by position limit ${limit}`);
    return rows;
  };
  return {
    async startImport({ id, resource, format, mode, file, by }, now) {
      const { number } = await the(resource);
      await giveUp(pool, number, now);
      await pool.query(sql`
        insert into language_imports (id, resource, format, mode, file, status, counts, by, started_at)
        values (${id}, ${number}, ${format}, ${mode}, ${file}, 'running', ${json(nothing)}::jsonb, ${by}, ${now})`);
    },
    async stage(importId, position, rows) {
      const given = rows.map((row, i) => ({
        ...row,
        position: position + i,
        source_hash: row.sourceHash,
        folded_source: folded(row.source),
        folded_target: folded(row.target),
      }));
      await pool.query(sql`
        insert into language_import_rows
          (import_id, position, key, source_hash, source, target, context, domain, note, folded_source, folded_target, detail)
        select ${importId}, position, decode(key, 'hex'), decode(source_hash, 'hex'), source, target, context, domain,
          note, folded_source, folded_target, detail
        from json_to_recordset(${json(given)}::json) as r (position int, key text, source_hash text, source text,
          target text, context text, domain text, note text, folded_source text, folded_target text,
          detail jsonb)`);
    },
    async addFaults(importId, position, given) {
      await pool.query(sql`
        insert into language_import_faults (import_id, position, line, reason)
        select ${importId}, ${position}::int + i - 1, line, reason
        from rows from (json_to_recordset(${json(given)}::json) as (line int, reason text)) with ordinality as f (line, reason, i)`);
    },
    async merge(importId, end, now) {
      const record = await importRow(pool, importId);
      const { rows: owners } = await pool.query<ResourceRow>(sql`
        select r.* from language_resources r join language_imports i on i.resource = r.number where i.id = ${importId}`);
      const resource = owners[0] as ResourceRow;
      const counts = await writing(pool, resource, '15min', (client) =>
        mergeRows(client, resource.number, record, end, now),
      );
      await discard(pool, importId);
      return counts;
    },
    async failImport(importId, { sha256, bytes, read, faulty }, error, now) {
      await discard(pool, importId);
      await pool.query(sql`
        update language_imports set status = 'failed', error = ${error}, sha256 = ${sha256}, bytes = ${bytes},
          counts = ${json({ ...nothing, read, faulty })}::jsonb, finished_at = ${now}
        where id = ${importId}`);
    },
    async import(id, importId) {
      const { number } = await the(id);
      const { rows } = await pool.query<ImportRow>(sql`
        select * from language_imports where resource = ${number} and id = ${importId}`);
      return rows[0] ? toImport(rows[0], id, await faults(importId, 0, firstFaults)) : null;
    },
    async imports(id, { cursor, limit }) {
      const { number } = await the(id);
      const from = cursors.read(cursor);
      const { rows } = await pool.query<ImportRow>(sql`
        select * from language_imports
        where resource = ${number}
          and (${from?.at ?? null}::timestamptz is null or (started_at, id) < (${from?.at ?? null}, ${from?.id ?? null}))
        order by started_at desc, id desc limit ${limit + 1}`);
      const imports = rows.slice(0, limit).map((row) => toImport(row, id, []));
      const last = imports.at(-1);
      return { imports, next: rows.length > limit && last ? cursors.write(last.startedAt, last.id) : null };
    },
    faults,
  };
}

/** Ends imports whose process must have died, so that their rows do not stay for ever. */
async function giveUp(pool: pg.Pool, number: number, now: Date): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(sql`
    update language_imports set status = 'failed', finished_at = ${now}, error = 'It did not come to its end within a day.'
    where resource = ${number} and status = 'running' and started_at < ${new Date(now.getTime() - giveUpMs)} returning id`);
  for (const { id } of rows) await discard(pool, id);
}

async function importRow(pool: pg.Pool, id: string): Promise<ImportRow> {
  const { rows } = await pool.query<ImportRow>(sql`select * from language_imports where id = ${id}`);
  if (rows[0]) return rows[0];
  throw new PerennialError('NOT_FOUND', `There is no import "${id}".`, {
    remedy: 'What it was for may have been removed meanwhile.',
  });
}

/** Turns staged rows into a version. It shows when it is whole: until then the resource has its version before. */
async function mergeRows(
  client: pg.PoolClient,
  number: number,
  { id, by, mode, file }: ImportRow,
  { sha256, bytes, read, faulty }: { sha256: string; bytes: number; read: number; faulty: number },
  now: Date,
): Promise<ImportCounts> {
  const { rows } = await client.query<{ next: number }>(sql`
    update language_resources set writing = version + 1 where number = ${number} returning writing as next`);
  const next = rows[0]?.next as number;
  let [added, updated, unchanged] = [0, 0, 0];
  for (let from = 0; from < read - faulty; from += batchSize) {
    const batch = await mergeBatch(client, number, id, next, from, by, now);
    added += batch.added;
    updated += batch.updated;
    unchanged += batch.unchanged;
  }
  const removed = mode === 'replace' ? await closeMissing(client, number, id, next) : 0;
  const duplicate = read - faulty - added - updated - unchanged;
  const counts = { read, added, updated, unchanged, duplicate, faulty, removed };
  const isChanged = added + updated + removed > 0;
  await inTransaction(client, async () => {
    if (isChanged) {
      await client.query(sql`
        insert into language_versions (resource, version, at, by, action, reason, import_id)
        values (${number}, ${next}, ${now}, ${by}, 'import', ${file}, ${id})`);
      await client.query(sql`
        update language_resources set version = ${next}, entries = entries + ${added - removed}, updated_at = ${now}
        where number = ${number}`);
    }
    await client.query(sql`update language_resources set writing = null where number = ${number}`);
    await client.query(sql`
      update language_imports set status = 'done', version = ${isChanged ? next : null}, counts = ${json(counts)}::jsonb,
        sha256 = ${sha256}, bytes = ${bytes}, finished_at = ${now}
      where id = ${id}`);
  });
  // Search chooses between its indexes by what the planner knows, which lags behind a large import otherwise.
  if (added + updated >= analyzeFrom) await client.query('analyze language_entries');
  return counts;
}

/** Rows from a position on, in the order of the file; those whose key comes again later are left out. */
function mergeBatch(
  client: pg.PoolClient,
  number: number,
  importId: string,
  next: number,
  from: number,
  by: string,
  now: Date,
): Promise<{ added: number; updated: number; unchanged: number }> {
  const to = from + batchSize;
  return inTransaction(client, async () => {
    // Laterals look each key up in the unique index, whatever the planner thinks of tables that have just been filled.
    const closed = await client.query(sql`
      with last as materialized (select r.* from language_import_rows r
          where r.import_id = ${importId} and r.position >= ${from} and r.position < ${to} and r.position = (
            select max(l.position) from language_import_rows l where l.import_id = ${importId} and l.key = r.key)),
        changed as materialized (select e."row" from last r cross join lateral (select * from language_entries
            where resource = ${number} and key = r.key and valid_to = ${still} offset 0) e
          where (e.source, e.target, e.context, e.domain, e.note, e.detail)
            is distinct from (r.source, r.target, r.context, r.domain, r.note, r.detail))
      update language_entries set valid_to = ${next} where "row" = any (array(select "row" from changed))`);
    const { rows } = await client.query<{ last: number; inserted: number }>(sql`
      with last as materialized (select r.* from language_import_rows r
          where r.import_id = ${importId} and r.position >= ${from} and r.position < ${to} and r.position = (
            select max(l.position) from language_import_rows l where l.import_id = ${importId} and l.key = r.key)),
        fresh as materialized (select r.*, old.entry from last r
          left join lateral (select entry from language_entries
            where resource = ${number} and key = r.key and valid_to = ${next} offset 0) old on true
          left join lateral (select "row" from language_entries
            where resource = ${number} and key = r.key and valid_to = ${still} offset 0) e on true
          where e."row" is null),
        inserted as (insert into language_entries (resource, entry, key, source_hash, source, target, context, domain,
            note, folded_source, folded_target, detail, valid_from, origin, by, reason, import_id, at)
          select ${number}, coalesce(entry, nextval(pg_get_serial_sequence('language_entries', 'row'))), key,
            source_hash, source, target, context, domain, note, folded_source, folded_target, detail, ${next}, 'import',
            ${by}, '', ${importId}, ${now}
          from fresh order by position returning 1)
      select (select count(*)::int from last) as last, (select count(*)::int from inserted) as inserted`);
    const { last = 0, inserted = 0 } = rows[0] ?? {};
    const updated = closed.rowCount ?? 0;
    return { added: inserted - updated, updated, unchanged: last - inserted };
  });
}

/** Ends the entries that the import does not have; returns how many. */
async function closeMissing(client: pg.PoolClient, number: number, importId: string, next: number): Promise<number> {
  let count = 0;
  for (let after = '0'; ; ) {
    const { rows } = await client.query<{ last: string; count: number; closed: number }>(sql`
      with batch as (select "row", key from language_entries
          where resource = ${number} and valid_to = ${still} and "row" > ${after} order by "row" limit ${batchSize}),
        missing as materialized (select b."row" from batch b left join lateral (select 1 as found
            from language_import_rows r where r.import_id = ${importId} and r.key = b.key limit 1) r on true
          where r.found is null),
        closed as (update language_entries set valid_to = ${next} where "row" = any (array(select "row" from missing))
          returning 1)
      select max("row") as last, count(*)::int as count, (select count(*)::int from closed) as closed from batch`);
    const [batch] = rows;
    if (!batch || batch.count === 0) return count;
    count += batch.closed;
    after = batch.last;
  }
}

/** Removes staged rows, some thousand at a time. */
async function discard(pool: pg.Pool, importId: string): Promise<void> {
  for (let from = 0; ; from += 10 * batchSize) {
    const to = from + 10 * batchSize;
    await pool.query(sql`
      delete from language_import_rows where import_id = ${importId} and position >= ${from} and position < ${to}`);
    const { rowCount } = await pool.query(sql`
      select 1 from language_import_rows where import_id = ${importId} limit 1`);
    if (rowCount === 0) return;
  }
}
