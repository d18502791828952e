/** Partition keys in order, e.g. `{ market: 'DE', date: '2011-11-08' }`; values are stored percent-encoded in folder names. */
export type Partition = Readonly<Record<string, string>>;

export interface PartitionInfo {
  readonly dataset: string;
  readonly partition: Partition;
  /** Where an SQL engine reads the partition's Parquet files. */
  readonly uri: string;
  readonly rows: number;
  readonly bytes: number;
  /** sha256 over the partition's files; changes exactly when the content does. */
  readonly sha256: string;
}

/** Partitioned Parquet datasets. A partition is there whole or not at all. */
export interface Lake {
  /**
   * Replaces a partition. `write` gets an empty local folder and leaves Parquet files there; when it throws, the
   * old partition stays. `rows` is what it wrote.
   */
  replace(
    dataset: string,
    partition: Partition,
    write: (folder: string) => Promise<{ rows: number }>,
  ): Promise<PartitionInfo>;
  /** Removes a partition if it is there. */
  remove(dataset: string, partition: Partition): Promise<void>;
  /** Partitions of a dataset whose keys match `filter` (exact), sorted by their keys. */
  list(dataset: string, filter?: Partition): Promise<PartitionInfo[]>;
}
