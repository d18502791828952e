import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SqlEngine } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';

export interface RowsFile {
  /** Types by column, as DuckDB writes a struct: `{id: 'VARCHAR', score: 'DOUBLE'}`. */
  readonly columns: string;
  /** Columns that the rows are ordered by. */
  readonly orderBy: string;
  readonly file: string;
  /** Folder that takes a file meanwhile. */
  readonly scratch: string;
}

/** Writes rows as one Parquet file. */
export async function writeParquetRows(
  engine: SqlEngine,
  rows: readonly object[],
  { columns, orderBy, file, scratch }: RowsFile,
): Promise<void> {
  const lines = join(scratch, 'rows.jsonl');
  await writeFile(lines, rows.map((row) => JSON.stringify(row)).join('\n'));
  await parquetOfLines(engine, lines, { columns, orderBy, file });
}

/** Writes a file of JSON objects, one a line, as Parquet. */
export async function parquetOfLines(
  engine: SqlEngine,
  lines: string,
  { columns, orderBy, file }: Omit<RowsFile, 'scratch'>,
): Promise<void> {
  await engine.execute(`
    copy (select * from read_json(${quote(lines)}, format = 'newline_delimited', columns = ${columns}) order by ${orderBy})
    to ${quote(file)} (format parquet, compression zstd)`);
}
