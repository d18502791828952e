import type { DocumentFormat } from '../../contracts/document-formats.ts';
import type { DocumentOptions } from '../../contracts/documents.ts';
import type { StoredDocument } from '../ports/documents.ts';

/** The key that asks. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  /** Whether it may see the documents of all keys. */
  readonly isAdmin: boolean;
}

/** How a document is wanted; what is left out has the defaults of the service's `check`. */
export interface DocumentRequest extends Partial<DocumentOptions> {
  /** Name of the file; '' when it has none. */
  readonly name: string;
  /** Default: what the name or the content type says. */
  readonly format?: DocumentFormat;
  readonly contentType?: string;
  /** BCP 47. Default: detected. */
  readonly source?: string;
  readonly target: string;
}

/** A request that holds, complete. */
export type CheckedRequest = Pick<StoredDocument, 'name' | 'format' | 'source' | 'target' | 'options'>;
