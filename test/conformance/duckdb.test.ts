import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlEngine } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import { duckdbEngine } from '../../engines/duckdb/engine.ts';

let base: string;
let inside: string;
let outside: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'perennial-duckdb-'));
  [inside, outside] = [join(base, "it's in"), join(base, "it's in and out")];
  for (const folder of [inside, outside]) {
    await mkdir(folder);
    await writeFile(join(folder, 'a.csv'), 'a\n1\n');
  }
});
afterAll(() => rm(base, { recursive: true, force: true }));

async function withEngine<T>(work: (engine: SqlEngine) => Promise<T>, memoryLimit?: string): Promise<T> {
  const engine = await duckdbEngine({ threads: 2, ...(memoryLimit ? { memoryLimit } : {}) }).open({ scratch: inside });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

describe('a confined session of DuckDB', () => {
  it('reads and writes below its folder, and keeps the tables it has', async () => {
    await withEngine(async (engine) => {
      await engine.execute(`create table t as from read_csv(${quote(join(outside, 'a.csv'))})`);
      await engine.confine(inside);
      await engine.execute(`copy t to ${quote(join(inside, 't.parquet'))} (format parquet)`);
      expect(await engine.query(`from read_parquet(${quote(join(inside, 't.parquet'))})`)).toEqual([{ a: 1 }]);
    });
  });

  it.each<[string, () => string]>([
    ['reads beside it', () => `from read_csv(${quote(join(outside, 'a.csv'))})`],
    ['reads above it', () => `from read_csv(${quote(join(inside, '..', "it's in and out", 'a.csv'))})`],
    ['reads files of the system', () => `from read_text('/etc/passwd')`],
    ['writes beside it', () => `copy (select 1) to ${quote(join(outside, 'b.csv'))}`],
    ['attaches a database', () => `attach ${quote(join(outside, 'x.db'))}`],
    ['loads an extension', () => `install httpfs`],
    ['reads the network', () => `from read_csv('http://127.0.0.1:9/a.csv')`],
    ['lifts it', () => `set enable_external_access = true`],
    ['widens it', () => `set allowed_directories = ['/']`],
  ])('never %s', async (_, statement) => {
    await withEngine(async (engine) => {
      await engine.confine(inside);
      await expect(engine.execute(statement())).rejects.toThrow();
    });
  });

  it('goes beyond its memory into its folder', async () => {
    await withEngine(async (engine) => {
      await engine.execute('set preserve_insertion_order = false');
      await engine.confine(inside);
      // 160 MB of texts that do not pack well, sorted.
      await engine.execute(
        'create table t as select md5(cast(i as varchar)) || md5(cast(i + 1 as varchar)) as a from range(2000000) r(i)',
      );
      await engine.execute('create table s as select * from t order by a');
      expect(await engine.query('select count(*) as n from s')).toEqual([{ n: 2_000_000 }]);
    }, '100MB');
  });
});

describe('tables on disk', () => {
  it('take little of a small memory, and stay within reach of a confined session', async () => {
    await withEngine(async (engine) => {
      await engine.keepOnDisk();
      await engine.execute('create table t as select i, md5(cast(i as varchar)) as a from range(3000000) r(i)');
      await engine.confine(inside);
      await engine.execute(
        `create table s as select * from t where i >= 1000; delete from s where i < 2000; drop table t`,
      );
      expect(await engine.query('select count(*) as n, min(i) as least, count(distinct rowid) as ids from s')).toEqual([
        { n: 2_998_000, least: 2000, ids: 2_998_000 },
      ]);
    }, '100MB');
  });

  it('need a folder', async () => {
    const engine = await duckdbEngine({}).open();
    await expect(engine.keepOnDisk()).rejects.toThrow(/scratch folder/);
    await engine.close();
  });
});

describe('columns of numbers', () => {
  it('come in their order and type, across the chunks of a long result', async () => {
    await withEngine(async (engine) => {
      const rows = 200_000;
      const { i, half, big } = await engine.numbers(
        `select cast(range as integer) as i, range / 2 as half, range * 10 as big from range(${rows}) order by range desc`,
        { i: 'int32', half: 'float32', big: 'float64' },
      );
      expect([i.constructor, half.constructor, big.constructor]).toEqual([Int32Array, Float32Array, Float64Array]);
      expect([i.length, half.length, big.length]).toEqual([rows, rows, rows]);
      for (const row of [0, 2047, 2048, 65_536, rows - 1]) {
        const value = rows - 1 - row;
        expect([i[row], half[row], big[row]]).toEqual([value, value / 2, value * 10]);
      }
      const none = await engine.numbers('select 1 as i where false', { i: 'int32' });
      expect(none.i).toEqual(new Int32Array(0));
    });
  });

  it('are refused with a null, and when one is not there', async () => {
    await withEngine(async (engine) => {
      await expect(engine.numbers('select null::integer as i', { i: 'int32' })).rejects.toThrow(/Row 0 .* no "i"/);
      await expect(engine.numbers('select 1 as j', { i: 'int32' })).rejects.toThrow(/no column "i"; it has j/);
    });
  });
});
