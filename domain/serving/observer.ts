/** What computes: a version of a model in an inference graph. */
export interface ServedVersion {
  readonly graph: string;
  readonly model: string;
  readonly version: number;
}

/** A batch that a model has computed. */
export interface ComputedBatch {
  readonly items: number;
  /** Tokens in and out. */
  readonly read: number;
  readonly written: number;
  readonly ms: number;
}

/** Hears what is served, for metrics. */
export interface ServingObserver {
  /**
   * A request was answered, or not.
   *
   * @param served version null: it failed before one was found.
   * @param outcome `ok`, or the code of the error.
   */
  request(served: Omit<ServedVersion, 'version'> & { version: number | null }, outcome: string, ms: number): void;
  /** A node of a graph has ended. */
  node(served: ServedVersion, node: string, ms: number): void;
  batch(served: ServedVersion, batch: ComputedBatch): void;
}
