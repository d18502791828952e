import { createHash, randomBytes } from 'node:crypto';
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PerennialError } from '../../../contracts/errors.ts';
import { readSentences } from '../../../domain/nlp/documents/index.ts';
import type { Lake } from '../../../domain/ports/lake.ts';
import type { SqlEngine, SqlEngineFactory } from '../../../domain/ports/sql-engine.ts';
import { datasets } from '../datasets.ts';
import { parquetOfLines, writeParquetRows } from '../parquet-rows.ts';
import { withScratchEngine } from '../with-scratch-engine.ts';
import { type CustomerFile, findDocuments } from './find-files.ts';
import { currentDocumentsSql, documentColumns } from './table.ts';

export interface IngestDocumentsOptions {
  /** Folder with a folder of files, or a file, per customer; see {@link findDocuments}. */
  readonly documents: string;
  /** Share of the files (0..1) that may be unreadable; default 0.5. */
  readonly maxBadShare?: number;
  /** When they come in. */
  readonly now: Date;
  readonly lake: Lake;
  readonly sql: SqlEngineFactory;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number, unit: string) => void;
}

export interface DocumentsReport {
  /** Documents that were taken in, because they are new or have changed. */
  readonly documents: number;
  /** Those that the lake had as they are. */
  readonly unchanged: number;
  /** Customers that the folder has documents of. */
  readonly customers: number;
  readonly sentences: number;
  /** Sentences taken in, by language (ISO 639-1; `unknown`), most first. */
  readonly languages: Readonly<Record<string, number>>;
  readonly quarantined: number;
  /** The first hundred documents that could not be read. */
  readonly faults: readonly DocumentFault[];
  /** Files of other kinds, such as pictures, which are passed over. */
  readonly others: number;
}

export interface DocumentFault {
  /** `customer/name`. */
  readonly file: string;
  readonly reason: string;
}

/** Bytes of a file at most. */
const largest = 32 * 2 ** 20;
const faultsTold = 100;
const quarantineColumns = "{customer_id: 'VARCHAR', source: 'VARCHAR', reason: 'VARCHAR'}";

/**
 * Brings customers' documents into the lake, sentence by sentence, each batch whole or not at all. A file that has changed
 * replaces what it said before, an emptied one takes it away; one that cannot be read goes to the quarantine dataset with its
 * reason, and what it said before stays.
 *
 * @throws SOURCE_INVALID when there are no documents, QUARANTINE_EXCEEDED when too many cannot be read; the lake is untouched
 *   then. CANCELLED on abort.
 */
