import type { Json, JsonObject } from '../../contracts/json.ts';

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
   * From here on statements read and write files below `folder` only and reach no network; nothing lifts this before
   * `close`. For expressions that somebody else wrote.
   */
  confine(folder: string): Promise<void>;
  close(): Promise<void>;
}

export interface SqlEngineFactory {
  /** `signal` interrupts the running statement; what does not fit into memory goes to `scratch`, a folder. */
  open(options?: { signal?: AbortSignal; scratch?: string }): Promise<SqlEngine>;
}
