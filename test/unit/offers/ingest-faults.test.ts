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

const day = '2011-11-08.csv';

describe('quarantine', () => {
  it.each([
    ['a negative price', line({ price: '-1.5' }), 'UnitPrice -1.5 is below 0'],
    ['a price that is text', line({ price: 'free' }), 'UnitPrice "free" is not a number'],
    ['a price that is no amount', line({ price: 'nan' }), 'UnitPrice nan is not an amount'],
    ['a price without end', line({ price: 'inf' }), 'UnitPrice inf is not an amount'],
    ['a quantity that is text', line({ quantity: 'six' }), 'Quantity "six" is not a number'],
    ['a part of a piece', line({ quantity: '1.5' }), 'Quantity 1.5 is not whole'],
    ['a quantity beyond reason', line({ quantity: '80995000' }), 'Quantity 80995000 is out of range'],
    ['a day that is not', line({ at: '2011-02-30 10:00:00' }), 'InvoiceDate "2011-02-30 10:00:00" is not a date'],
    ['a year beyond reason', line({ at: '3011-11-08 10:00:00' }), 'InvoiceDate 3011-11-08 10:00:00 is out of range'],
    ['no stock code', line({ product: '' }), 'StockCode is empty'],
    ['no invoice', line({ invoice: ' ' }), 'InvoiceNo is empty'],
    ['no market', line({ market: '' }), 'Country is empty'],
    ['two faults', line({ price: '-1', product: '' }), 'StockCode is empty; UnitPrice -1 is below 0'],
    ['too few fields', '536365,85123A\n', 'line 12: has no Description, Quantity, InvoiceDate'],
    ['too many fields', line().replace('\n', ',x\n'), 'line 12: Expected Number of Columns: 8 Found: 9'],
  ])('takes a row with %s and says why', async (_, bad, reason) => {
    const source = await place.source({ [day]: header + lines(10) + bad + lines(19) });
    expect(await place.ingest(source)).toMatchObject({ rows: 29, quarantined: 1, reasons: [{ rows: 1 }] });
    const [row, ...others] = await place.quarantine();
    expect(others).toEqual([]);
    expect(row?.['reason']).toContain(reason);
    expect(row?.['filename']).toBe(join(source, day));
    expect(await place.sales()).toHaveLength(29);
  });

  it('keeps the fields of a refused row as they came', async () => {
    await place.ingest(await place.source({ [day]: header + lines(30) + line({ price: ' 1;5' }) }));
    expect(await place.quarantine()).toMatchObject([{ date: '2011-11-08', UnitPrice: ' 1;5', StockCode: '85123A' }]);
  });

  it('counts every line that a quote without end swallows', async () => {
    const csv = header + lines(100) + line({ description: '"OPEN' }) + lines(9);
    await expect(place.ingest(await place.source({ [day]: csv }))).rejects.toThrow(/10 of 110 rows/);
    const report = await place.ingest(await place.source({ [day]: csv }), { maxBadShare: 0.1 });
    expect(report).toMatchObject({ rows: 100, quarantined: 10 });
  });

  it('is emptied of a day that comes again without faults', async () => {
    await place.ingest(await place.source({ [day]: header + lines(30) + line({ price: '-1' }) }));
    await place.ingest(await place.source({ [day]: header + lines(31) }));
    expect(await place.quarantine()).toEqual([]);
  });
});

