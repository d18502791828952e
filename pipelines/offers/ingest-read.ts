import { basename } from 'node:path';
import { PerennialError } from '../../contracts/errors.ts';
import type { SqlEngine } from '../../domain/ports/sql-engine.ts';
import { salesColumns, typedSalesSql } from '../../domain/preprocessing/sales.ts';
import { quote, quoteList } from '../../domain/preprocessing/sql.ts';
import type { SourceFiles } from './source-files.ts';

/** Reads files into the table `typed`: every row with its typed columns, or with the reason why it was refused. */
export async function readSources(engine: SqlEngine, { csv, parquet }: SourceFiles): Promise<void> {
  const columns = salesColumns.join(', ');
  const reads: string[] = [];
  for (const file of parquet) await checkParquet(engine, file);
  for (const group of csv) {
    const types = group.columns.map((name) => `${quote(name)}: 'VARCHAR'`).join(', ');
    reads.push(
      `select ${columns}, filename from read_csv(${quoteList(group.files)}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
        columns = {${types}}, filename = true, store_rejects = true)`,
    );
  }
  if (parquet.length > 0) {
    reads.push(
      `select ${salesColumns.map((name) => `cast(${name} as varchar) as ${name}`).join(', ')}, filename from read_parquet(${quoteList(parquet)}, union_by_name = true, filename = true)`,
    );
  }
  try {
    await engine.execute(`create table raw as ${reads.join(' union all ')}`);
  } catch (error) {
    throw new PerennialError(
      'SOURCE_INVALID',
      `The source could not be read: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      {
        remedy: `Every file needs the columns ${columns}.`,
        cause: error,
      },
    );
  }
  await engine.execute(`create table typed as ${typedSalesSql('raw')}; drop table raw;`);
  if (csv.length > 0) {
    // Lines the CSV reader itself refused: too many or too few fields, a quote that does not end. It tells one error a
    // missing field, and takes all lines a quote swallows for one; here every line of the file counts once.
    await engine.execute(`
      insert into typed by name
      select filename, reason, unnest(string_split(rtrim(lines, chr(13) || chr(10)), chr(10))) as description from (
        select s.file_path as filename, any_value(e.csv_line) as lines, 'line ' || e.line || ': ' || coalesce(
            'has no ' || string_agg(e.column_name, ', ' order by e.column_idx) filter (e.error_type = 'MISSING COLUMNS'),
            arg_max(e.error_message, coalesce(e.column_idx, 0))) as reason
        from reject_errors e join reject_scans s using (scan_id, file_id) group by s.file_path, e.scan_id, e.line)`);
  }
}

/** Reading by name fills a column that one of several files lacks with nulls, in silence. */
async function checkParquet(engine: SqlEngine, file: string): Promise<void> {
  let columns: unknown[];
  try {
    const described = await engine.query(
      `describe select * from read_parquet(${quote(file)}, hive_partitioning = false)`,
    );
    columns = described.map((row) => row['column_name']);
  } catch (error) {
    throw new PerennialError(
      'SOURCE_INVALID',
      `${basename(file)} cannot be read: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}.`,
      {
        remedy: 'Copy the file again; a file still being written is the usual cause.',
        cause: error,
      },
    );
  }
  const missing = salesColumns.filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  throw new PerennialError(
    'SOURCE_INVALID',
    `${basename(file)} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}.`,
    {
      remedy: `Every file needs the columns ${salesColumns.join(', ')}.`,
    },
  );
}
