import { type Static, Type } from 'typebox';

/** What a placeholder of a text stands for: an inline element of TMX or XLIFF, so that it can be written back. */
export interface InlineCode {
  /** `<1>`, `</1>` or `<1/>` in the text. */
  readonly id: number;
  readonly kind: 'open' | 'close' | 'single';
  /** Name of the element: bpt, ept, ph, it, hi, ut, g, x, pc, … */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What is in the element, as XML; '' for elements around text. */
  readonly content: string;
}

/** `memory`: translations of whole segments. `glossary`: terms. */
export const resourceKinds = ['memory', 'glossary'] as const;
export type ResourceKind = (typeof resourceKinds)[number];

export const memoryFormats = ['tmx', 'tsv', 'csv', 'po', 'xliff'] as const;
export type MemoryFormat = (typeof memoryFormats)[number];
export const glossaryFormats = ['csv', 'tsv', 'tbx'] as const;
export type GlossaryFormat = (typeof glossaryFormats)[number];

const label = (description: string, maxLength = 4000) => Type.String({ maxLength, description });
const languageTag = (description: string) => Type.String({ minLength: 2, maxLength: 64, description });

export const ResourceId = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'Lower-case words joined by dashes.',
});

/** What makes a memory or a glossary. */
export const NewResourceSchema = Type.Object(
  {
    id: Type.Optional(ResourceId),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'For people; default: the id.' })),
    source: languageTag('Source language, BCP 47, such as en or en-GB.'),
    target: languageTag('Target language, BCP 47.'),
    domain: Type.Optional(label('Domain of entries that state none.', 200)),
  },
  { additionalProperties: false },
);
export type NewResource = Static<typeof NewResourceSchema>;

export const ResourceChangeSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    domain: Type.Optional(label('Domain of entries to come that state none.', 200)),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type ResourceChange = Static<typeof ResourceChangeSchema>;

/** A memory or a glossary. Times are ISO 8601 UTC. */
export interface ResourceRecord {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly domain: string;
  /** Counts changes of the entries, from 0: empty. */
  readonly version: number;
  /** Entries of the newest version. */
  readonly entries: number;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const text = (description: string) => Type.String({ minLength: 1, maxLength: 50_000, description });

/** A translation as it is given. */
export const NewMemoryEntrySchema = Type.Object(
  {
    source: text('Text in the source language.'),
    target: text('Its translation.'),
    context: Type.Optional(label('What tells two uses of the same source apart.')),
    domain: Type.Optional(label('Default: that of the memory.')),
    note: Type.Optional(label('For people.')),
  },
  { additionalProperties: false },
);

/** A term as it is given. */
export const NewTermSchema = Type.Object(
  {
    source: Type.String({ minLength: 1, maxLength: 4000, description: 'Term in the source language.' }),
    target: Type.String({ minLength: 1, maxLength: 4000, description: 'Its translation.' }),
    alternatives: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 4000 }), {
        maxItems: 50,
        description: 'Other targets that are as good.',
      }),
    ),
    partOfSpeech: Type.Optional(label('Such as noun.')),
    domain: Type.Optional(label('Default: that of the glossary.')),
    note: Type.Optional(label('For people.')),
    caseSensitive: Type.Optional(Type.Boolean({ description: 'Only with these capitals. Default: false.' })),
    forbidden: Type.Optional(Type.Boolean({ description: 'The target must not be used. Default: false.' })),
  },
  { additionalProperties: false },
);

/** Who made this state of an entry, when, and in which versions it stands. */
export interface EntryState {
  /** Stays with the entry when it changes. */
  readonly id: string;
  /** First version that has it like this. */
  readonly validFrom: number;
  /** First version that no longer has it like this; null: it stands in the newest. */
  readonly validTo: number | null;
  readonly by: string;
  /** Why; '' when nobody said. */
  readonly reason: string;
  /** The import it came with; null: by hand. */
  readonly importId: string | null;
  readonly at: string;
}

/** What a translation is. */
export interface MemoryEntryContent {
  readonly source: string;
  readonly target: string;
  readonly context: string;
  readonly domain: string;
  readonly note: string;
  /** Of the placeholders in `source` and `target`; absent when there are none. */
  readonly codes?: { readonly source: readonly InlineCode[]; readonly target: readonly InlineCode[] };
}
export type MemoryEntry = MemoryEntryContent & EntryState;

/** What a term is. */
export interface TermContent {
  readonly source: string;
  readonly target: string;
  readonly alternatives: readonly string[];
  readonly partOfSpeech: string;
  readonly domain: string;
  readonly note: string;
  readonly caseSensitive: boolean;
  readonly forbidden: boolean;
}
export type Term = TermContent & EntryState;

/** Rows of an import by what became of them. `read` = added + updated + unchanged + duplicate + faulty. */
export interface ImportCounts {
  readonly read: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  /** The same entry came again later in the file: the last one counts. */
  readonly duplicate: number;
  readonly faulty: number;
  /** Entries that the file did not have, with mode `replace`. */
  readonly removed: number;
}

export interface ImportFault {
  readonly line: number;
  readonly reason: string;
}

export interface ImportRecord {
  readonly id: string;
  readonly resource: string;
  readonly format: string;
  readonly mode: 'merge' | 'replace';
  readonly file: string;
  /** sha256 of the file. */
  readonly sha256: string;
  readonly bytes: number;
  readonly status: 'running' | 'done' | 'failed';
  /** The version it made; null when it changed nothing. */
  readonly version: number | null;
  readonly counts: ImportCounts;
  /** The first of them; `GET …/imports/:import/faults` gives all. */
  readonly faults: readonly ImportFault[];
  readonly error: string | null;
  readonly by: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

/** How an entry differs between two versions. */
export interface EntryDifference<Entry> {
  readonly change: 'added' | 'removed' | 'changed';
  readonly before: Entry | null;
  readonly after: Entry | null;
}

export interface VersionDiff<Entry> {
  readonly from: number;
  readonly to: number;
  readonly counts: { readonly added: number; readonly removed: number; readonly changed: number };
  readonly differences: readonly EntryDifference<Entry>[];
  readonly next: string | null;
}

/** A change of the entries. */
export interface ResourceVersion {
  readonly version: number;
  readonly at: string;
  readonly by: string;
  /** What was done: `import`, `add`, `edit`, `delete`, `feedback`. */
  readonly action: string;
  readonly reason: string;
  readonly importId: string | null;
}
