import type { JsonObject } from '../../../contracts/json.ts';
import {
  type EntryState,
  type GlossaryFormat,
  glossaryFormats,
  type InlineCode,
  type MemoryEntryContent,
  type MemoryFormat,
  memoryFormats,
  type ResourceKind,
  type ResourceRecord,
  type TermContent,
} from '../../../contracts/language-data.ts';
import type { KeyedContent, StoredContent } from '../../ports/language-resources.ts';
import {
  type Bytes,
  type Read,
  type ReadOptions,
  readMemoryTable,
  readPo,
  readTbx,
  readTermTable,
  readTmx,
  readXliff,
  termFault,
  translationFault,
  writeMemoryTable,
  writePo,
  writeTbx,
  writeTermTable,
  writeTmx,
  writeXliff,
} from '../formats/index.ts';
import { memoryKeyOf, sourceHashOf, termKeyOf } from './identity.ts';

export interface FormatOptions extends ReadOptions {
  /** Of TSV and CSV: one character. Default: detected. */
  readonly delimiter?: string;
  /** Of PO: whether fuzzy messages are taken. Default false. */
  readonly fuzzy?: boolean;
}

/** What memories and glossaries differ in. */
export interface KindOfResource<Content> {
  readonly kind: ResourceKind;
  readonly formats: readonly string[];
  /** Why an entry is not taken; null: it is. */
  fault(content: Content): string | null;
  toStored(content: Content): KeyedContent;
  fromStored(stored: StoredContent): Content;
  read(format: string, bytes: Bytes, options: FormatOptions): AsyncIterable<Read<Content>[]>;
  write(
    format: string,
    entries: AsyncIterable<readonly (Content & EntryState)[]>,
    resource: ResourceRecord,
    now: Date,
  ): AsyncIterable<string>;
}

/** Translation memories. */
export const memoryKind: KindOfResource<MemoryEntryContent> = {
  kind: 'memory',
  formats: memoryFormats,
  fault: translationFault,
  toStored: (content) => ({
    source: content.source,
    target: content.target,
    context: content.context,
    domain: content.domain,
    note: content.note,
    detail: content.codes ? ({ codes: content.codes } as unknown as JsonObject) : null,
    key: memoryKeyOf(content),
    sourceHash: sourceHashOf(content.source),
  }),
  fromStored: ({ source, target, context, domain, note, detail }) => {
    const codes = detail?.['codes'] as unknown as { source: InlineCode[]; target: InlineCode[] } | undefined;
    return { source, target, context, domain, note, ...(codes ? { codes } : {}) };
  },
  read(format, bytes, options) {
    const readers: Record<MemoryFormat, () => AsyncIterable<Read<MemoryEntryContent>[]>> = {
      tmx: () => readTmx(bytes, options),
      tsv: () => readMemoryTable(bytes, { delimiter: '\t', ...options }),
      csv: () => readMemoryTable(bytes, options),
      po: () => readPo(bytes, options),
      xliff: () => readXliff(bytes, options),
    };
    return readers[format as MemoryFormat]();
  },
  write(format, entries, { id, source, target }, now) {
    const pair = { sourceLanguage: source, targetLanguage: target };
    const writers: Record<MemoryFormat, () => AsyncIterable<string>> = {
      tmx: () => writeTmx(entries, { ...pair, toolVersion: '1', createdAt: now }),
      tsv: () => writeMemoryTable(entries, { delimiter: '\t' }),
      csv: () => writeMemoryTable(entries, { delimiter: ',' }),
      po: () => writePo(entries, pair),
      xliff: () => writeXliff(entries, { ...pair, name: id }),
    };
    return writers[format as MemoryFormat]();
  },
};

/** Glossaries. */
export const glossaryKind: KindOfResource<TermContent> = {
  kind: 'glossary',
  formats: glossaryFormats,
  fault: termFault,
  toStored: (term) => ({
    source: term.source,
    target: term.target,
    context: '',
    domain: term.domain,
    note: term.note,
    detail: {
      partOfSpeech: term.partOfSpeech,
      caseSensitive: term.caseSensitive,
      forbidden: term.forbidden,
      alternatives: [...term.alternatives],
    },
    key: termKeyOf(term),
    sourceHash: sourceHashOf(term.source),
  }),
  fromStored: ({ source, target, domain, note, detail }) => ({
    source,
    target,
    alternatives: (detail?.['alternatives'] ?? []) as string[],
    partOfSpeech: (detail?.['partOfSpeech'] ?? '') as string,
    domain,
    note,
    caseSensitive: detail?.['caseSensitive'] === true,
    forbidden: detail?.['forbidden'] === true,
  }),
  read(format, bytes, options) {
    const readers: Record<GlossaryFormat, () => AsyncIterable<Read<TermContent>[]>> = {
      csv: () => readTermTable(bytes, options),
      tsv: () => readTermTable(bytes, { delimiter: '\t', ...options }),
      tbx: () => readTbx(bytes, options),
    };
    return readers[format as GlossaryFormat]();
  },
  write(format, terms, { name, source, target }) {
    const writers: Record<GlossaryFormat, () => AsyncIterable<string>> = {
      csv: () => writeTermTable(terms, { delimiter: ',' }),
      tsv: () => writeTermTable(terms, { delimiter: '\t' }),
      tbx: () => writeTbx(terms, { sourceLanguage: source, targetLanguage: target, title: name }),
    };
    return writers[format as GlossaryFormat]();
  },
};

/** Media types of exports, and what an import may be sent as. */
export const mediaTypes: Readonly<Record<string, string>> = {
  tmx: 'application/x-tmx+xml',
  tbx: 'application/x-tbx+xml',
  xliff: 'application/xliff+xml',
  po: 'text/x-gettext-translation',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
};

const otherEndings = new Map([
  ['xlf', 'xliff'],
  ['pot', 'po'],
  ['tab', 'tsv'],
]);

/** The format that a media type or the name of a file says; undefined when neither does. */
export function formatOf(mediaType: string, file: string): string | undefined {
  const type = mediaType.split(';')[0]?.trim().toLowerCase() ?? '';
  const byType = Object.entries(mediaTypes).find(([, known]) => known === type)?.[0];
  if (byType !== undefined) return byType;
  const ending = /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase() ?? '';
  const format = otherEndings.get(ending) ?? ending;
  return Object.hasOwn(mediaTypes, format) ? format : undefined;
}
