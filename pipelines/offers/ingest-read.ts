import { PerennialError } from '../../contracts/errors.ts';
import type { SourceFile } from '../../domain/ports/sources.ts';
import type { SqlEngine } from '../../domain/ports/sql-engine.ts';
import { fileColumn, typedSalesSql } from '../../domain/preprocessing/sales.ts';
import { formatFunctionsSql, type MappedJoin, type MappedSales } from '../../domain/preprocessing/sales-mapping.ts';
import { identifier, quote, quoteList } from '../../domain/preprocessing/sql.ts';
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

/** Appends the wanted columns of files to a table of text columns. */
async function readRows(
  engine: SqlEngine,
  table: string,
  group: FileGroup,
  decimal: string | undefined,
): Promise<void> {
  const paths = quoteList(group.files.map(({ path }) => path));
  const asText = ({ column, isNumber }: FileGroup['picks'][number]): string => {
    const text = `cast(${identifier(column)} as varchar)`;
    // What is a number already is written as the format says, so that it is read as such.
    return isNumber && decimal === ',' ? `replace(${text}, '.', ',')` : text;
  };
  const selected = group.picks.map(asText).join(', ');
  const into = group.picks.map(({ wanted }) => identifier(wanted)).join(', ');
  const { separator = ',', quote: mark = '"', escape: escapeMark = mark, skipLines = 0, columnNames } = group.format;
  const types = group.columns.map((name) => `${quote(name)}: 'VARCHAR'`).join(', ');
  const from =
    group.kind === 'parquet'
      ? `read_parquet(${paths}, hive_partitioning = false, filename = ${quote(fileColumn)})`
      : `read_csv(${paths}, header = ${columnNames === undefined}, skip = ${skipLines}, auto_detect = false, delim = ${quote(separator)},
          quote = ${quote(mark)}, escape = ${quote(escapeMark)}, columns = {${types}}, filename = ${quote(fileColumn)}, store_rejects = true)`;
  const [file, files] = [table === 'raw' ? `${fileColumn}, ` : '', table === 'raw' ? `${fileColumn}, ` : ''];
  try {
    await engine.execute(`insert into ${table} (${file}${into}) select ${files}${selected} from ${from}`);
  } catch (error) {
    throw new PerennialError('SOURCE_INVALID', `The source could not be read: ${firstLine(error)}`, {
      remedy: `Every file needs the columns ${group.picks.map(({ wanted }) => wanted).join(', ')}.`,
      cause: error,
    });
  }
}

/** Reads the table that joins as `join_i`: its keys, and the columns that the mapping reads as one struct. */
async function readJoined(
  engine: SqlEngine,
  i: number,
  { name, on, columns, format, firstOfDuplicates }: MappedJoin,
  files: readonly SourceFile[],
  folder: string,
): Promise<void> {
  const keys = on.map(({ right }) => right);
  const wanted = [...new Set([...keys, ...columns])];
  const groups = await checkFiles(engine, files, { format, wanted, folder });
  await engine.execute(
    `create table joined_raw (${wanted.map((column) => `${identifier(column)} varchar`).join(', ')})`,
  );
  for (const group of groups) await readRows(engine, 'joined_raw', group, format.decimal);
  if (groups.some(({ kind }) => kind === 'text')) await refuseRejects(engine, name, groups);
  const key = keys.map((column, k) => `trim(${identifier(column)}) as key_${k}`).join(', ');
  const keyNames = keys.map((_, k) => `key_${k}`).join(', ');
  if (!firstOfDuplicates) {
    const [twice] = await engine.query(`
      select count(*) over () as keys, concat_ws(', ', ${keyNames}) as example, rows from (
        select ${key}, count(*) as rows from joined_raw group by all having count(*) > 1) order by example limit 1`);
    if (twice) {
      throw new PerennialError(
        'SOURCE_INVALID',
        `The joined table "${name}" has ${twice['keys']} values of ${keys.join(', ')} more than once, for example "${twice['example']}" ${twice['rows']} times: sales would be doubled.`,
        { remedy: 'Correct the table, or take the first row of each by "duplicates": "first".' },
      );
    }
  }
  const fields = (columns.length > 0 ? columns : keys).map((c) => `${identifier(c)} := ${identifier(c)}`);
  await engine.execute(`
    create table join_${i} as select ${keyNames}, arg_min(found, row) as ${identifier(name)}
      from (select rowid as row, ${key}, struct_pack(${fields.join(', ')}) as found from joined_raw) group by ${keyNames};
    drop table joined_raw`);
}

/** A joined table has no quarantine: a product that is lost would lose its text in silence. */
async function refuseRejects(engine: SqlEngine, name: string, groups: readonly FileGroup[]): Promise<void> {
  const paths = quoteList(groups.flatMap(({ files }) => files.map(({ path }) => path)));
  const [bad] = await engine.query(`
    select count(distinct (file_path, line)) as lines, min(line) as first, arg_min(error_message, line) as message
    from reject_errors join reject_scans using (scan_id, file_id) where list_contains(${paths}, file_path)`);
  if (Number(bad?.['lines'] ?? 0) === 0) return;
  throw new PerennialError(
    'SOURCE_INVALID',
    `The joined table "${name}" has ${bad?.['lines']} lines that cannot be read, the first is line ${bad?.['first']}: ${bad?.['message']}.`,
    { remedy: 'Correct these lines, or say by the format of the join how the file is written.' },
  );
}

function fromSql({ joins }: MappedSales): string {
  return ['raw as sale', ...joins.map((join, i) => `left join join_${i} on ${conditionOf(join, i)}`)].join(' ');
}

function conditionOf({ on }: MappedJoin, i: number): string {
  return on.map(({ left }, k) => `trim(sale.${identifier(left)}) = join_${i}.key_${k}`).join(' and ');
}

async function countUnmatched(engine: SqlEngine, { joins }: MappedSales): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [i, join] of joins.entries()) {
    const [found] = await engine.query(
      `select count(*) as rows from raw as sale where not exists (select 1 from join_${i} where ${conditionOf(join, i)})`,
    );
    counts[join.name] = Number(found?.['rows']);
  }
  return counts;
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

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
