import { basename } from 'node:path';
import { PerennialError } from '../../contracts/errors.ts';
import type { SalesFormat } from '../../contracts/sales-format.ts';
import type { SourceFile } from '../../domain/ports/sources.ts';
import type { SqlEngine } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import { checkText } from './text-files.ts';

/** Files that are read in one go: of one kind, with the same columns. */
export interface FileGroup {
  readonly kind: 'text' | 'parquet';
  /** How text is written. */
  readonly format: SalesFormat;
  /** All columns, in order, each under a name of its own. */
  readonly columns: readonly string[];
  /** For each wanted column the file's, and whether it holds numbers already. */
  readonly picks: readonly { readonly wanted: string; readonly column: string; readonly isNumber: boolean }[];
  readonly files: SourceFile[];
}

/** How files are written that we wrote ourselves. */
const plainFormat: SalesFormat = {};

/**
 * Looks at files before their rows are read: text must be in the encoding of the format with a header that has every
 * wanted column, Parquet must have them too. Text in another encoding than UTF-8 is written anew below `folder`.
 *
 * @throws SOURCE_INVALID naming the file and what is wrong with it.
 */
export async function checkFiles(
  engine: SqlEngine,
  files: readonly SourceFile[],
  options: { readonly format: SalesFormat; readonly wanted: readonly string[]; readonly folder: string },
): Promise<FileGroup[]> {
  const groups = new Map<string, FileGroup>();
  for (const file of files) {
    const group =
      file.kind === 'text'
        ? await textGroup(file, file.plain ? { ...options, format: plainFormat } : options)
        : await parquetGroup(engine, file, options.wanted);
    const key = JSON.stringify([group.kind, group.columns, group.picks, group.format]);
    const known = groups.get(key);
    if (known) known.files.push(...group.files);
    else groups.set(key, group);
  }
  return [...groups.values()];
}

async function textGroup(
  file: SourceFile,
  { format, wanted, folder }: { format: SalesFormat; wanted: readonly string[]; folder: string },
): Promise<FileGroup> {
  const { path, columns, firstLine } = await checkText(file, format, folder);
  const picks = pick(wanted, columns, new Set(file.plain?.numbers));
  const missing = wanted.filter((name) => !picks.some((p) => p.wanted === name));
  if (missing.length > 0) {
    const separator =
      { ',': 'commas', ';': 'semicolons', '\t': 'tabs' }[format.separator ?? ','] ?? `"${format.separator}"`;
    throw lacking(
      file,
      missing,
      format.columnNames
        ? ` its columns are ${format.columnNames.join(', ')}`
        : ` its first line is "${firstLine.slice(0, 120).trim()}"`,
      `The first line must be a header with ${wanted.join(', ')}, separated by ${separator}; other files need a mapping, which --suggest-mapping proposes.`,
    );
  }
  return { kind: 'text', format, columns, picks, files: [{ ...file, path }] };
}

/** Reading by name would fill a column that one of several files lacks with nulls, in silence. */
async function parquetGroup(engine: SqlEngine, file: SourceFile, wanted: readonly string[]): Promise<FileGroup> {
  const described = await describeParquet(engine, file);
  const columns = described.map(({ name }) => name);
  const picks = pick(
    wanted,
    columns,
    new Set(described.filter(({ kind }) => kind === 'number').map(({ name }) => name)),
  );
  const missing = wanted.filter((name) => !picks.some((p) => p.wanted === name));
  if (missing.length > 0) {
    const remedy = `Every file needs the columns ${wanted.join(', ')}; other files need a mapping, which --suggest-mapping proposes.`;
    throw lacking(file, missing, ` its columns are ${columns.slice(0, 30).join(', ')}`, remedy);
  }
  return { kind: 'parquet', format: plainFormat, columns: [], picks, files: [file] };
}

const numberTypes = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*)$/;

/** The columns of a Parquet file. */
export async function describeParquet(
  engine: SqlEngine,
  file: SourceFile,
): Promise<{ readonly name: string; readonly kind: 'number' | 'time' | 'other' }[]> {
  try {
    const described = await engine.query(
      `describe select * from read_parquet(${quote(file.path)}, hive_partitioning = false)`,
    );
    return described.map((row) => {
      const type = String(row['column_type']);
      const kind = numberTypes.test(type) ? 'number' : /^(DATE|TIMESTAMP)/.test(type) ? 'time' : 'other';
      return { name: String(row['column_name']), kind };
    });
  } catch (error) {
    throw new PerennialError(
      'SOURCE_INVALID',
      `${basename(file.name)} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}.`,
      { remedy: 'Copy the file again; a file still being written is the usual cause.', cause: error },
    );
  }
}

/** Finds each wanted column: by its exact name, else by the one that differs in case only. */
function pick(wanted: readonly string[], columns: readonly string[], numbers: ReadonlySet<string>): FileGroup['picks'] {
  return wanted.flatMap((name) => {
    const column = columns.includes(name)
      ? name
      : columns.find((other) => other.trim().toLowerCase() === name.trim().toLowerCase());
    return column === undefined ? [] : [{ wanted: name, column, isNumber: numbers.has(column) }];
  });
}

function lacking(file: SourceFile, missing: readonly string[], found: string, remedy: string): PerennialError {
  const columns = `column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`;
  return new PerennialError('SOURCE_INVALID', `${basename(file.name)} lacks the ${columns};${found}.`, { remedy });
}
