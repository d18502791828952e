import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { DocumentEvidence, DocumentRecord } from '../../contracts/documents.ts';
import type { RunStatus } from '../../contracts/runs.ts';
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
  readonly status?: RunStatus;
}

/** Documents. Status, progress, times and error are those of their runs. Newest first. */
export interface DocumentRepository {
  /** CONFLICT when the id is taken. */
  add(document: NewDocument): Promise<void>;
  get(id: string): Promise<StoredDocument | null>;
  list(
    filter: DocumentFilter,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ documents: StoredDocument[]; next: string | null }>;
  /** Documents of a key whose runs have not ended. */
  countOpen(owner: string): Promise<number>;
  /** Keeps the result; doing it again replaces it. False when there is no such document any more. */
  finish(id: string, result: DocumentResult): Promise<boolean>;
  /** False when there is no such document. */
  remove(id: string): Promise<boolean>;
}

/** The files of documents, each document's apart from all others, so that they can be removed with it. */
export interface DocumentFiles {
  /** The artifacts of a document. @param id a UUID. */
  of(id: string): ArtifactStore;
  /** Removes all files of a document; nothing when it has none. */
  remove(id: string): Promise<void>;
}
