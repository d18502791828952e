import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { header, line, lines, scratchFolders, sql, type Workplace, workplace } from './source.ts';

let place: Workplace;
let before: string[];
beforeEach(async () => {
  place = await workplace();
  before = await scratchFolders();
});
afterEach(() => place.drop());

const csv = header + lines(20);

describe('an aborted ingest', () => {
  it('stops before it begins, with the reason it was given', async () => {
    const signal = AbortSignal.abort(new Error('cancelled by Ann'));
    await expect(place.ingest(await place.source({ 'a.csv': csv }), { signal })).rejects.toThrow('cancelled by Ann');
    expect(await scratchFolders()).toEqual(before);
  });

  it('is not taken for a bad source when the reading is cut short', async () => {
    const abort = new AbortController();
    const open: typeof sql.open = async (options) => {
      const engine = await sql.open(options);
      abort.abort(new Error('cancelled by Ann'));
      return engine;
    };
    const source = await place.source({ 'a.csv': csv });
    await expect(place.ingest(source, { signal: abort.signal, sql: { open } })).rejects.toThrow(/^cancelled by Ann$/);
    expect(await place.sales()).toEqual([]);
    expect(await scratchFolders()).toEqual(before);
  });

  it('gives the reason when a query was interrupted', async () => {
    const abort = new AbortController();
    const open: typeof sql.open = async (options) => {
      const engine = await sql.open(options);
      const query: typeof engine.query = (text) => {
        const result = engine.query(`select count(*) from range(100000000000)`);
        // In the middle of it: DuckDB answers with an error of its own.
        setImmediate(() => abort.abort(new Error('cancelled by Ann')));
        return text.includes('bad') ? result : engine.query(text);
      };
      return { ...engine, query };
    };
    const source = await place.source({ 'a.csv': csv });
    await expect(place.ingest(source, { signal: abort.signal, sql: { open } })).rejects.toThrow(/^cancelled by Ann$/);
  });

  it('leaves whole partitions when it stops between them', async () => {
    const abort = new AbortController();
    const days = Array.from({ length: 28 }, (_, i) =>
      line({ at: `2011-11-${String(i + 1).padStart(2, '0')} 09:00:00` }),
    );
    const source = await place.source({ 'a.csv': header + days.join('') });
    const progress = (done: number) => done === 3 && abort.abort(new Error('cancelled by Ann'));
    await expect(place.ingest(source, { signal: abort.signal, progress })).rejects.toThrow('cancelled by Ann');
    const partitions = await place.lake.list('offers/sales');
    expect(partitions.length).toBeLessThan(28);
    expect(await place.sales()).toHaveLength(partitions.length);
    expect(await place.ingest(source)).toMatchObject({ rows: 28, partitions: 28 });
    expect(await place.sales()).toHaveLength(28);
  });
});