describe('too many bad rows', () => {
  const good = { '2011-11-07.csv': header + lines(200, { at: '2011-11-07 10:00:00' }) };

  it('are refused by file, however good the others are, and leave the lake untouched', async () => {
    await place.ingest(await place.source({ [day]: header + lines(3) }));
    const before = await place.sales();
    const source = await place.source({ ...good, [day]: header + lines(18) + lines(2, { price: '-1' }) });
    await expect(place.ingest(source)).rejects.toMatchObject({
      code: 'QUARANTINE_EXCEEDED',
      message: expect.stringMatching(/5 %.*2011-11-08\.csv: 2 of 20 rows, for example UnitPrice -1 is below 0/),
      remedy: expect.stringContaining('maxBadShare'),
    });
    expect(await place.sales()).toEqual(before);
    expect(await place.quarantine()).toEqual([]);
  });

  it('are allowed up to the share and not beyond', async () => {
    const source = await place.source({ ...good, [day]: header + lines(18) + lines(2, { price: '-1' }) });
    expect(await place.ingest(source, { maxBadShare: 0.1 })).toMatchObject({ quarantined: 2 });
    await expect(place.ingest(source, { maxBadShare: 0.0999 })).rejects.toMatchObject({ code: 'QUARANTINE_EXCEEDED' });
  });
});

describe('sources that cannot be read', () => {
  const whole = gzipSync(header + lines(100));
  const latin1 = Buffer.from(header + line({ description: 'CAFÉ MUG' }), 'latin1');

  it.each<[string, Record<string, string | Uint8Array>, RegExp, RegExp]>([
    [
      'no header',
      { 'a.csv': lines(3) },
      /^a\.csv lacks the columns InvoiceNo.*first line is "600000,/,
      /must be a header/,
    ],
    [
      'a column too few',
      { 'a.csv': header.replace(',Country', '') },
      /^a\.csv lacks the column Country;/,
      /separated by/,
    ],
    ['semicolons', { 'a.csv': header.replaceAll(',', ';') }, /^a\.csv lacks the columns/, /separated by commas/],
    ['an empty file', { 'a.csv': '' }, /^a\.csv lacks the columns/, /must be a header/],
    ['Latin-1', { 'a.csv': latin1 }, /^a\.csv is not UTF-8/, /iconv/],
    ['half a gzip', { 'a.csv.gz': whole.subarray(0, 200) }, /^a\.csv\.gz cannot be read/, /Copy the file again/],
    ['no gzip at all', { 'a.csv.gz': header + line() }, /^a\.csv\.gz cannot be read/, /Copy the file again/],
    ['no Parquet', { 'a.parquet': 'PAR1' }, /a\.parquet/, /Copy the file again/],
    ['no sales file', { 'notes.txt': 'x' }, /holds no \.csv, \.csv\.gz or \.parquet/, /Name a folder/],
    ['nothing', {}, /holds no \.csv/, /Name a folder/],
  ])('%s is refused with a remedy', async (_, files, message, remedy) => {
    const source = await place.source(files);
    const failure = { code: 'SOURCE_INVALID', message: expect.stringMatching(message) };
    await expect(place.ingest(source)).rejects.toMatchObject({ ...failure, remedy: expect.stringMatching(remedy) });
    expect(await place.sales()).toEqual([]);
  });

  it('a folder that is not there is named', async () => {
    const nowhere = join(place.base, 'nowhere');
    await expect(place.ingest(nowhere)).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: `The source "${nowhere}" does not exist.`,
      remedy: expect.stringContaining('folder of daily'),
    });
  });

  it('a Parquet file without a column is refused beside one that has it', async () => {
    // Reading by name would fill the column with nulls, and every customer of the file would be lost.
    const folder = await place.source({ 'rows.csv': header + lines(3) });
    const rows = `select * exclude (CustomerID) from read_csv(${quote(join(folder, 'rows.csv'))}, header = true)`;
    const engine = await sql.open();
    await engine.execute(`copy (${rows}) to ${quote(join(folder, 'b.parquet'))} (format parquet);
      copy (select *, 1 as CustomerID from (${rows})) to ${quote(join(folder, 'a.parquet'))} (format parquet)`);
    await engine.close();
    const failure = {
      code: 'SOURCE_INVALID',
      message: expect.stringMatching(/b\.parquet lacks the column CustomerID/),
    };
    await expect(place.ingest(folder)).rejects.toMatchObject(failure);
  });
});
