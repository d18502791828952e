import type { Json, JsonObject } from '../../contracts/json.ts';

/** What a column of numbers is kept as. */
interface NumberArrays {
  readonly int32: Int32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}
export type NumberKind = keyof NumberArrays;
export type NumberColumns<Kinds extends Readonly<Record<string, NumberKind>>> = {
  readonly [Name in keyof Kinds]: NumberArrays[Kinds[Name]];
};

/** Runs the preprocessing SQL. One instance is one session: views last until `close`. */
export interface SqlEngine {
  readonly name: 'duckdb' | 'spark';
  /** Runs one or more statements. */
  execute(sql: string): Promise<void>;
  /** Rows as JSON objects: BIGINT as number, DATE as YYYY-MM-DD, TIMESTAMP as ISO 8601. */
  query(sql: string): Promise<JsonObject[]>;
  /** The same by column: for tables too long for an object a row. */
  columns(sql: string): Promise<Record<string, Json[]>>;
  /**
   * The columns of numbers named in `kinds`, for tables of millions of rows: takes little more memory than what it returns.
   * Fails on a null and on a column that is not there.
   */
  numbers<const Kinds extends Readonly<Record<string, NumberKind>>>(
    sql: string,
    kinds: Kinds,
  ): Promise<NumberColumns<Kinds>>;
  /**
   * Tables made from here on lie in a file of the scratch folder, compressed, and not in memory: for more rows than fit there.
   * Takes longer than memory for few rows.
   */
  keepOnDisk(): Promise<void>;
  /**
   * From here on statements read and write files below `folder` only and reach no network; nothing lifts this before
   * `close`. For expressions that somebody else wrote.
   */
  confine(folder: string): Promise<void>;
  close(): Promise<void>;
}

export interface SqlEngineFactory {
  /**
   * `signal` interrupts the running statement; what does not fit into memory goes to `scratch`, a folder. `memoryMiB`: most memory
   * of the session, where steps run side by side; default: the engine's.
   */
  open(options?: { signal?: AbortSignal; scratch?: string; memoryMiB?: number }): Promise<SqlEngine>;
}
