import type { ResourceKind } from '../../contracts/language-data.ts';
import type { EntrySearch, LanguageResourceRepository } from '../../domain/ports/language-resources.ts';
import { type Connection, sql } from './client.ts';
import { type EntryRow, entryNumber, folded, type ResourceRow, readEntryCursor, toEntry } from './language-rows.ts';
import { escapeLike } from './like.ts';

type Reading = Pick<
  LanguageResourceRepository,
  'entries' | 'entry' | 'history' | 'bySource' | 'countDifferences' | 'differences' | 'countFeedback'
>;

/** Reading of entries: in a version are those with valid_from <= version < valid_to. */
export function languageEntries(
  { pool }: Connection,
  kind: ResourceKind,
  the: (id: string) => Promise<ResourceRow>,
): Reading {
  return {
    async entries(id, version, { after, limit }, search) {
      const { number, version: newest } = await the(id);
      const from = readEntryCursor(after);
      if (!search || Object.keys(search).length === 0) {
        const { rows } = await pool.query<EntryRow>(sql`
          select * from language_entries
          where resource = ${number} and entry > ${from} and valid_from <= ${version} and valid_to > ${version}
          order by entry limit ${limit}`);
        return rows.map((row) => toEntry(row, newest));
      }
      // Unnamed, so that the planner sees the pattern: whether an index over trigrams helps depends on it.
      const { rows } = await pool.query<EntryRow>(searchQuery(number, version, from, search, limit));
      return rows.map((row) => toEntry(row, newest));
    },
    async entry(id, entry, version) {
      const { number, version: newest } = await the(id);
      const { rows } = await pool.query<EntryRow>(sql`
        select * from language_entries
        where resource = ${number} and entry = ${entryNumber(entry)} and valid_from <= ${version} and valid_to > ${version}`);
      return rows[0] ? toEntry(rows[0], newest) : null;
    },
    async history(id, entry) {
      const { number, version } = await the(id);
      const { rows } = await pool.query<EntryRow>(sql`
        select * from language_entries
        where resource = ${number} and entry = ${entryNumber(entry)} and valid_from <= ${version} order by valid_from`);
      return rows.map((row) => toEntry(row, version));
    },
    async bySource(ids, hashes) {
      if (ids.length === 0 || hashes.length === 0) return [];
      const { rows } = await pool.query<EntryRow & { of: string; hash: string; version: number }>(sql`
        select e.*, r.id as of, r.version, encode(e.source_hash, 'hex') as hash
        from language_resources r join language_entries e on e.resource = r.number
        where r.kind = ${kind} and r.id = any (${ids})
          and e.source_hash = any (select decode(h, 'hex') from unnest(${hashes}::text[]) as h)
          and e.valid_from <= r.version and e.valid_to > r.version
        order by e.entry`);
      return rows.map((row) => ({ ...toEntry(row, row.version), resource: row.of, sourceHash: row.hash }));
    },
    async countDifferences(id, from, to) {
      const { number } = await the(id);
      const { rows } = await pool.query<{ added: number; removed: number; changed: number }>(sql`
        with a as (select * from language_entries where resource = ${number}
            and valid_from <= ${from} and valid_to > ${from} and valid_to <= ${to}),
          b as (select * from language_entries where resource = ${number}
            and valid_from <= ${to} and valid_to > ${to} and valid_from > ${from})
        select count(*) filter (where a.row is null)::int as added, count(*) filter (where b.row is null)::int as removed,
          count(*) filter (where (a.source, a.target, a.context, a.domain, a.note, a.detail)
            is distinct from (b.source, b.target, b.context, b.domain, b.note, b.detail)
            and a.row is not null and b.row is not null)::int as changed
        from a full join b on a.entry = b.entry`);
      return rows[0] ?? { added: 0, removed: 0, changed: 0 };
    },
    async differences(id, from, to, { after, limit }) {
      const { number, version } = await the(id);
      const { rows } = await pool.query<{ entry: string; before: EntryRow | null; after: EntryRow | null }>(sql`
        with a as (select * from language_entries where resource = ${number} and entry > ${readEntryCursor(after)}
            and valid_from <= ${from} and valid_to > ${from} and valid_to <= ${to}),
          b as (select * from language_entries where resource = ${number} and entry > ${readEntryCursor(after)}
            and valid_from <= ${to} and valid_to > ${to} and valid_from > ${from})
        select coalesce(a.entry, b.entry) as entry,
          case when a.row is not null then to_jsonb(a) - 'key' - 'source_hash' - 'folded_source' - 'folded_target' end as before,
          case when b.row is not null then to_jsonb(b) - 'key' - 'source_hash' - 'folded_source' - 'folded_target' end as after
        from a full join b on a.entry = b.entry
        where (a.source, a.target, a.context, a.domain, a.note, a.detail)
          is distinct from (b.source, b.target, b.context, b.domain, b.note, b.detail)
        order by 1 limit ${limit}`);
      // JSON has the numbers of entries as numbers.
      const read = (row: EntryRow | null) => row && toEntry({ ...row, entry: String(row.entry) }, version);
      return rows.map((row) => ({ entry: row.entry, before: read(row.before), after: read(row.after) }));
    },
    async countFeedback(id, since) {
      const { number, version } = await the(id);
      const { rows } = await pool.query<{ count: number }>(sql`
        select count(*)::int as count from language_entries
        where resource = ${number} and valid_from <= ${version} and valid_to > ${version}
          and origin = 'feedback' and at > ${since}`);
      return rows[0]?.count ?? 0;
    },
  };
}

function searchQuery(
  resource: number,
  version: number,
  from: string,
  { text, within = 'both', exact = false, domain, context, origin }: EntrySearch,
  limit: number,
): { text: string; values: unknown[] } {
  const values: unknown[] = [resource, version, from];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const conditions = ['resource = $1', 'valid_from <= $2', 'valid_to > $2', 'entry > $3'];
  if (text !== undefined) {
    const pattern = value(likePattern(text, exact));
    const columns = within === 'both' ? ['source', 'target'] : [within];
    conditions.push(`(${columns.map((column) => `folded_${column} like ${pattern}`).join(' or ')})`);
  }
  for (const [column, given] of Object.entries({ domain, context, origin }))
    if (given !== undefined) conditions.push(`${column} = ${value(given)}`);
  const where = conditions.join(' and ');
  return { text: `select * from language_entries where ${where} order by entry limit ${value(limit)}`, values };
}

/** A LIKE pattern that finds a text, or texts that hold it. */
function likePattern(text: string, exact: boolean): string {
  const escaped = escapeLike(folded(text));
  return exact ? escaped : `%${escaped}%`;
}
