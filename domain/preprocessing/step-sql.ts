import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { JsonObject } from '../../contracts/json.ts';
import type { SqlEngine } from '../ports/sql-engine.ts';
import type { StepContext } from '../ports/step-context.ts';
import { identifier, quote, quoteList } from './sql.ts';

/** A table that a step hands on: a Parquet file in the artifact store. */
export const Table = Type.Object({
  table: Type.Object({ uri: Type.String(), sha256: Type.String(), bytes: Type.Integer() }),
  rows: Type.Integer(),
});
export type Table = Static<typeof Table>;

export interface StepSql {
  /**
   * Brings files from a folder, `s3://…`, `postgres://…` or `http(s)://…` for the time of the step, and names them as a list in SQL:
   * `read_csv(${await sql.bring(source)})`. SOURCE_INVALID when there are none.
   */
  bring(location: string): Promise<string>;
  /** Rows as JSON objects: BIGINT as number, DATE as YYYY-MM-DD, TIMESTAMP as ISO 8601. For as many as fit into memory. */
  query(text: string): Promise<JsonObject[]>;
  /** Keeps what a query gives, in its order, and says where: return it, and steps that need this one read it by its id. */
  store(text: string): Promise<Table>;
}

/**
 * SQL of a step: what needed steps have stored is there under their ids, and files that were brought are read by
 * functions of the engine, such as DuckDB's read_csv. Each call has a session of its own.
 */
export function stepSql(context: Pick<StepContext, 'inputs' | 'services' | 'scratch' | 'signal'>): StepSql {
  const { inputs, services, signal } = context;
  async function within<T>(work: (engine: SqlEngine) => Promise<T>): Promise<T> {
    const engine = await services.sql.open({ signal, scratch: context.scratch });
    try {
      for (const [step, output] of Object.entries(inputs)) {
        if (!Value.Check(Table, output)) continue;
        const file = await services.artifacts.getFile(output.table);
        await engine.execute(`create view ${identifier(step)} as from read_parquet(${quote(file)})`);
      }
      return await work(engine);
    } finally {
      await engine.close();
    }
  }
  return {
    bring: async (location) => {
      const files = await services.sources.bring({ location }, { folder: context.scratch, signal });
      return quoteList(files.map(({ path }) => path));
    },
    query: (text) => within((engine) => engine.query(text)),
    store: (text) =>
      within(async (engine) => {
        const file = join(context.scratch, `${randomUUID()}.parquet`);
        await engine.execute(`copy (${text}) to ${quote(file)} (format parquet, compression zstd)`);
        const [counted] = await engine.query(`select count(*) as rows from read_parquet(${quote(file)})`);
        return { table: { ...(await services.artifacts.putFile(file)) }, rows: Number(counted?.['rows']) };
      }),
  };
}
