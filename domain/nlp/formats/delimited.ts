import { parse } from 'csv-parse/sync';
import { type Line, readLines } from './lines.ts';
import { type Bytes, limits, type RowFault } from './rows.ts';

/** A row of a table with the line it begins at. */
export interface Fields {
  readonly line: number;
  readonly fields: readonly string[];
}

export interface DelimitedOptions {
  /** One character. Default: detected from the first lines, of tab, comma, semicolon and bar. */
  readonly delimiter?: string | undefined;
  readonly encoding?: string | undefined;
  /** Names that a header may have; they decide the delimiter where they are found. */
  readonly header: readonly string[];
}

/** Rows that one call of the parser takes. */
const batchSize = 500;
/** Lines a quoted field may go over. */
const mostLines = 100;
/** Quotes of a file that never close, after which a field ends with its line: looking ahead costs time. */
const mostUnclosed = 100;
/** Lines that are looked at to find the delimiter. */
const sampleLines = 20;

/**
 * Rows of a TSV or CSV file (RFC 4180: fields may stand in double quotes, quotes in them doubled; csv-parse takes the
 * fields apart). A quote within a field, or at its begin without a partner before the next delimiter, is just a
 * character. A field in quotes that does not end costs the row it begins in: reading goes on at the next line. Empty
 * lines are left out.
 */
export async function* readDelimited(
  bytes: Bytes,
  { delimiter: given, encoding, header }: DelimitedOptions,
): AsyncGenerator<(Fields | RowFault)[]> {
  let delimiter = given;
  let waiting: Line[] = [];
  let unclosed = 0;
  const cut = (last: boolean): (Fields | RowFault)[] => {
    delimiter ??= detectDelimiter(waiting, header);
    const { records, faults, rest } = gather(waiting, delimiter, last, unclosed < mostUnclosed ? mostLines : 1);
    unclosed += faults.length;
    waiting = rest;
    return [...faults, ...split(records, delimiter)].sort((a, b) => a.line - b.line);
  };
  for await (const lines of readLines(bytes, encoding)) {
    if (!Array.isArray(lines)) {
      yield [...(delimiter === undefined ? [] : cut(false)), lines];
      continue;
    }
    for (const line of lines) waiting.push(line);
    if (delimiter !== undefined || waiting.length >= sampleLines) yield cut(false);
  }
  yield cut(true);
}

/** Lines as whole records; `rest` is what a quoted field still needs lines for. */
function gather(
  lines: readonly Line[],
  delimiter: string,
  last: boolean,
  most: number,
): { records: Line[]; faults: RowFault[]; rest: Line[] } {
  const records: Line[] = [];
  const faults: RowFault[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as Line;
    if (line.text.trim() === '') continue;
    if (!line.text.includes('"') || !endsInQuotes(line.text, delimiter, false)) {
      records.push(line);
      continue;
    }
    let text = line.text;
    let to = i + 1;
    for (let open = true; open && to < lines.length && to - i < most && text.length <= limits.record; to++) {
      const next = lines[to] as Line;
      open = endsInQuotes(next.text, delimiter, true);
      text += `\n${next.text}`;
      if (!open) {
        records.push({ number: line.number, text });
        text = '';
      }
    }
    if (text === '') {
      i = to - 1;
      continue;
    }
    const isHopeless = to - i >= most || text.length > limits.record;
    if (!last && !isHopeless) return { records, faults, rest: lines.slice(i) };
    faults.push({ line: line.number, reason: 'a field begins with a quote that is never closed' });
  }
  return { records, faults, rest: [] };
}

/** Whether a line ends within a field in quotes, when it begins in one or not. */
function endsInQuotes(text: string, delimiter: string, begins: boolean): boolean {
  let inQuotes = begins;
  let at = 0;
  if (!begins) {
    // To the first field that begins with a quote.
    at = fieldInQuotes(text, delimiter, 0);
    if (at < 0) return false;
    inQuotes = true;
  }
  while (inQuotes) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return true;
    const next = text.charAt(quote + 1);
    if (next === '"') at = quote + 2;
    else if (next !== '' && next !== delimiter) {
      // Not an end by the rule: the field is literal, as csv-parse has it with relax_quotes.
      const field = text.indexOf(delimiter, quote + 1);
      if (field < 0) return false;
      at = fieldInQuotes(text, delimiter, field + 1);
      if (at < 0) return false;
    } else {
      if (next === '') return false;
      at = fieldInQuotes(text, delimiter, quote + 2);
      if (at < 0) return false;
    }
  }
  return inQuotes;
}

/** Where the text of the next field in quotes begins, from the begin of a field on; -1 when there is none. */
function fieldInQuotes(text: string, delimiter: string, from: number): number {
  for (let at = from; ; ) {
    if (text.charAt(at) === '"') return at + 1;
    const next = text.indexOf(delimiter, at);
    if (next < 0) return -1;
    at = next + 1;
  }
}

function* split(records: readonly Line[], delimiter: string): Generator<Fields | RowFault> {
  for (let at = 0; at < records.length; at += batchSize) {
    const batch = records.slice(at, at + batchSize);
    const rows = parseRows(
      batch.map(({ text }) => text),
      delimiter,
    );
    // One by one where the batch does not come out as it went in.
    for (const [i, { number, text }] of batch.entries()) {
      const fields = rows?.[i] ?? parseRows([text], delimiter)?.[0];
      yield fields ? { line: number, fields } : { line: number, reason: 'the quotes of the row do not fit together' };
    }
  }
}

function parseRows(texts: readonly string[], delimiter: string): string[][] | null {
  try {
    const rows = parse(texts.join('\n'), {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      record_delimiter: '\n',
      max_record_size: 2 * limits.record,
    });
    return rows.length === texts.length ? rows : null;
  } catch {
    return null;
  }
}

/** The delimiter of a header that is known, else the one that the most first lines have the same number of, else a tab. */
function detectDelimiter(lines: readonly Line[], header: readonly string[]): string {
  const sample = lines.filter(({ text }) => text.trim() !== '').slice(0, sampleLines);
  const candidates = ['\t', ',', ';', '|'];
  const first = sample[0]?.text.toLowerCase() ?? '';
  for (const delimiter of candidates) {
    const names = first.split(delimiter).map((name) => name.trim().replace(/^"|"$/g, ''));
    if (names.length > 1 && names.every((name) => name === '' || header.includes(name))) return delimiter;
  }
  let best = '\t';
  let most = 0;
  for (const delimiter of candidates) {
    const counts = new Map<number, number>();
    for (const { text } of sample) {
      const found = countOutside(text, delimiter);
      if (found > 0) counts.set(found, (counts.get(found) ?? 0) + 1);
    }
    const score = Math.max(0, ...counts.values());
    if (score > most) [best, most] = [delimiter, score];
  }
  return best;
}

/** How often a delimiter stands outside of quotes. */
function countOutside(text: string, delimiter: string): number {
  let count = 0;
  let inQuotes = false;
  for (const char of text) {
    if (char === '"') inQuotes = !inQuotes;
    else if (char === delimiter && !inQuotes) count += 1;
  }
  return count;
}

/** A row of a table with a delimiter: a field stands in quotes where it has to. */
export function delimitedRow(fields: readonly string[], delimiter: string): string {
  return `${fields.map((field) => (needsQuotes(field, delimiter) ? `"${field.replaceAll('"', '""')}"` : field)).join(delimiter)}\n`;
}

function needsQuotes(field: string, delimiter: string): boolean {
  return field.includes(delimiter) || /^\s|\s$|["\r\n\ufeff]/.test(field);
}
