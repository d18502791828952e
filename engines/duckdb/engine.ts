import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { isTracing, SpanKind, tracedWithin } from '../../telemetry/tracing.ts';
import { readNumbers } from './numbers.ts';

/**
 * DuckDB in memory, one database a session.
 *
 * @param threads default: all cores. @param memoryLimit e.g. `2GB`, of a session that asks for none; default 2GB. Beyond it a
 *   session spills to its scratch folder, or where it has none, to a folder for temporary files that goes with it.
 */
export function duckdbEngine({
  threads,
  memoryLimit = '2GB',
}: {
  threads?: number;
  memoryLimit?: string;
}): SqlEngineFactory {
  return {
    async open({ signal, scratch, memoryMiB } = {}) {
      signal?.throwIfAborted();
      const instance = await DuckDBInstance.create(':memory:', {
        memory_limit: memoryMiB === undefined ? memoryLimit : `${memoryMiB}MiB`,
        ...(threads === undefined ? {} : { threads: String(threads) }),
        temp_directory: scratch === undefined ? join(tmpdir(), `perennial-${randomUUID()}`) : join(scratch, 'spill'),
      });
      const connection: DuckDBConnection = await instance.connect();
      // What a session gives must not depend on the machine it ran on.
      await connection.run("set timezone = 'UTC'");
      const interrupt = (): void => connection.interrupt();
      signal?.addEventListener('abort', interrupt);
      return {
        name: 'duckdb',
        execute: (sql) =>
          statement('execute', sql, async () => {
            for (const run of await statementsOf(connection, sql)) {
              signal?.throwIfAborted();
              await run();
            }
          }),
        query: (sql) =>
          statement('query', sql, async () => {
            const reader = await connection.runAndReadAll(sql);
            const names = reader.deduplicatedColumnNames();
            return reader
              .getRows()
              .map(
                (row): JsonObject => Object.fromEntries(row.map((value, i) => [names[i] ?? String(i), toJson(value)])),
              );
          }),
        columns: (sql) =>
          statement('columns', sql, async () => {
            const reader = await connection.runAndReadAll(sql);
            const names = reader.deduplicatedColumnNames();
            return Object.fromEntries(
              reader.getColumns().map((column, i) => [names[i] ?? String(i), column.map(toJson)]),
            );
          }),
        numbers: (sql, kinds) => statement('numbers', sql, () => readNumbers(connection, sql, kinds)),
        async keepOnDisk() {
          if (scratch === undefined) throw new Error('A session without a scratch folder has no place on disk');
          await connection.run(`attach '${join(scratch, 'tables.duckdb').replaceAll("'", "''")}' as tables_on_disk`);
          await connection.run('use tables_on_disk');
          // The file goes with the session.
          await connection.run('pragma disable_checkpoint_on_shutdown');
        },
        async confine(folder) {
          // In this order: the folders are fixed with the second.
          await connection.run(`set allowed_directories = ['${join(folder, '/').replaceAll("'", "''")}']`);
          await connection.run('set enable_external_access = false');
        },
        async close() {
          signal?.removeEventListener('abort', interrupt);
          connection.closeSync();
          instance.closeSync();
        },
      };
    },
  };
}

/** Longest text of a statement in a span. */
const maxText = 2_000;

/** Does a statement as a span, whose text has no values in it: they may be secrets, and are a customer's data. */
function statement<T>(operation: string, sql: string, work: () => Promise<T>): Promise<T> {
  const text = (): string =>
    sql
      .slice(0, 2 * maxText)
      .replaceAll(/'(?:[^']|'')*'?/g, '?')
      .slice(0, maxText);
  const attributes = isTracing()
    ? { 'db.system.name': 'duckdb', 'db.operation.name': operation, 'db.query.text': text() }
    : {};
  return tracedWithin(`duckdb.${operation}`, { kind: SpanKind.CLIENT, attributes }, work);
}

async function statementsOf(connection: DuckDBConnection, sql: string): Promise<(() => Promise<unknown>)[]> {
  const extracted = await connection.extractStatements(sql);
  return Array.from({ length: extracted.count }, (_, i) => async () => {
    const prepared = await extracted.prepare(i);
    await prepared.run();
  });
}

function toJson(value: DuckDBValue): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (typeof value === 'bigint') return Number(value);
  if ('items' in value && Array.isArray(value.items)) return value.items.map((item) => toJson(item as DuckDBValue));
  if ('entries' in value && !Array.isArray(value.entries) && typeof value.entries === 'object') {
    return Object.fromEntries(
      Object.entries(value.entries as Record<string, DuckDBValue>).map(([k, v]) => [k, toJson(v)]),
    );
  }
  if ('toDouble' in value && typeof value.toDouble === 'function') return (value as { toDouble(): number }).toDouble();
  if ('micros' in value && 'days' in value === false)
    return new Date(Number(value.micros as bigint) / 1000).toISOString();
  return value.toString();
}
