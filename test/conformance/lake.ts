import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { Lake } from '../../domain/ports/lake.ts';

const write = (text: string) => async (folder: string) => {
  writeFileSync(join(folder, 'part-0.parquet'), text);
  return { rows: text.length };
};

/** What the files of a partition hold now. */
function read(uri: string): string {
  return readdirSync(dirname(uri))
    .map((name) => readFileSync(join(dirname(uri), name), 'utf8'))
    .join();
}

/** @param lake an empty lake whose uris are local paths. */
export function lakeConformance(lake: () => Lake): void {
  const day = (market: string, date = '2026-01-01') => ({ market, date });

  it('lists partitions by their keys, with rows and a hash of the content', async () => {
    await lake().replace('sales', day('United Kingdom', '2026-01-02'), write('three'));
    await lake().replace('sales', day('United Kingdom'), write('one'));
    await lake().replace('sales', day('EIRE'), write('one'));
    const all = await lake().list('sales');
    expect(all.map((p) => [p.partition['market'], p.partition['date'], p.rows])).toEqual([
      ['EIRE', '2026-01-01', 3],
      ['United Kingdom', '2026-01-01', 3],
      ['United Kingdom', '2026-01-02', 5],
    ]);
    expect(all[0]?.sha256).toBe(all[1]?.sha256);
    expect(all[1]?.sha256).not.toBe(all[2]?.sha256);
    expect(await lake().list('sales', { date: '2026-01-02' })).toHaveLength(1);
    expect(await lake().list('nothing')).toEqual([]);
  });

  it('replaces a partition as a whole', async () => {
    await lake().replace('sales', day('DE'), write('old'));
    const now = await lake().replace('sales', day('DE'), write('new'));
    expect(read(now.uri)).toBe('new');
    expect((await lake().list('sales', { market: 'DE' })).map((p) => read(p.uri))).toEqual(['new']);
  });

  it('leaves who reads a version at it when it is replaced, and replaces nothing by the same', async () => {
    const first = await lake().replace('read', day('DE'), write('old'));
    expect(await lake().replace('read', day('DE'), write('old'))).toEqual(first);
    await lake().replace('read', day('DE'), write('new'));
    await lake().replace('read', day('DE'), write('newer'));
    expect(read(first.uri)).toBe('old');
    expect((await lake().list('read')).map((p) => read(p.uri))).toEqual(['newer']);
  });

  it('keeps the old partition when the writer fails, and nothing of a first one', async () => {
    await lake().replace('sales', day('FR'), write('old'));
    const fail = (market: string) =>
      lake().replace('sales', day(market), async (folder) => {
        writeFileSync(join(folder, 'half.parquet'), 'half');
        throw new Error('no more');
      });
    await expect(fail('FR')).rejects.toThrow('no more');
    await expect(fail('ES')).rejects.toThrow('no more');
    expect((await lake().list('sales', { market: 'FR' })).map((p) => read(p.uri))).toEqual(['old']);
    expect(await lake().list('sales', { market: 'ES' })).toEqual([]);
  });

  it('has one whole partition after many writers at once', async () => {
    const texts = Array.from({ length: 10 }, (_, i) => `writer ${i}`);
    await Promise.all(texts.map((text) => lake().replace('sales', day('IT'), write(text))));
    const [left, ...others] = await lake().list('sales', { market: 'IT' });
    expect(others).toEqual([]);
    expect(texts).toContain(read(left?.uri ?? ''));
  });

  it('forgets a partition that is removed, and takes it again', async () => {
    await lake().replace('sales', day('NL'), write('one'));
    await lake().remove('sales', day('NL'));
    await lake().remove('sales', day('NL'));
    expect(await lake().list('sales', { market: 'NL' })).toEqual([]);
    await lake().replace('sales', day('NL'), write('two'));
    expect(await lake().list('sales', { market: 'NL' })).toHaveLength(1);
  });

  it.each(['../../outside', '.', '..', 'a/b', 'ü & co.', 'x=y', '', '100%', 'a*b?[c]', 'C:\\x', ' spaced '])(
    'holds a partition named %j beside all others',
    async (market) => {
      await lake().replace('odd', day(market), write(market || 'empty'));
      const found = (await lake().list('odd')).filter((p) => p.partition['market'] === market);
      expect(found).toHaveLength(1);
      expect(read(found[0]?.uri ?? '')).toBe(market || 'empty');
    },
  );
}
