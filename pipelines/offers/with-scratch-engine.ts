import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SqlEngine, SqlEngineFactory } from '../../domain/ports/sql-engine.ts';

/** Gives `work` an engine and a folder of its own, and cleans up behind it; when it was stopped, the reason of the stop is thrown. */
export async function withScratchEngine<T>(
  sql: SqlEngineFactory,
  signal: AbortSignal | undefined,
  work: (engine: SqlEngine, scratch: string) => Promise<T>,
): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'perennial-ingest-'));
  let engine: SqlEngine | undefined;
  try {
    engine = await sql.open({ scratch, ...(signal ? { signal } : {}) });
    return await work(engine, scratch);
  } catch (error) {
    // A query that was interrupted fails with an error of the engine's own, or looks like a source that cannot be read.
    signal?.throwIfAborted();
    throw error;
  } finally {
    await engine?.close();
    await rm(scratch, { recursive: true, force: true });
  }
}
