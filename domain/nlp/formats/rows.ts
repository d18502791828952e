import type { InlineCode } from '../../../contracts/language-data.ts';

/** One translation of a file: a row of a table, a unit of TMX or XLIFF, a form of a PO message. */
export interface TranslationRow {
  /** Text with placeholders for inline codes: `Press <1>OK</1>`. */
  readonly source: string;
  readonly target: string;
  /** What the placeholders of `source` and `target` stand for; absent when there are none. */
  readonly codes?: { readonly source: readonly InlineCode[]; readonly target: readonly InlineCode[] };
  /** What tells two uses of the same source apart (msgctxt of gettext, `x-context` of TMX); '' when nothing does. */
  readonly context: string;
  readonly domain: string;
  readonly note: string;
}

/** One term of a file. */
export interface TermRow {
  readonly source: string;
  readonly target: string;
  /** Other targets that are as good. */
  readonly alternatives: readonly string[];
  /** As the file says it, such as `noun`; '' when it does not. */
  readonly partOfSpeech: string;
  readonly domain: string;
  readonly note: string;
  readonly caseSensitive: boolean;
  /** The target must not be used for the source. */
  readonly forbidden: boolean;
}

/** A fault of a file: what is wrong at a line (from 1), without the row that has it. */
export interface RowFault {
  readonly line: number;
  readonly reason: string;
}

/** What a reader gives, in the order of the file: a row with the line it begins at, or a fault. */
export type Read<Row> = { readonly line: number; readonly row: Row } | RowFault;

export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What every reader takes. */
export interface ReadOptions {
  /** BCP 47. */
  readonly sourceLanguage: string;
  /** BCP 47. */
  readonly targetLanguage: string;
  /** Domain of rows that state none. Default ''. */
  readonly domain?: string;
  /** Name of the encoding, for files that do not say it; default: detected (see `decode.ts`). */
  readonly encoding?: string;
}

/** Bounds that keep a hostile file from taking memory or time; a row beyond them is a fault. */
export const limits = {
  /** Characters of a source or target. */
  text: 50_000,
  /** Characters of a context, domain, note or part of speech. */
  label: 4_000,
  /** Characters of a record: a unit of XML, an entry of PO, a row of a table. */
  record: 1_000_000,
  /** Characters of one tag of XML. */
  tag: 65_536,
  /** Elements in each other. */
  depth: 64,
  /** Elements of a record. */
  elements: 20_000,
  /** Attributes of an element. */
  attributes: 64,
  /** Inline codes of a segment. */
  codes: 1_000,
} as const;

/** What keeps a text from being stored, in words; null when nothing does. */
export function textFault(name: string, text: string, most: number = limits.text): string | null {
  if (text.length > most) return `${name} has ${text.length} characters; at most ${most} are taken`;
  if (text.includes('\u0000')) return `${name} holds the character U+0000`;
  if (text.includes('\ufffd')) return `${name} holds bytes that are not valid in the encoding of the file, or U+FFFD`;
  if (/\p{Surrogate}/u.test(text)) return `${name} holds half of a surrogate pair`;
  return null;
}

/** Checks a translation: null, or why it is not taken. */
export function translationFault(row: TranslationRow): string | null {
  if (row.source.trim() === '') return 'the source is empty';
  if (row.target.trim() === '') return 'the target is empty';
  return (
    textFault('the source', row.source) ??
    textFault('the target', row.target) ??
    textFault('the context', row.context, limits.label) ??
    textFault('the domain', row.domain, limits.label) ??
    textFault('the note', row.note, limits.label)
  );
}

/** Checks a term: null, or why it is not taken. */
export function termFault(row: TermRow): string | null {
  if (row.source.trim() === '') return 'the source term is empty';
  if (row.target.trim() === '') return 'the target term is empty';
  for (const alternative of row.alternatives) {
    const fault = textFault('an alternative', alternative, limits.label);
    if (fault) return fault;
  }
  return (
    textFault('the source term', row.source, limits.label) ??
    textFault('the target term', row.target, limits.label) ??
    textFault('the part of speech', row.partOfSpeech, limits.label) ??
    textFault('the domain', row.domain, limits.label) ??
    textFault('the note', row.note, limits.label)
  );
}

/** A row that holds, or the fault that it does not. */
export function checked<Row>(line: number, row: Row, faultOf: (row: Row) => string | null): Read<Row> {
  const reason = faultOf(row);
  return reason === null ? { line, row } : { line, reason };
}
