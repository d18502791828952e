import type { SalesFormat } from '../../contracts/sales-format.ts';
import { quote, quoteList } from './sql.ts';

type Format = Pick<SalesFormat, 'decimal' | 'thousands' | 'dateFormats' | 'nulls'>;

/** SQL that trims a text; null for nothing, and for what the format takes for nothing. */
export function textSql(sql: string, { nulls = [] }: Format): string {
  const trimmed = `nullif(trim(${sql}), '')`;
  return nulls.length === 0
    ? trimmed
    : `case when ${trimmed} in (${nulls.map(quote).join(', ')}) then null else ${trimmed} end`;
}

/** SQL that reads a number out of a text; null for what is none. */
export function numberSql(sql: string, format: Format): string {
  const { decimal = '.', thousands, nulls } = format;
  const text = nulls ? textSql(sql, format) : sql;
  if (decimal === '.' && thousands === undefined) return `try_cast(${text} as double)`;
  const [mark, group] = [escaped(decimal), thousands === undefined ? '' : escaped(thousands)];
  const whole = group ? `(\\d{1,3}(${group}\\d{3})+|\\d+)` : '\\d+';
  // The minus may stand behind, as business software writes it.
  const pattern = `([+-]?(${whole}(${mark}\\d*)?|${mark}\\d+)([eE][+-]?\\d+)?|(${whole}(${mark}\\d*)?|${mark}\\d+)-)`;
  const trimmed = `trim(${text})`;
  const digits = thousands === undefined ? trimmed : `replace(${trimmed}, ${quote(thousands)}, '')`;
  const plain = `rtrim(replace(${digits}, ${quote(decimal)}, '.'), '-')`;
  return `case when regexp_full_match(${trimmed}, ${quote(pattern)})
    then (case when ends_with(${trimmed}, '-') then -1 else 1 end) * try_cast(${plain} as double) end`;
}

/** SQL that reads a date with or without a time; null for what is none. ISO 8601 keeps the clock it was written by, whatever its offset; a format with %z gives UTC. */
export function timeSql(sql: string, format: Format): string {
  const text = format.nulls ? textSql(sql, format) : sql;
  const iso = `try_cast(${text} as timestamp)`;
  if (!format.dateFormats) return iso;
  // Elsewhere a year that comes first means ISO 8601; whoever writes year, day, month says so by a format.
  const own = `cast(try_strptime(trim(${text}), ${quoteList(format.dateFormats)}) as timestamp)`;
  return `coalesce(${own}, case when regexp_matches(trim(${text}), '^\\d{4}-\\d{2}-\\d{2}') then ${iso} end)`;
}

function escaped(mark: string): string {
  return `[${mark}]`;
}
