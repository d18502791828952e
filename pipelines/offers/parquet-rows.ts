import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
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

/** Writes rows as one Parquet file; they may be more than fit into memory. */
export async function writeParquetRows(
  engine: SqlEngine,
  rows: Iterable<object> | AsyncIterable<object>,
  { columns, orderBy, file, scratch }: RowsFile,
): Promise<void> {
  const lines = join(scratch, 'rows.jsonl');
  await pipeline(linesOf(rows), createWriteStream(lines));
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

/** Lines as JSON, some at a time: a write for each would cost more than the row. */
async function* linesOf(rows: Iterable<object> | AsyncIterable<object>): AsyncGenerator<string> {
  let text = '';
  for await (const row of rows) {
    text += `${JSON.stringify(row)}\n`;
    if (text.length < 65_536) continue;
    yield text;
    text = '';
  }
  yield text;
}
