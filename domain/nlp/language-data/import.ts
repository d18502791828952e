import { createHash, randomUUID } from 'node:crypto';
import { PerennialError } from '../../../contracts/errors.ts';
import type { ImportFault, ImportRecord, ResourceRecord } from '../../../contracts/language-data.ts';
import type { Clock } from '../../ports/clock.ts';
import type { KeyedContent, LanguageResourceRepository } from '../../ports/language-resources.ts';
import type { Bytes } from '../formats/index.ts';
import type { KindOfResource } from './kinds.ts';

export interface ImportOptions {
  readonly format: string;
  /** `replace`: entries that the file does not have are removed. Default `merge`: they stay. */
  readonly mode?: 'merge' | 'replace';
  /** Name of the file, for the record. */
  readonly file?: string;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly fuzzy?: boolean;
  readonly by: string;
}

/** Rows, and characters of rows, that are stored at a time. */
const batchRows = 500;
const batchCharacters = 1_000_000;
/** Faults of an import that are kept; the rest is counted. */
export const mostFaults = 100_000;
/** Bytes of a file at most. */
const mostBytes = 4 * 1024 ** 3;

/**
 * Imports a file while it comes in: rows are stored in batches, and become a version when the file is at its end. When it
 * breaks off, nothing of it stays. The same file again changes nothing and makes no version.
 */
export async function importFile<Content>(
  { kind, repository, clock }: { kind: KindOfResource<Content>; repository: LanguageResourceRepository; clock: Clock },
  resource: ResourceRecord,
  bytes: Bytes,
  { format, mode = 'merge', file = '', encoding, delimiter, fuzzy, by }: ImportOptions,
): Promise<ImportRecord> {
  const id = randomUUID();
  const sum = createHash('sha256');
  let [size, staged, faulty, kept, characters] = [0, 0, 0, 0, 0];
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > mostBytes) {
        throw new PerennialError('BODY_TOO_LARGE', `The file has more than ${mostBytes} bytes.`, {
          remedy: 'Divide it into several.',
        });
      }
      sum.update(chunk);
      yield chunk;
    }
  }
  let rows: KeyedContent[] = [];
  let faults: ImportFault[] = [];
  const flush = async (): Promise<void> => {
    if (rows.length > 0) await repository.stage(id, staged - rows.length, rows);
    if (faults.length > 0) await repository.addFaults(id, kept - faults.length, faults);
    rows = [];
    faults = [];
    characters = 0;
  };
  const end = () => ({ sha256: sum.copy().digest('hex'), bytes: size, read: staged + faulty, faulty });
  await repository.startImport({ id, resource: resource.id, format, mode, file, by }, clock.now());
  try {
    const options = {
      sourceLanguage: resource.source,
      targetLanguage: resource.target,
      domain: resource.domain,
      ...(encoding === undefined ? {} : { encoding }),
      ...(delimiter === undefined ? {} : { delimiter }),
      ...(fuzzy === undefined ? {} : { fuzzy }),
    };
    for await (const page of kind.read(format, counted(), options)) {
      for (const read of page) {
        if ('reason' in read) {
          faulty += 1;
          if (kept < mostFaults) {
            kept += 1;
            faults.push({ line: read.line, reason: storable(read.reason) });
          }
        } else {
          staged += 1;
          const row = kind.toStored(read.row);
          rows.push(row);
          characters += row.source.length + row.target.length + row.note.length + row.context.length;
        }
        if (rows.length >= batchRows || faults.length >= batchRows || characters >= batchCharacters) await flush();
      }
    }
    await flush();
    await repository.merge(id, end(), clock.now());
  } catch (error) {
    // What went wrong is what the caller hears, also when the database is away and cannot note it.
    const reason = error instanceof Error ? error.message : String(error);
    await repository.failImport(id, end(), reason, clock.now()).catch(() => {});
    if ((await repository.get(resource.id).catch(() => resource)) === null) throw removed(kind.kind, resource.id);
    throw error;
  }
  const record = await repository.import(resource.id, id);
  if (record) return record;
  throw removed(kind.kind, resource.id);
}

function removed(kind: string, id: string): PerennialError {
  return new PerennialError('NOT_FOUND', `The ${kind} "${id}" was removed while a file was imported.`, {
    remedy: 'Make it again, then import the file.',
  });
}

/** A reason may quote the file, and end within a character of it. */
function storable(reason: string): string {
  return reason.replaceAll('\u0000', '␀').replace(/\p{Surrogate}/gu, '\ufffd');
}
