import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Lake } from '../../../domain/ports/lake.ts';
import type { SqlEngine } from '../../../domain/ports/sql-engine.ts';
import { header, line, lines, sql, type Workplace, workplace } from './source.ts';

let place: Workplace;
let abort: AbortController;
beforeEach(async () => {
  place = await workplace();
  abort = new AbortController();
  // Other test files ingest at the same time; only our own scratch folders are to be seen.
  vi.stubEnv('TMPDIR', place.base);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await place.drop();
});

const csv = header + lines(20);
const month = header + Array.from({ length: 28 }, (_, i) => line({ at: `2011-11-${i + 1} 09:00:00` })).join('');
const reason = new Error('cancelled by Ann');

async function scratchFolders(): Promise<string[]> {
  return (await readdir(place.base)).filter((name) => name.startsWith('perennial-ingest-'));
}

/** An engine that is like DuckDB but for what `change` makes of it. */
function changed(change: (engine: SqlEngine) => Partial<SqlEngine>) {
  return {
    async open(...args: Parameters<typeof sql.open>) {
      const engine = await sql.open(...args);
      return { ...engine, ...change(engine) };
    },
  };
}

describe('an aborted ingest', () => {
  it('stops before it begins, with the reason it was given', async () => {
    const signal = AbortSignal.abort(reason);
    await expect(place.ingest(await place.source({ 'a.csv': csv }), { signal })).rejects.toBe(reason);
    expect(await scratchFolders()).toEqual([]);
  });

  it('is not taken for a bad source when the reading is cut short', async () => {
    const engine = changed(() => {
      abort.abort(reason);
      return {};
    });
    const source = await place.source({ 'a.csv': csv });
    await expect(place.ingest(source, { signal: abort.signal, sql: engine })).rejects.toBe(reason);
    expect(await place.sales()).toEqual([]);
    expect(await scratchFolders()).toEqual([]);
  });

  it('gives the reason, not the error of the query that was interrupted', async () => {
    const engine = changed(() => ({
      query() {
        abort.abort(reason);
        return Promise.reject(new Error('INTERRUPT Error: Interrupted!'));
      },
    }));
    const source = await place.source({ 'a.csv': csv });
    await expect(place.ingest(source, { signal: abort.signal, sql: engine })).rejects.toBe(reason);
  });

  it('leaves whole partitions when it stops between them, and can be done again', async () => {
    const source = await place.source({ 'a.csv': month });
    const progress = (done: number) => done === 3 && abort.abort(reason);
    await expect(place.ingest(source, { signal: abort.signal, progress })).rejects.toBe(reason);
    const partitions = await place.lake.list('offers/sales');
    expect(partitions.length).toBeLessThan(28);
    expect(await place.sales()).toHaveLength(partitions.length);
    expect(await place.ingest(source)).toMatchObject({ rows: 28, partitions: 28 });
    expect(await place.sales()).toHaveLength(28);
  });
});

describe('a lake that fails', () => {
  it('ends the ingest, which writes nothing more once it has given up', async () => {
    let writing = 0;
    let calls = 0;
    const lake: Lake = {
      ...place.lake,
      async replace(...args) {
        calls++;
        writing++;
        try {
          if (calls === 1) throw new Error('no space');
          return await place.lake.replace(...args);
        } finally {
          writing--;
        }
      },
    };
    await expect(place.ingest(await place.source({ 'a.csv': month }), { lake })).rejects.toThrow('no space');
    expect(writing).toBe(0);
    expect(calls).toBeLessThan(28);
    expect(await scratchFolders()).toEqual([]);
  });
});
