import type pg from 'pg';
import { PerennialError } from '../../contracts/errors.ts';
import type {
  EditNote,
  EntryEdit,
  KeyedContent,
  LanguageResourceRepository,
} from '../../domain/ports/language-resources.ts';
import { type Connection, json, sql } from './client.ts';
import { type EntryRow, entryNumber, folded, type ResourceRow, still, toEntry } from './language-rows.ts';
import { inTransaction, writing } from './language-writing.ts';

type Row = EntryRow & { readonly row: string; readonly key: Buffer };

/** Changes of entries by hand: each call is a version. */
export function languageEdits(
  { pool }: Connection,
  the: (id: string) => Promise<ResourceRow>,
): Pick<LanguageResourceRepository, 'edit'> {
  return {
    async edit(id, edits, note, now) {
      const found = await the(id);
      return writing(pool, found, '10s', (client) =>
        inTransaction(client, async () => {
          // As it is now that nobody else writes.
          const { rows } = await client.query<ResourceRow>(sql`
            select * from language_resources where number = ${found.number} for update`);
          const resource = rows[0] as ResourceRow;
          const next = resource.version + 1;
          const edited: (EntryRow | null)[] = [];
          let [changed, entries] = [false, resource.entries];
          for (const edit of edits) {
            const before = await standing(client, resource, edit);
            if (edit.kind === 'put' && before && isSame(before, edit.content)) {
              edited.push(before);
              continue;
            }
            changed = true;
            if (before) await close(client, before, next);
            if (edit.kind === 'delete') entries -= 1;
            else if (!before) entries += 1;
            edited.push(
              edit.kind === 'delete'
                ? null
                : await insert(client, resource, edit.content, before?.entry ?? null, next, note, now),
            );
          }
          if (changed) {
            await client.query(sql`
              update language_resources set version = ${next}, entries = ${entries}, updated_at = ${now}
              where number = ${resource.number}`);
            await client.query(sql`
              insert into language_versions (resource, version, at, by, action, reason)
              values (${resource.number}, ${next}, ${now}, ${note.by}, ${note.action}, ${note.reason})`);
          }
          return edited.map((row) => row && toEntry(row, changed ? next : resource.version));
        }),
      );
    },
  };
}

/** The entry an edit is about, as it stands; null for a new one. */
async function standing(client: pg.PoolClient, resource: ResourceRow, edit: EntryEdit): Promise<Row | null> {
  const { number, id } = resource;
  const byKey = async (key: string): Promise<Row | null> => {
    const { rows } = await client.query<Row>(sql`
      select * from language_entries where resource = ${number} and key = decode(${key}, 'hex') and valid_to = ${still}`);
    return rows[0] ?? null;
  };
  if (edit.id === undefined) return edit.kind === 'put' ? byKey(edit.content.key) : null;
  const { rows } = await client.query<Row>(sql`
    select * from language_entries where resource = ${number} and entry = ${entryNumber(edit.id)} and valid_to = ${still}`);
  const [row] = rows;
  if (!row) {
    throw new PerennialError('NOT_FOUND', `"${id}" has no entry ${edit.id.slice(0, 100)}.`, {
      remedy: 'Search lists its entries.',
    });
  }
  if (edit.kind === 'delete' || row.key.toString('hex') === edit.content.key) return row;
  const other = await byKey(edit.content.key);
  if (!other) return row;
  throw new PerennialError('CONFLICT', `Entry ${other.entry} of "${id}" would be the same.`, {
    remedy: 'Change that one, or give this one another context.',
  });
}

function isSame(row: EntryRow, content: KeyedContent): boolean {
  const { source, target, context, domain, note } = row;
  return (
    source === content.source &&
    target === content.target &&
    context === content.context &&
    domain === content.domain &&
    note === content.note &&
    sorted(row.detail) === sorted(content.detail)
  );
}

/** JSON with its keys in order: jsonb keeps none. */
function sorted(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

async function close(client: pg.PoolClient, { row, valid_from }: Row, next: number): Promise<void> {
  // Changed twice by the same call: only the last state ever stood.
  if (valid_from === next) await client.query(sql`delete from language_entries where "row" = ${row}`);
  else await client.query(sql`update language_entries set valid_to = ${next} where "row" = ${row}`);
}

async function insert(
  client: pg.PoolClient,
  { number }: ResourceRow,
  content: KeyedContent,
  entry: string | null,
  next: number,
  { by, reason, origin }: EditNote,
  now: Date,
): Promise<EntryRow> {
  const { key, sourceHash, source, target, context, domain, note, detail } = content;
  const { rows } = await client.query<EntryRow>(sql`
    insert into language_entries (resource, entry, key, source_hash, source, target, context, domain, note,
      folded_source, folded_target, detail, valid_from, origin, by, reason, at)
    values (${number}, coalesce(${entry}::bigint, nextval(pg_get_serial_sequence('language_entries', 'row'))),
      decode(${key}, 'hex'), decode(${sourceHash}, 'hex'), ${source}, ${target}, ${context}, ${domain}, ${note},
      ${folded(source)}, ${folded(target)},
      ${detail === null ? null : json(detail)}::jsonb, ${next}, ${origin}, ${by}, ${reason}, ${now})
    returning *`);
  return rows[0] as EntryRow;
}
