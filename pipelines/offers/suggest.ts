import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { PerennialError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { SalesFormat } from '../../contracts/sales-format.ts';
import type { SalesMapping } from '../../contracts/sales-mapping.ts';
import type { SourceFile, SourceReader } from '../../domain/ports/sources.ts';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { identifier, quote } from '../../domain/preprocessing/sql.ts';
import { suggestMapping, type TableSample } from '../../domain/preprocessing/suggest-mapping.ts';
import { describeParquet } from './source-files.ts';

/** Rows and bytes of a text file that are looked at. */
const [mostRows, mostBytes] = [1000, 262_144];
const separators = [',', ';', '\t', '|'];

/** Proposes a mapping of a source by the head of its first file; see {@link suggestMapping}. */
export async function suggestForSource({
  source,
  access = {},
  sources,
  sql,
}: {
  readonly source: string;
  readonly access?: Pick<SalesMapping, 'files' | 'postgres' | 'http'>;
  readonly sources: SourceReader;
  readonly sql: SqlEngineFactory;
}): Promise<JsonObject> {
  const scratch = await mkdtemp(join(tmpdir(), 'perennial-suggest-'));
  try {
    const request = { location: source, sample: { files: 1, rows: mostRows }, ...access };
    const [file] = await sources.bring(request, { folder: scratch });
    if (!file) throw new PerennialError('SOURCE_INVALID', 'The source has no file.', { remedy: 'Name one that has.' });
    const sample = file.kind === 'parquet' ? await parquetSample(sql, file) : await textSample(file);
    return { ...suggestMapping(sample), ...(access as JsonObject) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function parquetSample(sql: SqlEngineFactory, file: SourceFile): Promise<TableSample> {
  const engine = await sql.open();
  try {
    const columns = await describeParquet(engine, file);
    const selected = columns.map(({ name }, i) => `cast(${identifier(name)} as varchar) as c${i}`).join(', ');
    const rows = await engine.query(
      `select ${selected} from read_parquet(${quote(file.path)}, hive_partitioning = false) limit ${mostRows}`,
    );
    return {
      columns: columns.map(({ name }) => name),
      rows: rows.map((row) => columns.map((_, i) => row[`c${i}`] as string | null)),
      numbers: columns.filter(({ kind }) => kind === 'number').map(({ name }) => name),
      times: columns.filter(({ kind }) => kind === 'time').map(({ name }) => name),
    };
  } finally {
    await engine.close();
  }
}

async function textSample(file: SourceFile): Promise<TableSample> {
  const bytes = await headOf(file);
  const { text, encoding } = decoded(bytes);
  const isWhole = bytes.length < mostBytes;
  // The last line is cut off where the head ends.
  const whole = isWhole ? text : text.slice(0, text.lastIndexOf('\n') + 1);
  const tries = separators.map((separator) => ({ separator, rows: rowsOf(whole, separator) }));
  const best = tries.reduce((a, b) => (evenness(b.rows) > evenness(a.rows) ? b : a));
  const [columns = [], ...rows] = best.rows;
  if (columns.length < 2) {
    throw new PerennialError(
      'SOURCE_INVALID',
      `${basename(file.name)} has no header of several columns: "${columns[0] ?? ''}".`,
      {
        remedy:
          'It must be a table whose first line names the columns; say by mapping.format.skipLines where it begins.',
      },
    );
  }
  const format: SalesFormat = {
    ...(best.separator === ',' ? {} : { separator: best.separator }),
    ...(encoding === 'utf-8' ? {} : { encoding }),
  };
  const numbers = file.plain ? { numbers: file.plain.numbers } : {};
  return { columns, rows: rows.map((row) => columns.map((_, i) => row[i] || null)), format, ...numbers };
}

async function headOf(file: SourceFile): Promise<Buffer> {
  const raw = createReadStream(file.path);
  const stream = /\.gz$/i.test(file.path) ? raw.pipe(createGunzip()) : raw;
  raw.once('error', (error) => stream.destroy(error));
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= mostBytes) break;
    }
  } catch (error) {
    throw new PerennialError('SOURCE_INVALID', `${basename(file.name)} cannot be read: ${(error as Error).message}.`, {
      remedy: 'Copy the file again; a file still being written is the usual cause.',
      cause: error,
    });
  } finally {
    raw.destroy();
  }
  return Buffer.concat(chunks).subarray(0, mostBytes);
}

function decoded(bytes: Buffer): { text: string; encoding: string } {
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  try {
    // Streaming: the last character may be cut off.
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true }), encoding };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
  }
}

function rowsOf(text: string, separator: string): string[][] {
  const options = {
    delimiter: separator,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  };
  try {
    return parse(text, { ...options, trim: true, to: mostRows + 1 }) as string[][];
  } catch {
    // Not with this separator: a quote that does not end.
    return [];
  }
}

/** How much a table is one: many columns, and as many in each row. */
function evenness([header = [], ...rows]: readonly string[][]): number {
  if (header.length < 2) return 0;
  const even = rows.filter((row) => row.length === header.length).length;
  return (header.length * (even + 1)) / (rows.length + 1);
}
