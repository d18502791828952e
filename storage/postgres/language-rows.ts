import { PerennialError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type {
  ImportCounts,
  ImportFault,
  ImportRecord,
  ResourceKind,
  ResourceRecord,
  ResourceVersion,
} from '../../contracts/language-data.ts';
import type { StoredEntry } from '../../domain/ports/language-resources.ts';
import { iso } from './client.ts';

/** `valid_to` of what stands in the newest version. */
export const still = 2_147_483_647;

export interface ResourceRow {
  readonly number: number;
  readonly kind: ResourceKind;
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly domain: string;
  readonly version: number;
  readonly entries: number;
  readonly writing: number | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export function toResource(row: ResourceRow): ResourceRecord {
  const { number: _number, writing: _writing, created_by, created_at, updated_at, ...rest } = row;
  return { ...rest, createdBy: created_by, createdAt: iso(created_at), updatedAt: iso(updated_at) };
}

export interface EntryRow {
  readonly entry: string;
  readonly source: string;
  readonly target: string;
  readonly context: string;
  readonly domain: string;
  readonly note: string;
  readonly detail: JsonObject | null;
  readonly valid_from: number;
  readonly valid_to: number;
  readonly by: string;
  readonly reason: string;
  readonly import_id: string | null;
  readonly at: Date | string;
}

/** @param version the newest version: what an import that is not done has closed still stands. */
export function toEntry(row: EntryRow, version: number): StoredEntry {
  const { entry, source, target, context, domain, note, detail, valid_from, valid_to, by, reason, import_id, at } = row;
  return {
    id: entry,
    source,
    target,
    context,
    domain,
    note,
    detail,
    validFrom: valid_from,
    validTo: valid_to > version ? null : valid_to,
    by,
    reason,
    importId: import_id,
    at: new Date(at).toISOString(),
  };
}

export interface VersionRow {
  readonly version: number;
  readonly at: Date;
  readonly by: string;
  readonly action: string;
  readonly reason: string;
  readonly import_id: string | null;
}

export function toVersion({ version, at, by, action, reason, import_id }: VersionRow): ResourceVersion {
  return { version, at: iso(at), by, action, reason, importId: import_id };
}

export interface ImportRow {
  readonly id: string;
  readonly format: string;
  readonly mode: ImportRecord['mode'];
  readonly file: string;
  readonly sha256: string;
  readonly bytes: string;
  readonly status: ImportRecord['status'];
  readonly version: number | null;
  readonly counts: ImportCounts;
  readonly error: string | null;
  readonly by: string;
  readonly started_at: Date;
  readonly finished_at: Date | null;
}

export function toImport(row: ImportRow, resource: string, faults: readonly ImportFault[]): ImportRecord {
  const { id, format, mode, file, sha256, bytes, status, version, counts, error, by, started_at, finished_at } = row;
  return {
    id,
    resource,
    format,
    mode,
    file,
    sha256,
    bytes: Number(bytes),
    status,
    version,
    counts,
    faults,
    error,
    by,
    startedAt: iso(started_at),
    finishedAt: iso(finished_at),
  };
}

export function notFound(kind: ResourceKind, id: string): PerennialError {
  const plural = kind === 'memory' ? 'memories' : 'glossaries';
  return new PerennialError('NOT_FOUND', `There is no ${kind} "${id}".`, { remedy: `GET /v1/${plural} lists them.` });
}

/** An entry id or a cursor made of one, as PostgreSQL's bigint; null for anything else. */
export function entryNumber(text: string): string | null {
  return /^\d{1,18}$/.test(text) ? text : null;
}

/** {@link entryNumber} of a cursor; '0' without one. VALIDATION_FAILED when it is none of ours. */
export function readEntryCursor(cursor: string | undefined): string {
  const number = cursor === undefined ? '0' : entryNumber(cursor);
  if (number !== null) return number;
  throw new PerennialError('VALIDATION_FAILED', `The cursor "${cursor?.slice(0, 100)}" is not one this API gave.`, {
    remedy: 'Use `next` of the page before, with the same filters.',
  });
}

/** A text as search compares it, whatever the locale of the database: lower case, canonical composition. */
export function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
