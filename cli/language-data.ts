import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InvalidArgumentError } from 'commander';
import type { ImportRecord, ResourceRecord, ResourceVersion } from '../contracts/language-data.ts';
import type { ApiClient } from './client.ts';
import { type Terminal, table, time } from './terminal.ts';
import { uploadFile } from './upload-file.ts';

/** Parses `en-de`, or with regions `en-US:de-AT`. */
export function languagePair(text: string): { source: string; target: string } {
  const parts = text.includes(':') ? text.split(':') : text.split('-');
  const [source = '', target = ''] = parts;
  if (parts.length === 2 && source !== '' && target !== '') return { source, target };
  throw new InvalidArgumentError('It must be two languages such as en-de, or en-US:de-AT.');
}

/** Sends a file to be imported, with a bar where someone watches. */
export function importFile(
  api: ApiClient,
  terminal: Terminal,
  path: string,
  file: string,
  options: Readonly<Record<string, string | boolean | undefined>>,
): Promise<ImportRecord> {
  const query = new URLSearchParams({ file: basename(file) });
  for (const [name, value] of Object.entries(options)) if (value !== undefined) query.set(name, String(value));
  return uploadFile(api, terminal, {
    path: `${path}/imports?${query}`,
    file,
    contentType: 'application/octet-stream',
  });
}

/** Writes what the API streams to a file, or to standard output. */
export async function saveDownload(api: ApiClient, path: string, out: string | undefined): Promise<void> {
  const body = await api.download(path);
  const to: Writable = out === undefined ? process.stdout : createWriteStream(out);
  await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), to, { end: out !== undefined });
}

export function resourcesTable(kind: string, resources: readonly ResourceRecord[]): string {
  return table(
    [kind, 'name', 'languages', 'domain', 'version', 'entries', 'changed'],
    resources.map((r) => [r.id, r.name, pairText(r), r.domain, r.version, r.entries, time(r.updatedAt)]),
    { right: ['version', 'entries'], empty: 'None. `create` makes one, `import` fills it.' },
  );
}

export function pairText({ source, target }: ResourceRecord): string {
  return `${source} → ${target}`;
}

export function versionsTable(versions: readonly ResourceVersion[]): string {
  return table(
    ['version', 'made', 'by', 'what', 'why or from'],
    versions.map((v) => [v.version, time(v.at), v.by, v.action, v.reason]),
    { empty: 'Nothing is in it yet.' },
  );
}

/** What became of the rows of a file, and the first faults. */
export function importText({ file, counts, version, faults, id }: ImportRecord): string {
  const { read, added, updated, unchanged, duplicate, faulty, removed } = counts;
  const what = { added, updated, unchanged, 'given again later': duplicate, removed, faulty };
  const parts = Object.entries(what).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  const more = faulty > faults.length ? [`  … ${faulty - faults.length} more: faults ${id}`] : [];
  return [
    `${file}: ${read} rows: ${parts.join(', ') || 'none'}; ${version === null ? 'nothing changed' : `version ${version}`}.`,
    ...faults.map(({ line, reason }) => `  line ${line}: ${reason}`),
    ...more,
  ].join('\n');
}