export async function ingestDocuments(options: IngestDocumentsOptions): Promise<DocumentsReport> {
  const { documents, maxBadShare = 0.5, now, lake, sql, signal, progress } = options;
  const { files, others } = await findDocuments(documents);
  return withScratchEngine(sql, signal, async (engine, scratch) => {
    const known = await knownFiles(engine, lake);
    const date = now.toISOString().slice(0, 10);
    // Sorts by time; two that come in at once are told apart.
    const batch = `${now.toISOString()}-${randomBytes(3).toString('hex')}`;
    const lines = join(scratch, 'sentences.jsonl');
    await writeFile(lines, '');
    const faults: (CustomerFile & { reason: string })[] = [];
    const languages = new Map<string, number>();
    let [taken, rows, sentences] = [0, 0, 0];
    for (const [done, file] of files.entries()) {
      signal?.throwIfAborted();
      const found = await read(file, known, signal ?? new AbortController().signal);
      if ('reason' in found) faults.push({ ...file, reason: found.reason });
      else if (found.sentences) {
        const own = found.sentences.map(({ text, language }, position) => ({ position, sentence: text, language }));
        const kept = own.length > 0 ? own : [{ position: -1, sentence: '', language: null }];
        const { customer: customer_id, source } = file;
        const of = { customer_id, source, sha256: found.sha256, batch };
        await appendFile(lines, kept.map((row) => `${JSON.stringify({ ...of, ...row })}\n`).join(''));
        for (const { language } of own)
          languages.set(language ?? 'unknown', (languages.get(language ?? 'unknown') ?? 0) + 1);
        taken++;
        rows += kept.length;
        sentences += own.length;
      }
      progress?.(done + 1, files.length, 'documents');
    }
    if (faults.length > maxBadShare * files.length) {
      const { customer, source, reason } = faults[0] as (typeof faults)[number];
      throw new PerennialError(
        'QUARANTINE_EXCEEDED',
        `Too many documents cannot be read: ${faults.length} of ${files.length}, for example ${customer}/${source}: ${reason}`,
        { remedy: 'Correct them, or allow a larger share by maxBadDocuments if they may be left out.' },
      );
    }
    await writeFaults(engine, lake, { faults, date, scratch });
    if (rows > 0) {
      await lake.replace(datasets.documents, { date, batch }, async (folder) => {
        const file = join(folder, 'part-0.parquet');
        const orderBy = 'customer_id, source, position';
        await parquetOfLines(engine, lines, { columns: documentColumns, orderBy, file });
        return { rows };
      });
    }
    return {
      documents: taken,
      unchanged: files.length - taken - faults.length,
      customers: new Set(files.map(({ customer }) => customer)).size,
      sentences,
      languages: Object.fromEntries([...languages].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))),
      quarantined: faults.length,
      faults: faults
        .slice(0, faultsTold)
        .map(({ customer, source, reason }) => ({ file: `${customer}/${source}`, reason })),
      others: others.length,
    };
  });
}

/** sha256 of each file that the lake holds, by {@link keyOf}. */
async function knownFiles(engine: SqlEngine, lake: Lake): Promise<ReadonlyMap<string, string>> {
  const partitions = await lake.list(datasets.documents);
  if (partitions.length === 0) return new Map();
  const rows = await engine.query(
    `select distinct customer_id, source, sha256 from ${currentDocumentsSql(partitions)}`,
  );
  return new Map(
    rows.map((row) => [
      keyOf({ customer: String(row['customer_id']), source: String(row['source']) }),
      String(row['sha256']),
    ]),
  );
}

function keyOf({ customer, source }: Pick<CustomerFile, 'customer' | 'source'>): string {
  return `${customer}\0${source}`;
}

/** The sentences of a file, `null` when the lake has them, or why it cannot be read. */
async function read(file: CustomerFile, known: ReadonlyMap<string, string>, signal: AbortSignal) {
  try {
    const { size } = await stat(file.path);
    if (size > largest) return { reason: `The file has ${Math.ceil(size / 2 ** 20)} MiB, more than 32.` };
    const bytes = await readFile(file.path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (known.get(keyOf(file)) === sha256) return { sha256, sentences: null };
    // A file without a byte is in none of the formats, and says nothing.
    return { sha256, sentences: size === 0 ? [] : await readSentences(file.format, bytes, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PerennialError) return { reason: error.message };
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EMFILE' || code === 'ENOMEM') throw error;
    return { reason: `It cannot be read: ${message}` };
  }
}

/** The documents that the last ingest of a day could not read. */
async function writeFaults(
  engine: SqlEngine,
  lake: Lake,
  { faults, date, scratch }: { faults: readonly (CustomerFile & { reason: string })[]; date: string; scratch: string },
): Promise<void> {
  if (faults.length === 0) return lake.remove(datasets.documentsQuarantine, { date });
  const rows = faults.map(({ customer, source, reason }) => ({ customer_id: customer, source, reason }));
  await lake.replace(datasets.documentsQuarantine, { date }, async (folder) => {
    const file = join(folder, 'part-0.parquet');
    await writeParquetRows(engine, rows, { columns: quarantineColumns, orderBy: 'customer_id, source', file, scratch });
    return { rows: rows.length };
  });
}
