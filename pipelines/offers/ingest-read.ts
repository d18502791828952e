import { PerennialError } from '../../contracts/errors.ts';
import type { SourceFile } from '../../domain/ports/sources.ts';
import type { SqlEngine } from '../../domain/ports/sql-engine.ts';
import { fileColumn, typedSalesSql } from '../../domain/preprocessing/sales.ts';
import { formatFunctionsSql, type MappedSales } from '../../domain/preprocessing/sales-mapping.ts';
import { identifier, quote } from '../../domain/preprocessing/sql.ts';
import { countUnmatched, fromSql, readJoined } from './ingest-joins.ts';
import { firstLine, readRows } from './read-rows.ts';
import { checkFiles, type FileGroup } from './source-files.ts';

export interface ReadReport {
  /** Rows that the filter of the mapping left out. */
  readonly filtered: number;
  /** By joined table: rows that have no partner there. */
  readonly unmatched: Readonly<Record<string, number>>;
}

/** Files of the source, and of each joined table by its name. */
export interface BroughtFiles {
  readonly sales: readonly SourceFile[];
  readonly joined: ReadonlyMap<string, readonly SourceFile[]>;
}

/**
 * Reads files into the table `typed`: every row with its typed columns, or with the reason why it was refused. From the
 * moment on at which expressions of the mapping are evaluated, the engine reaches nothing but `folder`.
 */
export async function readSources(
  engine: SqlEngine,
  mapped: MappedSales,
  { sales, joined }: BroughtFiles,
  folder: string,
): Promise<ReadReport> {
  const { format, columns: wanted } = mapped;
  const groups = await checkFiles(engine, sales, { format, wanted, folder });
  await engine.execute(`
    create table raw (${fileColumn} varchar, ${wanted.map((name) => `${identifier(name)} varchar`).join(', ')});
    create table files (path varchar, name varchar);
    ${sales.length > 0 ? `insert into files values ${pathsOf(groups)};` : ''}`);
  for (const group of groups) await readRows(engine, 'raw', group, format.decimal);
  const hasRejects = groups.some(({ kind }) => kind === 'text');
  if (hasRejects)
    await engine.execute(
      'create table refused_lines as select * from reject_errors join reject_scans using (scan_id, file_id)',
    );
  for (const [i, join] of mapped.joins.entries())
    await readJoined(engine, i, join, joined.get(join.name) ?? [], folder);

  await engine.execute(formatFunctionsSql(format));
  await engine.confine(folder);
  const from = fromSql(mapped);
  for (const expression of mapped.expressions) await tryExpression(engine, expression, from);
  const unmatched = await countUnmatched(engine, mapped);
  const [before] = await engine.query('select count(*) as rows from raw');
  try {
    await engine.execute(`create table typed as ${typedSalesSql(mapped, from)}`);
  } catch (error) {
    throw new PerennialError('SOURCE_INVALID', `The mapping cannot be applied to the source: ${firstLine(error)}`, {
      remedy:
        'An expression or a format of the mapping does not fit these values; as_number and try_cast give null where cast fails.',
      cause: error,
    });
  }
  const [after] = await engine.query('select count(*) as rows from typed');
  await engine.execute('drop table raw');
  if (hasRejects) await addRefusedLines(engine);
  return { filtered: Number(before?.['rows']) - Number(after?.['rows']), unmatched };
}

function pathsOf(groups: readonly FileGroup[]): string {
  return groups.flatMap(({ files }) => files.map(({ path, name }) => `(${quote(path)}, ${quote(name)})`)).join(', ');
}

/** Binds an expression to the columns there are, so that a fault of types is told by its name and not by that of a query. */
async function tryExpression(
  engine: SqlEngine,
  { field, sql, text }: MappedSales['expressions'][number],
  from: string,
): Promise<void> {
  try {
    await engine.query(`select ${sql} as value from ${from} limit 0`);
  } catch (error) {
    const message = `does not fit the columns: ${firstLine(error)}`;
    throw new PerennialError('PARAMETER_INVALID', `${field} = ${JSON.stringify(text).slice(0, 200)} ${message}`, {
      fields: [{ field, value: text, message }],
      remedy: 'All columns are text: read numbers by as_number(column) and times by as_time(column).',
      cause: error,
    });
  }
}

/**
 * Adds lines the CSV reader itself refused: too many or too few fields, a quote that does not end. It tells one error a
 * missing field, and takes all lines a quote swallows for one; here every line of the file counts once.
 */
async function addRefusedLines(engine: SqlEngine): Promise<void> {
  await engine.execute(`
    insert into typed by name
    select filename, reason, unnest(string_split(rtrim(lines, chr(13) || chr(10)), chr(10))) as description from (
      select file_path as filename, any_value(csv_line) as lines, 'line ' || line || ': ' || coalesce(
          'has no ' || string_agg(column_name, ', ' order by column_idx) filter (error_type = 'MISSING COLUMNS'),
          arg_max(error_message, coalesce(column_idx, 0))) as reason
      from refused_lines join files on file_path = path group by file_path, scan_id, line)`);
}
