import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InvalidArgumentError } from 'commander';
import { PerennialError } from '../contracts/errors.ts';
import type { ImportRecord, ResourceRecord, ResourceVersion } from '../contracts/language-data.ts';
import type { ApiClient } from './client.ts';
import { progressBar } from './progress-bar.ts';
import { type Terminal, table, time } from './terminal.ts';

/** Parses `en-de`, or with regions `en-US:de-AT`. */
export function languagePair(text: string): { source: string; target: string } {
  const parts = text.includes(':') ? text.split(':') : text.split('-');
  const [source = '', target = ''] = parts;
  if (parts.length === 2 && source !== '' && target !== '') return { source, target };
  throw new InvalidArgumentError('It must be two languages such as en-de, or en-US:de-AT.');
}

/** Sends a file to be imported, with a bar where someone watches. */
export async function importFile(
  api: ApiClient,
  terminal: Terminal,
  path: string,
  file: string,
  options: Readonly<Record<string, string | boolean | undefined>>,
): Promise<ImportRecord> {
  const size = sizeOf(file);
  const query = new URLSearchParams({ file: basename(file) });
  for (const [name, value] of Object.entries(options)) if (value !== undefined) query.set(name, String(value));
  const bar = progressBar(terminal, 'Import');
  async function* read(): AsyncGenerator<Uint8Array> {
    let done = 0;
    for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) {
      done += chunk.length;
      bar.update(Math.round(done / 1e5) / 10, Math.round(size / 1e5) / 10, 'MB');
      yield chunk;
    }
  }
  try {
    return await api.upload<ImportRecord>(`${path}/imports?${query}`, read(), 'application/octet-stream');
  } finally {
    bar.stop();
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    throw new PerennialError('SOURCE_INVALID', `${file} cannot be read: ${(error as Error).message}.`, {
      remedy: 'Give the path of a file.',
      cause: error,
    });
  }
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
