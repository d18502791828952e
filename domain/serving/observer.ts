/** What computes: a version of a model, as a configuration says, in an inference graph. */
export interface ServedVersion {
  readonly graph: string;
  readonly model: string;
  readonly version: number;
  /** 0: the built-in defaults. */
  readonly configuration: number;
}

/** What a request was for; null: it failed before a version was found. */
export type RequestedVersion = Omit<ServedVersion, 'version' | 'configuration'> & {
  readonly version: number | null;
  readonly configuration: number | null;
};

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
   * @param outcome `ok`, or the code of the error.
   */
  request(served: RequestedVersion, outcome: string, ms: number): void;
  /** A node of a graph has ended. */
  node(served: ServedVersion, node: string, ms: number): void;
  batch(served: ServedVersion, batch: ComputedBatch): void;
}
