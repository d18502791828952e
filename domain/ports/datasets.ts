/** A file, or an object of a store. */
export interface DatasetObject {
  /** Below the folder or prefix, with `/` between parts. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  /** Changes with the content: the store's tag, or size and time of a file. */
  readonly version: string;
}

/** Where data lands: a folder or a prefix of an object store. */
export interface DatasetSource {
  /** Whether what is listed is complete, since it appears all at once. */
  readonly isAtomic: boolean;
  uri(path: string): string;
  /** All that is there, in no order. */
  list(): Promise<DatasetObject[]>;
  /** Calls `wake` when something may have changed, where the source can tell; returns what ends it. */
  watch(wake: () => void): () => void;
}
