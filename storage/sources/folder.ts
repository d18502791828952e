import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PerennialError } from '../../contracts/errors.ts';
import type { SourceFile, SourceRequest } from '../../domain/ports/sources.ts';
import { wanted } from './files.ts';

/** The files of a folder, in the order of their names, or the one file named. They stay where they are. */
export async function folderFiles(source: string, request: SourceRequest): Promise<SourceFile[]> {
  const found = await stat(source).catch(() => null);
  if (!found)
    throw new PerennialError('SOURCE_INVALID', `The source "${source}" does not exist.`, {
      remedy: 'Name a folder of daily CSV, CSV.gz or Parquet files.',
    });
  const isWanted = wanted(request);
  const names = found.isDirectory() ? (await readdir(source)).sort().map((name) => join(source, name)) : [source];
  const files = names.filter((name) => isWanted(basename(name)));
  if (files.length === 0) {
    const kinds = request.files === undefined ? '.csv, .csv.gz or .parquet file' : `file "${request.files}"`;
    throw new PerennialError('SOURCE_INVALID', `The source "${source}" holds no ${kinds}.`, {
      remedy: 'Name a folder of daily sales files.',
    });
  }
  return files
    .slice(0, request.sample?.files)
    .map((path) => ({ path, name: path, kind: /\.parquet$/i.test(path) ? 'parquet' : 'text' }));
}
