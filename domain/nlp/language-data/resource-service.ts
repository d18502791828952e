import type {
  EntryState,
  ImportFault,
  ImportRecord,
  NewResource,
  ResourceChange,
  ResourceRecord,
  ResourceVersion,
  VersionDiff,
} from '../../../contracts/language-data.ts';
import type { EntrySearch } from '../../ports/language-resources.ts';
import type { Bytes } from '../formats/index.ts';
import type { ImportOptions } from './import.ts';

/** Who changes entries, and why. */
export interface Edit {
  readonly by: string;
  readonly reason?: string;
}

export interface EntryFilter extends EntrySearch {
  /** Default: the newest. */
  readonly version?: number;
  readonly cursor?: string;
  readonly limit: number;
}

/** An entry that has the source that was asked for. */
export type ExactMatch<Content> = Content & EntryState & { readonly resource: string };

/**
 * Memories or glossaries as people and programs handle them. NOT_FOUND for what is not there, VALIDATION_FAILED naming
 * the field for what does not hold.
 */
export interface ResourceService<Content> {
  readonly formats: readonly string[];
  list(page: { cursor?: string; limit: number }): Promise<{ resources: ResourceRecord[]; next: string | null }>;
  get(id: string): Promise<ResourceRecord>;
  create(resource: NewResource, by: string): Promise<ResourceRecord>;
  change(id: string, change: ResourceChange): Promise<ResourceRecord>;
  remove(id: string): Promise<void>;
  versions(
    id: string,
    page: { cursor?: string; limit: number },
  ): Promise<{ versions: ResourceVersion[]; next: string | null }>;

  /** Entries of a version, all or those that are searched for, page by page. */
  entries(
    id: string,
    filter: EntryFilter,
  ): Promise<{ version: number; entries: (Content & EntryState)[]; next: string | null }>;
  entry(id: string, entry: string, version?: number): Promise<Content & EntryState>;
  /** All states of an entry, oldest first. */
  history(id: string, entry: string): Promise<(Content & EntryState)[]>;
  /** Adds entries, or changes those that are known by the same; one version for all of them. */
  add(id: string, contents: readonly Content[], edit: Edit & { feedback?: boolean }): Promise<(Content & EntryState)[]>;
  /** Changes an entry; what `change` leaves out stays. */
  edit(id: string, entry: string, change: Partial<Content>, edit: Edit): Promise<Content & EntryState>;
  delete(id: string, entry: string, edit: Edit): Promise<void>;
  diff(
    id: string,
    from: number,
    to: number,
    page: { cursor?: string; limit: number },
  ): Promise<VersionDiff<Content & EntryState>>;

  /** See {@link importFile}. */
  import(id: string, bytes: Bytes, options: ImportOptions): Promise<ImportRecord>;
  imports(
    id: string,
    page: { cursor?: string; limit: number },
  ): Promise<{ imports: ImportRecord[]; next: string | null }>;
  importRecord(id: string, importId: string): Promise<ImportRecord>;
  /** All faults of an import that were kept, in pages. */
  faults(id: string, importId: string): Promise<AsyncIterable<readonly ImportFault[]>>;
  /** The text of an export; default: the newest version. */
  export(id: string, format: string, version?: number): Promise<{ version: number; text: AsyncIterable<string> }>;
  /** A whole version in pages of 1,000 entries, for training and for indexes in memory. */
  stream(id: string, version?: number): Promise<AsyncIterable<readonly (Content & EntryState)[]>>;
  /**
   * Entries of the newest versions whose source is the same after normalising (`normaliseSource`), by the source that was
   * asked for: one statement for all of them. Sources without a match are left out.
   */
  exact(ids: readonly string[], sources: readonly string[]): Promise<Map<string, ExactMatch<Content>[]>>;
  /** Corrections since a time that stand in the newest version: new labelled data. */
  countFeedback(id: string, since: Date): Promise<number>;
}
