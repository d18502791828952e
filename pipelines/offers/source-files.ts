import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { PerennialError } from '../../contracts/errors.ts';
import { salesColumns } from '../../domain/preprocessing/sales.ts';

const supported = /\.(csv|csv\.gz|parquet)$/i;

export interface SourceFiles {
  /** CSV files with the columns of their header, files with the same header together. */
  readonly csv: readonly { readonly columns: readonly string[]; readonly files: readonly string[] }[];
  readonly parquet: readonly string[];
}

/**
 * The sales files of a folder (or the one file named), checked as far as they can be before their rows are read: CSV must
 * be UTF-8 with a header that has every column.
 *
 * @throws SOURCE_INVALID naming the file and what is wrong with it.
 */
export async function findSourceFiles(source: string): Promise<SourceFiles> {
  const found = await stat(source).catch(() => null);
  if (!found)
    throw new PerennialError('SOURCE_INVALID', `The source "${source}" does not exist.`, {
      remedy: 'Name a folder of daily CSV, CSV.gz or Parquet files.',
    });
  const names = found.isDirectory() ? (await readdir(source)).sort().map((name) => join(source, name)) : [source];
  const files = names.filter((name) => supported.test(name));
  if (files.length === 0) {
    throw new PerennialError('SOURCE_INVALID', `The source "${source}" holds no .csv, .csv.gz or .parquet file.`, {
      remedy: 'Name a folder of daily sales files.',
    });
  }
  const byHeader = new Map<string, { columns: string[]; files: string[] }>();
  for (const file of files.filter((name) => !/\.parquet$/i.test(name))) {
    const columns = await checkCsv(file);
    const key = JSON.stringify(columns);
    const group = byHeader.get(key) ?? { columns, files: [] };
    group.files.push(file);
    byHeader.set(key, group);
  }
  return { csv: [...byHeader.values()], parquet: files.filter((name) => /\.parquet$/i.test(name)) };
}

/** @returns the columns of the header. */
async function checkCsv(file: string): Promise<string[]> {
  const raw = createReadStream(file);
  const stream = /\.gz$/i.test(file) ? raw.pipe(createGunzip()) : raw;
  raw.once('error', (error) => stream.destroy(error));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let header = '';
  let line = 1;
  try {
    for await (const chunk of stream) {
      const text = decode(decoder, chunk as Buffer, file, line);
      if (!header.includes('\n')) header += text;
      line += text.split('\n').length - 1;
    }
    // A character cut off at the end of the file shows only now.
    decode(decoder, undefined, file, line);
  } catch (error) {
    if (error instanceof PerennialError) throw error;
    throw new PerennialError(
      'SOURCE_INVALID',
      `${basename(file)} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      {
        remedy: 'Copy the file again; a file still being written is the usual cause.',
        cause: error,
      },
    );
  }
  const columns = (header.split('\n')[0] ?? '')
    .replace(/^\uFEFF/, '')
    .split(',')
    .map((name) => name.trim().replace(/^"|"$/g, ''));
  const missing = salesColumns.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw new PerennialError(
      'SOURCE_INVALID',
      `${basename(file)} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; its first line is "${header.split('\n')[0]?.slice(0, 120).trim()}".`,
      {
        remedy: `The first line must be a header with ${salesColumns.join(', ')}, separated by commas.`,
      },
    );
  }
  return columns;
}

function decode(
  decoder: { decode(chunk?: Buffer, options?: { stream: boolean }): string },
  chunk: Buffer | undefined,
  file: string,
  line: number,
): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (error) {
    throw new PerennialError('SOURCE_INVALID', `${basename(file)} is not UTF-8 (after line ${line}).`, {
      remedy: 'Save it as UTF-8, for example `iconv -f latin1 -t utf-8`.',
      cause: error,
    });
  }
}
