import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { DocumentFormat } from '../contracts/document-formats.ts';
import type { DocumentRecord } from '../contracts/documents.ts';
import { PerennialError } from '../contracts/errors.ts';
import type { ApiClient } from './client.ts';
import { watchRun } from './progress.ts';
import { saveFile } from './save-file.ts';
import { duration, type Terminal } from './terminal.ts';

export interface DocumentFileOptions {
  readonly pair: { readonly source: string; readonly target: string };
  readonly format: DocumentFormat;
  /** Ids of the installation. */
  readonly glossary: readonly string[];
  /** Ids; empty: all of the pair. */
  readonly memory: readonly string[];
  /** False: no memory at all. */
  readonly memories: boolean;
  readonly threshold: number;
  /** Version or alias. */
  readonly model: string;
  readonly existing: 'keep' | 'replace';
  readonly encoding?: string;
  readonly in: string;
  readonly out: string;
  readonly signal: AbortSignal;
}

/**
 * Translates a document by a run of the installation, and fetches the result. Afterwards, or when it is interrupted, the
 * installation keeps nothing of it. The output is there whole or not at all.
 *
 * @throws SOURCE_INVALID for a file that cannot be read, what the run failed with, CANCELLED.
 */
export async function translateDocumentFile(
  api: ApiClient,
  terminal: Terminal,
  options: DocumentFileOptions,
): Promise<DocumentRecord> {
  checkIds('glossary', options.glossary, 'glossaries');
  checkIds('memory', options.memory, 'memories');
  checkFile(options.in);
  const sent = await api.upload<DocumentRecord>(
    `/v1/documents?${queryOf(options)}`,
    createReadStream(options.in),
    'application/octet-stream',
  );
  const path = `/v1/documents/${sent.id}`;
  try {
    await watchRun(api, sent.run, new Map([['translate', 'Translate']]), terminal, options.signal).catch(
      (error: unknown) => {
        if (!options.signal.aborted) throw error;
      },
    );
    const document = await api.get<DocumentRecord>(path);
    if (document.status === 'failed' && document.error) throw PerennialError.fromInfo(document.error);
    if (document.status !== 'succeeded') {
      const how = document.finishedAt === null ? 'interrupted' : document.status;
      throw new PerennialError('CANCELLED', `The translation of ${basename(options.in)} was ${how}.`);
    }
    await saveFile(options.out, () => api.download(`${path}/content`));
    return document;
  } finally {
    await api.delete(path);
  }
}

/** What a translation was made of, for people. */
export function documentText({ evidence, characters, startedAt, finishedAt }: DocumentRecord, out: string): string {
  if (!evidence) return out;
  const { segments, kept, terms, warnings, model } = evidence;
  const took = duration(Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? ''));
  const by = model ? ` by version ${model.version} of ${model.name}` : '';
  const { total, exact, fuzzy, mixed } = segments;
  return [
    `${total} segments with ${characters} characters${by} in ${took}, in ${out}`,
    `${exact} out of a memory, ${mixed} in part, ${fuzzy} with a similar sentence${kept > 0 ? `; ${kept} had a translation and keep it` : ''}`,
    ...(terms.applied + terms.missed > 0
      ? [`${terms.applied} of ${terms.applied + terms.missed} terms used, ${terms.enforced} of them enforced`]
      : []),
    ...Object.entries(warnings).map(([code, count]) => `${count} × ${code}`),
  ].join('\n');
}

function queryOf(options: DocumentFileOptions): URLSearchParams {
  const { pair, format, glossary, memory, memories, threshold, model, existing, encoding } = options;
  return new URLSearchParams({
    name: basename(options.in),
    format,
    source: pair.source,
    target: pair.target,
    memory: String(memories),
    threshold: String(threshold),
    model,
    existing,
    ...(glossary.length > 0 ? { glossaries: glossary.join(',') } : {}),
    ...(memories && memory.length > 0 ? { memories: memory.join(',') } : {}),
    ...(encoding === undefined ? {} : { encoding }),
  });
}

/** The run reads glossaries and memories of the installation, not files of this machine. */
function checkIds(option: string, given: readonly string[], kind: string): void {
  const file = given.find((one) => !/^[a-z0-9][a-z0-9-]{0,62}$/.test(one));
  if (file === undefined) return;
  throw new PerennialError('VALIDATION_FAILED', `--${option} ${file} is no id; a document takes no files.`, {
    fields: [{ field: option, value: file, message: 'must be the id of one that is imported' }],
    remedy: `Import it: \`perennial ${kind} create ID …\`, \`perennial ${kind} import ID ${file}\`.`,
  });
}

function checkFile(file: string): void {
  try {
    if (statSync(file).isFile()) return;
  } catch (cause) {
    throw new PerennialError('SOURCE_INVALID', `${file} cannot be read: ${(cause as Error).message}.`, {
      remedy: 'Give the path of a document.',
      cause,
    });
  }
  throw new PerennialError('SOURCE_INVALID', `${file} is no file.`, { remedy: 'Give the path of a document.' });
}
