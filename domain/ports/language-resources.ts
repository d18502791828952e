import type { JsonObject } from '../../contracts/json.ts';
import type {
  EntryState,
  ImportCounts,
  ImportFault,
  ImportRecord,
  ResourceChange,
  ResourceRecord,
  ResourceVersion,
} from '../../contracts/language-data.ts';

/** What is stored of a translation or a term. */
export interface StoredContent {
  readonly source: string;
  readonly target: string;
  readonly context: string;
  readonly domain: string;
  readonly note: string;
  /** What else it has; null: nothing. */
  readonly detail: JsonObject | null;
}

/** With what it is found by, hexadecimal sha256. */
export interface KeyedContent extends StoredContent {
  /** Of what an entry is known by: no two entries of a version have the same. */
  readonly key: string;
  /** Of the normalised source: the same for all entries that an exact match finds. */
  readonly sourceHash: string;
}

export type StoredEntry = StoredContent & EntryState;

export interface NewStoredResource {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly domain: string;
  readonly by: string;
}

/** A change by hand. `put` without an id takes the place of the entry with the same key, if there is one. */
export type EntryEdit =
  | { readonly kind: 'put'; readonly id?: string; readonly content: KeyedContent }
  | { readonly kind: 'delete'; readonly id: string };

export interface EditNote {
  readonly by: string;
  readonly reason: string;
  /** `add`, `edit`, `delete` or `feedback`. */
  readonly action: string;
  readonly origin: 'manual' | 'feedback';
}

export interface EntrySearch {
  /** Texts to find, in the source, the target or either. */
  readonly text?: string;
  readonly within?: 'source' | 'target' | 'both';
  /** The whole text, not a part. Capitals make no difference either way. */
  readonly exact?: boolean;
  readonly domain?: string;
  readonly context?: string;
  readonly origin?: string;
}

export interface PageOf {
  /** The entry a page before ended with. */
  readonly after?: string;
  readonly limit: number;
}

export interface NewImport {
  readonly id: string;
  readonly resource: string;
  readonly format: string;
  readonly mode: 'merge' | 'replace';
  readonly file: string;
  readonly by: string;
}

export interface ImportEnd {
  readonly sha256: string;
  readonly bytes: number;
  /** Rows the file had, and how many of them were at fault. */
  readonly read: number;
  readonly faulty: number;
}

/**
 * Resources of one kind (memories or glossaries), their versions and their entries. A version is there whole or not at
 * all; each state of an entry is kept, so that any version can be read as it was. Methods that take an id throw NOT_FOUND
 * when there is no such resource, unless they say otherwise.
 */
export interface LanguageResourceRepository {
  /** CONFLICT when the id is taken. */
  create(resource: NewStoredResource, now: Date): Promise<ResourceRecord>;
  /** By id, after one. */
  list(page: PageOf): Promise<ResourceRecord[]>;
  /** Null when there is none. */
  get(id: string): Promise<ResourceRecord | null>;
  change(id: string, change: ResourceChange, now: Date): Promise<ResourceRecord>;
  /** Removes it with all that it has; false when there is none. */
  remove(id: string): Promise<boolean>;
  /** Newest first, before a version. */
  versions(id: string, page: { readonly before?: number; readonly limit: number }): Promise<ResourceVersion[]>;

  /** Entries of a version in their order, after one. */
  entries(id: string, version: number, page: PageOf, search?: EntrySearch): Promise<StoredEntry[]>;
  /** An entry as a version has it; null when it has not. */
  entry(id: string, entry: string, version: number): Promise<StoredEntry | null>;
  /** All states of an entry, oldest first. */
  history(id: string, entry: string): Promise<StoredEntry[]>;
  /**
   * Entries of the newest versions of several resources whose source has one of the hashes: one statement. Resources
   * that are not there have none.
   */
  bySource(
    ids: readonly string[],
    hashes: readonly string[],
  ): Promise<(StoredEntry & { readonly resource: string; readonly sourceHash: string })[]>;
  countDifferences(id: string, from: number, to: number): Promise<{ added: number; removed: number; changed: number }>;
  /** Entries that differ, in their order, after one; `before` is how `from` has them, `after` how `to` has them. */
  differences(
    id: string,
    from: number,
    to: number,
    page: PageOf,
  ): Promise<{ entry: string; before: StoredEntry | null; after: StoredEntry | null }[]>;
  /** Entries made or changed by feedback since a time that stand in the newest version. */
  countFeedback(id: string, since: Date): Promise<number>;

  /**
   * Makes a version of some edits, all or none, and gives the entries as they are then (null: deleted). Edits that
   * change nothing make no version. NOT_FOUND for an entry that is not there, CONFLICT for one that would be the same as
   * another, and while an import takes long to be merged.
   */
  edit(id: string, edits: readonly EntryEdit[], note: EditNote, now: Date): Promise<(StoredEntry | null)[]>;

  startImport(given: NewImport, now: Date): Promise<void>;
  /** Keeps rows of a running import; `position` counts them from 0. */
  stage(importId: string, position: number, rows: readonly KeyedContent[]): Promise<void>;
  /** Keeps faults of an import; `position` counts them from 0. */
  addFaults(importId: string, position: number, faults: readonly ImportFault[]): Promise<void>;
  /**
   * Makes a version of the staged rows, in transactions of some thousand entries; nobody sees any of it before all is
   * done. Of rows with the same key the last counts.
   */
  merge(importId: string, end: ImportEnd, now: Date): Promise<ImportCounts>;
  /** Ends an import that failed: nothing of it stays but its record. */
  failImport(importId: string, end: ImportEnd, error: string, now: Date): Promise<void>;
  /** With its first faults; null when the resource has no such import. */
  import(id: string, importId: string): Promise<ImportRecord | null>;
  /** Newest first, without their faults; `next` goes on where the page ended. */
  imports(
    id: string,
    page: { readonly cursor?: string; readonly limit: number },
  ): Promise<{ imports: ImportRecord[]; next: string | null }>;
  /** In the order of the file, from a position on. */
  faults(importId: string, from: number, limit: number): Promise<ImportFault[]>;
}
