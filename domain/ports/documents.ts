import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { DocumentEvidence, DocumentRecord, DocumentStatus } from '../../contracts/documents.ts';
import type { ArtifactStore } from './artifacts.ts';

/** What is stored of a document that is to be translated. */
export interface NewDocument
  extends Pick<DocumentRecord, 'id' | 'name' | 'format' | 'source' | 'target' | 'options' | 'by' | 'run'> {
  /** Id of the key that sent it. */
  readonly owner: string;
  /** The file, in the store of the document ({@link DocumentFiles}). */
  readonly input: ArtifactRef;
}

export interface StoredDocument extends DocumentRecord {
  readonly owner: string;
  readonly input: ArtifactRef;
  /** The translated file; null until it is there. */
  readonly result: ArtifactRef | null;
}

/** What a translation gives. */
export interface DocumentResult {
  readonly result: ArtifactRef;
  /** Given or detected. */
  readonly source: string;
  readonly characters: number;
  readonly evidence: DocumentEvidence;
}

export interface DocumentFilter {
  /** Only those of a key. */
  readonly owner?: string;
  readonly status?: DocumentStatus;
}

/** Documents. Progress, times, error and, until they expire, status are those of their runs. Newest first. */
export interface DocumentRepository {
  /** Keeps the files under its id from now on. CONFLICT when the id is taken. */
  add(document: NewDocument): Promise<void>;
  get(id: string): Promise<StoredDocument | null>;
  list(
    filter: DocumentFilter,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ documents: StoredDocument[]; next: string | null }>;
  /** Documents of a key whose runs have not ended. */
  countOpen(owner: string): Promise<number>;
  /** Keeps the result; doing it again replaces it. False when the document is removed or expired. */
  finish(id: string, result: DocumentResult): Promise<boolean>;
  /** Files are about to be stored under an id. Unless it becomes a document, they are removed after a day. */
  reserve(id: string): Promise<void>;
  /** With the log lines that quote it. False when there is no such document. What is still stored under its id afterwards is removed after a day. */
  remove(id: string): Promise<boolean>;
  /**
   * Documents whose runs ended before a time expire: the log lines that quote them are removed, their files are to be.
   *
   * @returns how many there were, at most `limit`.
   */
  expire(before: Date, now: Date, limit: number): Promise<number>;
  /**
   * Has files removed that no document keeps, a page in the order of their ids. Nobody can reserve an id meanwhile.
   *
   * @param remove whether the files are gone; if not, they are looked at again another time.
   * @returns the id with which the next page begins after; null when there is none.
   */
  clearOut(
    page: { readonly now: Date; readonly after: string; readonly limit: number },
    remove: (id: string) => Promise<boolean>,
  ): Promise<string | null>;
}

/** The files of documents, each document's apart from all others, so that they can be removed with it. */
export interface DocumentFiles {
  /** The artifacts of a document. @param id a UUID. */
  of(id: string): ArtifactStore;
  /** Removes all files of a document; nothing when it has none. */
  remove(id: string): Promise<void>;
}
