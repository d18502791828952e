import { PerennialError } from '../../contracts/errors.ts';
import type { SqlEngine } from '../../domain/ports/sql-engine.ts';
import { fileColumn } from '../../domain/preprocessing/sales.ts';
import { identifier, quote, quoteList } from '../../domain/preprocessing/sql.ts';
import type { FileGroup } from './source-files.ts';

/** Appends the wanted columns of files to a table of text columns; `raw` keeps the file that a row came from, too. */
export async function readRows(
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
  const file = table === 'raw' ? `${fileColumn}, ` : '';
  try {
    await engine.execute(`insert into ${table} (${file}${into}) select ${file}${selected} from ${from}`);
  } catch (error) {
    throw new PerennialError('SOURCE_INVALID', `The source could not be read: ${firstLine(error)}`, {
      remedy: `Every file needs the columns ${group.picks.map(({ wanted }) => wanted).join(', ')}.`,
      cause: error,
    });
  }
}

/** What an engine says of a fault, without the query that it stands in. */
export function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
