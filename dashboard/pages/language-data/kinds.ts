import type { EntryState, MemoryEntryContent, ResourceKind, TermContent } from '../../../contracts/language-data.ts';
import { links } from '../../app/links.ts';

/** An entry of either kind; what a kind has not is absent. */
export type Entry = EntryState &
  Pick<MemoryEntryContent & TermContent, 'source' | 'target' | 'domain' | 'note'> &
  Partial<Pick<MemoryEntryContent, 'context'>> &
  Partial<Pick<TermContent, 'alternatives' | 'partOfSpeech' | 'caseSensitive' | 'forbidden'>>;

/** What the pages of memories and those of glossaries differ in. */
export interface Kind {
  readonly kind: ResourceKind;
  /** Also the topic of changes, and part of the address. */
  readonly plural: 'memories' | 'glossaries';
  /** Part of the address of entries, and name of their list. */
  readonly entries: 'entries' | 'terms';
  readonly title: string;
  readonly one: string;
  /** What one is for, to people who never had one. */
  readonly purpose: string;
  readonly entry: string;
  readonly formats: readonly string[];
  /** What the file dialog offers. */
  readonly accept: string;
  readonly href: (id: string) => string;
}

export const kinds: Readonly<Record<ResourceKind, Kind>> = {
  memory: {
    ...{
      kind: 'memory',
      plural: 'memories',
      entries: 'entries',
      title: 'Memories',
      one: 'memory',
      entry: 'translation',
    },
    purpose:
      'A memory holds sentences with their translations: the same sentence is never translated twice, and a similar one helps.',
    formats: ['tmx', 'tsv', 'csv', 'po', 'xliff'],
    accept: '.tmx,.tsv,.csv,.txt,.po,.xlf,.xliff',
    href: links.memory,
  },
  glossary: {
    ...{
      kind: 'glossary',
      plural: 'glossaries',
      entries: 'terms',
      title: 'Glossaries',
      one: 'glossary',
      entry: 'term',
    },
    purpose: 'A glossary says how terms must be translated, and which words must not be used.',
    formats: ['csv', 'tsv', 'tbx'],
    accept: '.csv,.tsv,.txt,.tbx,.xml',
    href: links.glossary,
  },
};

/** What can be given of an entry, and whether it is given, as the API takes it. */
export interface EntryFields {
  readonly source: string;
  readonly target: string;
  readonly domain: string;
  readonly note: string;
  readonly context?: string;
  readonly alternatives?: readonly string[];
  readonly partOfSpeech?: string;
  readonly caseSensitive?: boolean;
  readonly forbidden?: boolean;
}

/** The fields of an entry, or of a new one. */
export function fieldsOf(kind: ResourceKind, entry?: Entry): EntryFields {
  const common = {
    source: entry?.source ?? '',
    target: entry?.target ?? '',
    domain: entry?.domain ?? '',
    note: entry?.note ?? '',
  };
  if (kind === 'memory') return { ...common, context: entry?.context ?? '' };
  return {
    ...common,
    alternatives: entry?.alternatives ?? [],
    partOfSpeech: entry?.partOfSpeech ?? '',
    caseSensitive: entry?.caseSensitive ?? false,
    forbidden: entry?.forbidden ?? false,
  };
}

/** What is said of an entry besides its texts, in a few words. */
export function detailsOf(entry: Entry): readonly string[] {
  return [
    ...(entry.forbidden ? ['must not be used'] : []),
    ...(entry.alternatives && entry.alternatives.length > 0 ? [`or ${entry.alternatives.join(', ')}`] : []),
    ...(entry.partOfSpeech ? [entry.partOfSpeech] : []),
    ...(entry.caseSensitive ? ['only with these capitals'] : []),
    ...(entry.context ? [`context: ${entry.context}`] : []),
    ...(entry.domain ? [entry.domain] : []),
    ...(entry.note ? [entry.note] : []),
  ];
}
