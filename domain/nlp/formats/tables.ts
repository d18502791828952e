import type { MemoryEntryContent, TermContent } from '../../../contracts/language-data.ts';
import { delimitedRow, readDelimited } from './delimited.ts';
import { canonicalLanguage, languageFit } from './languages.ts';
import {
  type Bytes,
  checked,
  type Read,
  type ReadOptions,
  type TermRow,
  type TranslationRow,
  termFault,
  translationFault,
} from './rows.ts';

export interface TableOptions extends ReadOptions {
  /** One character. Default: detected. */
  readonly delimiter?: string;
}

/** Columns of a table of translations, and the names they may have. */
const memoryColumns = {
  source: ['source', 'src', 'source text', 'source_text'],
  target: ['target', 'tgt', 'trg', 'translation', 'target text', 'target_text'],
  domain: ['domain', 'subject'],
  note: ['note', 'notes', 'comment', 'comments'],
  context: ['context', 'msgctxt'],
} as const;

/** Columns of a table of terms. Several alternatives of a term stand in one field, with `|` between them. */
const termColumns = {
  source: ['source', 'src', 'source term', 'source_term', 'term'],
  target: ['target', 'tgt', 'trg', 'translation', 'target term', 'target_term'],
  domain: ['domain', 'subject', 'subject field', 'subjectfield'],
  note: ['note', 'notes', 'comment', 'definition'],
  partOfSpeech: ['partofspeech', 'part_of_speech', 'part of speech', 'pos'],
  caseSensitive: ['casesensitive', 'case_sensitive', 'case sensitive'],
  forbidden: ['forbidden'],
  alternatives: ['alternatives', 'synonyms'],
} as const;

type Columns = Readonly<Record<string, readonly string[]>>;
type Places<C extends Columns> = Partial<Record<keyof C, number>>;

/**
 * Reads translations of a TSV or CSV file: with a header that names its columns (`source`, `target`, `domain`, `note`,
 * `context`, or the two languages), in any order, or without one: source, target, domain, note.
 */
export async function* readMemoryTable(bytes: Bytes, options: TableOptions): AsyncGenerator<Read<TranslationRow>[]> {
  const order = ['source', 'target', 'domain', 'note'] as const;
  for await (const rows of readTable(bytes, options, memoryColumns, order)) {
    yield rows.map((row) => {
      if ('reason' in row) return row;
      const { line, value } = row;
      const [source, target] = [value('source'), value('target')];
      if (source === undefined || target === undefined) return tooFew(line, row.count);
      return checked(
        line,
        {
          source,
          target,
          context: value('context') ?? '',
          domain: value('domain') || (options.domain ?? ''),
          note: value('note') ?? '',
        },
        translationFault,
      );
    });
  }
}

/**
 * Reads terms of a CSV or TSV file: with a header that names its columns (`source`, `target`, `domain`, `note`,
 * `partOfSpeech`, `caseSensitive`, `forbidden`, `alternatives`), in any order, or without one: source, target, domain, note.
 */
export async function* readTermTable(bytes: Bytes, options: TableOptions): AsyncGenerator<Read<TermRow>[]> {
  const order = ['source', 'target', 'domain', 'note'] as const;
  for await (const rows of readTable(bytes, options, termColumns, order)) {
    yield rows.map((row) => {
      if ('reason' in row) return row;
      const { line, value } = row;
      const [source, target] = [value('source'), value('target')];
      if (source === undefined || target === undefined) return tooFew(line, row.count);
      const flags = { caseSensitive: flag(value('caseSensitive')), forbidden: flag(value('forbidden')) };
      for (const [name, given] of Object.entries(flags))
        if (given === null) return { line, reason: `${name} must be yes or no (or true, false, 1, 0)` };
      const term: TermRow = {
        source: source.trim(),
        target: target.trim(),
        alternatives: (value('alternatives') ?? '')
          .split('|')
          .map((a) => a.trim())
          .filter(Boolean),
        partOfSpeech: (value('partOfSpeech') ?? '').trim(),
        domain: (value('domain') ?? '').trim() || (options.domain ?? ''),
        note: value('note') ?? '',
        caseSensitive: flags.caseSensitive === true,
        forbidden: flags.forbidden === true,
      };
      return checked(line, term, termFault);
    });
  }
}

