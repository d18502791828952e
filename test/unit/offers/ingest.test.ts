import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quote } from '../../../domain/preprocessing/sql.ts';
import { header, line, lines, sql, type Workplace, workplace } from './source.ts';

let place: Workplace;
beforeEach(async () => {
  place = await workplace();
});
afterEach(() => place.drop());

/** The same rows as Parquet, with the types a data frame would give them. */
async function parquetOf(csv: string): Promise<Uint8Array> {
  const folder = await place.source({ 'a.csv': csv });
  const [from, to] = [join(folder, 'a.csv'), join(folder, 'a.parquet')];
  const engine = await sql.open();
  await engine.execute(
    `copy (select * replace (cast(CustomerID as double) as CustomerID) from read_csv(${quote(from)}, header = true)) to ${quote(to)} (format parquet)`,
  );
  await engine.close();
  return readFile(to);
}

const mixed =
  header +
  line() +
  line({ invoice: 'C536366', quantity: '-2' }) +
  line({ invoice: '536367', customer: '', description: '"BOX, RED"', at: '2011-11-09 10:00:00' }) +
  line({ invoice: '536368', market: 'Germany' });

describe('formats', () => {
  it('gives the same rows for CSV, gzipped CSV and Parquet', async () => {
    const csv = await place.ingest(await place.source({ '2011.csv': mixed }));
    const expected = await place.sales();
    expect(expected).toHaveLength(4);
    const files = { '2011.csv.gz': gzipSync(mixed), '2011.parquet': await parquetOf(mixed) };
    for (const [name, content] of Object.entries(files)) {
      expect(await place.ingest(await place.source({ [name]: content }))).toEqual(csv);
      expect(await place.sales()).toEqual(expected);
    }
  });

  it('reports what came in', async () => {
    const source = await place.source({ '2011.csv': mixed, 'readme.md': 'not a sales file' });
    const steps: string[] = [];
    const progress = (done: number, total: number, unit: string) => steps.push(`${done}/${total} ${unit}`);
    expect(await place.ingest(source, { progress })).toEqual({
      files: 1,
      rows: 4,
      quarantined: 0,
      reasons: [],
      markets: ['Germany', 'United Kingdom'],
      firstDate: '2011-11-08',
      lastDate: '2011-11-09',
      partitions: 3,
    });
    expect(steps).toEqual(['1/3 partitions', '2/3 partitions', '3/3 partitions']);
  });

  it('reads doubled quotes, commas, line ends of Windows and a byte order mark', async () => {
    const csv = `\uFEFF${header}${line({ description: '"RECORD FRAME 7"" SINGLE SIZE "' })}${line({ description: '"BOX, RED"', invoice: '9' })}`;
    await place.ingest(await place.source({ 'a.csv': csv.replaceAll('\n', '\r\n') }));
    expect((await place.sales()).map((row) => row['description'])).toEqual(['RECORD FRAME 7" SINGLE SIZE', 'BOX, RED']);
  });

  it('takes one file, columns in another order, and columns it does not know', async () => {
    const names = ['Note', ...header.trim().split(',').reverse()].join(',');
    const row = ['gift', ...line().trim().split(',').reverse()].join(',');
    const source = await place.source({ 'a.csv': `${names}\n${row}\n`, 'b.csv': header + line() });
    await place.ingest(join(source, 'b.csv'));
    const expected = await place.sales();
    await place.ingest(join(source, 'a.csv'));
    expect(await place.sales()).toEqual(expected);
    expect((await place.ingest(source)).rows).toBe(2);
  });

  it('marks cancelled invoices and keeps rows without a customer', async () => {
    await place.ingest(await place.source({ 'a.csv': mixed }));
    const rows = await place.sales();
    expect(rows.filter((row) => row['cancelled']).map((row) => row['invoice'])).toEqual(['C536366']);
    expect(rows.filter((row) => row['customer'] === null).map((row) => row['invoice'])).toEqual(['536367']);
  });
});

describe('days that come again', () => {
  it('are replaced, markets that are gone included; other days stay', async () => {
    await place.ingest(await place.source({ 'a.csv': mixed }));
    const again = header + line({ invoice: '700000', quantity: '1' });
    await place.ingest(await place.source({ 'a.csv': again }));
    const rows = (await place.sales()).map((row) => `${row['date']} ${row['market']} ${row['invoice']}`);
    expect(rows).toEqual(['2011-11-08 United Kingdom 700000', '2011-11-09 United Kingdom 536367']);
  });

  it('have the same hash when they have the same rows', async () => {
    const hashes = async () => (await place.lake.list('offers/sales')).map((p) => p.sha256);
    await place.ingest(await place.source({ 'a.csv': mixed }));
    const first = await hashes();
    const [head, ...rest] = mixed.trim().split('\n');
    await place.ingest(await place.source({ 'b.csv': `${[head, ...rest.reverse()].join('\n')}\n` }));
    expect(await hashes()).toEqual(first);
  });

  it('keep names that no folder could have', async () => {
    const market = "Côte d'Ivoire / N.A. [*]";
    await place.ingest(await place.source({ 'a.csv': header + line({ market }) + line({ market: '007' }) }));
    expect((await place.sales()).map((row) => row['market'])).toEqual(['007', market]);
    expect((await place.lake.list('offers/sales', { market })).map((p) => p.rows)).toEqual([1]);
  });
});

describe('one market', () => {
  it('is taken alone and leaves the others as they were', async () => {
    await place.ingest(await place.source({ 'a.csv': mixed }));
    const source = await place.source({ 'a.csv': header + lines(2, { market: 'Germany' }) + lines(3) });
    expect(await place.ingest(source, { market: 'Germany' })).toMatchObject({ rows: 2, markets: ['Germany'] });
    expect((await place.sales()).map((row) => `${row['market']} ${row['invoice']}`)).toEqual([
      'Germany 600000',
      'Germany 600001',
      'United Kingdom 536365',
      'United Kingdom C536366',
      'United Kingdom 536367',
    ]);
  });
});