function tooFew(line: number, count: number): { line: number; reason: string } {
  return { line, reason: `the row has ${count} ${count === 1 ? 'column' : 'columns'}; source and target are needed` };
}

function flag(text = ''): boolean | null {
  const value = text.trim().toLowerCase();
  if (['', 'no', 'false', '0', 'n'].includes(value)) return false;
  return ['yes', 'true', '1', 'y', 'x'].includes(value) ? true : null;
}

type TableRow<C extends Columns> =
  | { readonly line: number; readonly count: number; readonly value: (column: keyof C) => string | undefined }
  | { readonly line: number; readonly reason: string };

async function* readTable<C extends Columns>(
  bytes: Bytes,
  options: TableOptions,
  columns: C,
  order: readonly (keyof C)[],
): AsyncGenerator<TableRow<C>[]> {
  const languages = [options.sourceLanguage, options.targetLanguage].map((tag) => tag.toLowerCase());
  const header = [...Object.values(columns).flat(), ...languages];
  let places: Places<C> | undefined;
  for await (const rows of readDelimited(bytes, { delimiter: options.delimiter, encoding: options.encoding, header })) {
    const read: TableRow<C>[] = [];
    for (const row of rows) {
      if ('reason' in row) {
        read.push(row);
        continue;
      }
      if (!places) {
        const found = headerOf(row.fields, columns, options);
        places = found ?? (Object.fromEntries(order.map((name, i) => [name, i])) as Places<C>);
        if (found) continue;
      }
      const at = places;
      const value = (column: keyof C): string | undefined => {
        const place = at[column];
        return place === undefined ? undefined : row.fields[place];
      };
      read.push({ line: row.line, count: row.fields.length, value });
    }
    yield read;
  }
}

/** The places of the columns when the row is a header: it names source and target, by these names or their languages. */
function headerOf<C extends Columns>(fields: readonly string[], columns: C, options: ReadOptions): Places<C> | null {
  const places: Places<C> = {};
  for (const [i, field] of fields.entries()) {
    const name = field.trim().toLowerCase();
    const column = Object.keys(columns).find((key) => columns[key]?.includes(name)) as keyof C | undefined;
    if (column !== undefined) places[column] ??= i;
    else if (isLanguage(field, options.sourceLanguage)) places['source' as keyof C] ??= i;
    else if (isLanguage(field, options.targetLanguage)) places['target' as keyof C] ??= i;
  }
  return places['source' as keyof C] === undefined || places['target' as keyof C] === undefined ? null : places;
}

function isLanguage(field: string, wanted: string): boolean {
  return (
    /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/.test(field.trim()) &&
    canonicalLanguage(field) !== null &&
    languageFit(field, wanted) > 0
  );
}

/** Writes a table of translations, UTF-8 with a header. Spreadsheets take CSV with `bom` for UTF-8. */
export async function* writeMemoryTable(
  entries: AsyncIterable<readonly MemoryEntryContent[]>,
  { delimiter }: { readonly delimiter: string },
): AsyncGenerator<string> {
  yield delimitedRow(['source', 'target', 'domain', 'note', 'context'], delimiter);
  for await (const page of entries)
    yield page.map((e) => delimitedRow([e.source, e.target, e.domain, e.note, e.context], delimiter)).join('');
}

/** Writes a table of terms, UTF-8 with a header. */
export async function* writeTermTable(
  terms: AsyncIterable<readonly TermContent[]>,
  { delimiter }: { readonly delimiter: string },
): AsyncGenerator<string> {
  const head = ['source', 'target', 'domain', 'note', 'partOfSpeech', 'caseSensitive', 'forbidden', 'alternatives'];
  yield delimitedRow(head, delimiter);
  const yes = (value: boolean): string => (value ? 'yes' : 'no');
  for await (const page of terms)
    yield page
      .map((t) => {
        const { source, target, domain, note, partOfSpeech, alternatives } = t;
        const flags = [yes(t.caseSensitive), yes(t.forbidden)];
        return delimitedRow([source, target, domain, note, partOfSpeech, ...flags, alternatives.join('|')], delimiter);
      })
      .join('');
}
