import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesMapping } from '../../../contracts/sales-mapping.ts';
import { checkMapping } from '../../../pipelines/offers/check-mapping.ts';
import { suggestForSource } from '../../../pipelines/offers/suggest.ts';
import { header, lines, sources, sql, type Workplace, workplace } from './source.ts';

let place: Workplace;
beforeEach(async () => {
  place = await workplace();
});
afterEach(() => place.drop());

const suggest = async (content: string | Uint8Array, name = 'a.csv') =>
  suggestForSource({ source: await place.source({ [name]: content }), sources, sql });
const table = (separator: string, head: string[], ...rows: string[][]): string =>
  [head, ...rows].map((row) => `${row.join(separator)}\n`).join('');

const german = table(
  ';',
  [
    'Belegnr.',
    'Artikel-Nr.',
    'Bezeichnung',
    'Menge',
    'Belegdatum',
    'Uhrzeit',
    'Einzelpreis',
    'Kundennummer',
    'Land',
    'Storno',
  ],
  ['1001', 'A1', 'Brötchen', '3', '31.01.2026', '08:15', '1.234,50', 'K1', 'DE', ''],
  ['1002', 'A2', 'Käse', '1', '01.02.2026', '09:00', '2,25', 'K2', 'AT', 'X'],
);
const french = table(
  ';',
  ['N° facture', 'Code article', 'Libellé', 'Quantité', 'Date facture', 'Montant HT', 'Code client', 'Pays'],
  ['F1', 'A1', 'Tasse', '-3', '13/01/2026', '-10,50', 'C1', 'FR'],
);
const american = table(
  ',',
  ['Order ID', 'SKU', 'Product Name', 'Qty', 'Order Date', 'Unit Price', 'Customer ID', 'Country'],
  ['O1', 'S1', 'Mug', '1', '01/02/2026 08:15 AM', '1.50', 'C1', 'US'],
);

describe('a proposed mapping', () => {
  it('finds German columns, the encoding, decimal commas, dates with their times, and what marks a cancellation', async () => {
    const { format, columns } = await suggest(Buffer.from(german, 'latin1'));
    expect(format).toEqual({
      separator: ';',
      encoding: 'windows-1252',
      decimal: ',',
      thousands: '.',
      dateFormats: ['%d.%m.%Y %H:%M'],
    });
    expect(columns).toEqual({
      invoice: 'Belegnr.',
      product: 'Artikel-Nr.',
      description: 'Bezeichnung',
      quantity: 'Menge',
      sold_at: { columns: ['Belegdatum', 'Uhrzeit'] },
      price: 'Einzelpreis',
      customer: 'Kundennummer',
      market: 'Land',
      cancelled: { column: 'Storno', values: ['x'] },
    });
  });

  it('finds French columns, an amount of the line, and returns by their quantity', async () => {
    const { format, columns, notes } = await suggest(gzipSync(french), 'a.csv.gz');
    expect(format).toEqual({ separator: ';', decimal: ',', dateFormats: ['%d/%m/%Y'] });
    expect(columns).toEqual({
      invoice: 'N° facture',
      product: 'Code article',
      description: 'Libellé',
      quantity: 'Quantité',
      sold_at: 'Date facture',
      price: { column: 'Montant HT', per: 'line' },
      customer: 'Code client',
      market: 'Pays',
      cancelled: { negativeQuantity: true },
    });
    expect(notes).toEqual([expect.stringContaining('amount of the whole line'), expect.stringContaining('below 0')]);
  });

  it('says when days and months could be the other way round', async () => {
    const { notes } = await suggest(american);
    expect(notes).toContainEqual(expect.stringMatching(/Days and months of Order Date/));
    const sure = await suggest(american.replace('01/02/2026', '01/31/2026'));
    expect(sure['format']).toEqual({ dateFormats: ['%m/%d/%Y %I:%M %p'] });
    expect(sure['notes']).not.toContainEqual(expect.stringMatching(/Days and months/));
  });

  it.each([
    ['German', german],
    ['French', french],
    ['American', american],
  ])('takes the %s file in as it is', async (_, content) => {
    const mapping = checkMapping(await suggest(content));
    const report = await place.ingest(await place.source({ 'a.csv': content }), { mapping });
    expect(report).toMatchObject({ quarantined: 0 });
    expect(report.rows).toBeGreaterThan(0);
  });

  it('needs nothing for the columns of UCI Online Retail', async () => {
    const given = await suggest(header + lines(3));
    expect(given['notes']).toEqual([expect.stringContaining('no mapping is needed')]);
    checkMapping(given);
  });

  it('leaves out what it did not find, says so, and does not hold until a person has completed it', async () => {
    const given = await suggest('code,when,units\nA,2026-01-01,3\nB,2026-01-02,2\n');
    expect(Object.keys(given['columns'] as object)).toEqual(['quantity']);
    const notes = (given['notes'] as string[]).join('\n');
    for (const field of ['invoice', 'product', 'sold_at', 'price', 'customer', 'market'])
      expect(notes).toContain(`columns.${field} is missing`);
    expect(notes).toContain('Not used: code, when');
    expect(() => checkMapping(given)).toThrow(/mapping\.columns\.invoice is required/);
  });

  it('does not take a column by its name when its values say otherwise, and says when only a part of the name fits', async () => {
    const text = 'Quantity,Total sold quantity,Date\nmany,3,soon\nfew,4,later\n';
    const { columns, notes } = await suggest(text);
    expect(columns).toEqual({ quantity: 'Total sold quantity' });
    expect(notes).toContainEqual('Quantity is called like the quantity, but its values are not of that kind.');
    expect(notes).toContainEqual(expect.stringContaining('by a part of its name: check it'));
  });

  it('looks at the head of large files only, and at the first file of many', async () => {
    const source = await place.source({ 'a.csv': header + lines(20_000), 'b.csv': 'nothing' });
    expect((await suggestForSource({ source, sources, sql }))['columns']).toMatchObject({ invoice: 'InvoiceNo' });
  });

  it.each([
    ['no table', 'just words\n', /has no header of several columns/],
    ['half a gzip', gzipSync(header + lines(50)).subarray(0, 40), /cannot be read/],
  ])('is refused for %s', async (_, content, message) => {
    await expect(suggest(content, 'a.csv.gz'.slice(0, typeof content === 'string' ? 5 : 8))).rejects.toThrow(message);
  });
});

describe('a mapping', () => {
  const columns: SalesMapping['columns'] = {
    invoice: 'a',
    product: 'b',
    quantity: 'c',
    sold_at: 'd',
    price: 'e',
    customer: 'f',
    market: 'g',
  };
  it.each<[string, unknown, string, string]>([
    ['no object', 'x', 'mapping', 'must be object'],
    ['no columns', {}, 'mapping.columns', 'is required'],
    ['a column too few', { columns: { ...columns, price: undefined } }, 'mapping.columns.price', 'is required'],
    ['an unknown column', { columns: { ...columns, colour: 'x' } }, 'mapping.columns.colour', 'is not known here'],
    ['an unknown field', { columns, formt: {} }, 'mapping.formt', 'is not known here'],
    [
      'a number for a name',
      { columns: { ...columns, price: 5 } },
      'mapping.columns.price',
      'must be of type string or of type object',
    ],
    [
      'a misspelt way',
      { columns: { ...columns, price: { colunm: 'x' } } },
      'mapping.columns.price.colunm',
      'is not known here',
    ],
    [
      'two ways',
      { columns: { ...columns, price: { column: 'x', constant: 1 } } },
      'mapping.columns.price',
      'must have exactly one of column, columns, constant, expression',
    ],
    [
      'no way',
      { columns: { ...columns, price: { per: 'line' } } },
      'mapping.columns.price',
      'must have exactly one of',
    ],
    [
      'a strange share',
      { columns: { ...columns, price: { column: 'x', per: 'dozen' } } },
      'mapping.columns.price.per',
      'must be "unit" or "line"',
    ],
    [
      'a separator alone',
      { columns: { ...columns, invoice: { column: 'x', separator: '-' } } },
      'mapping.columns.invoice',
      'has a separator, which only goes with columns',
    ],
    [
      'a mark without values',
      { columns: { ...columns, cancelled: { column: 'x' } } },
      'mapping.columns.cancelled',
      'must say by which prefix or values',
    ],
    [
      'an expression beyond measure',
      { columns, where: 'a'.repeat(2001) },
      'mapping.where',
      'must not have more than 2000 characters',
    ],
    [
      'a separator of two',
      { columns, format: { separator: '||' } },
      'mapping.format.separator',
      'must not have more than 1 characters',
    ],
    [
      'a strange format of dates',
      { columns, format: { dateFormats: ['%Q'] } },
      'mapping.format.dateFormats.0',
      'must match pattern',
    ],
    [
      'a table and a query',
      { columns, postgres: { table: 'a', query: 'b' } },
      'mapping.postgres',
      'must have exactly one of table, query',
    ],
    [
      'a secret of ours',
      { columns, http: { authorizationEnv: 'PERENNIAL_SECRET_KEY' } },
      'mapping.http.authorizationEnv',
      'must match pattern',
    ],
    [
      'a password of a joined table',
      { columns, join: [{ name: 'p', source: 'https://u:x@h/p.csv', on: { a: 'b' } }] },
      'mapping.join.0.source',
      'must match pattern',
    ],
    ['a pattern that is none', { columns, productPattern: '(' }, 'mapping.productPattern', 'must match format "regex"'],
  ])('with %s is refused, by the name of the field', (_, given, field, message) => {
    const failure = (() => {
      try {
        return checkMapping(JSON.parse(JSON.stringify(given)));
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toMatchObject({
      code: 'PARAMETER_INVALID',
      fields: expect.arrayContaining([expect.objectContaining({ field, message: expect.stringContaining(message) })]),
      remedy: expect.stringContaining('mapping-schema'),
    });
    expect((failure as { fields: unknown[] }).fields).toHaveLength(1);
  });

  it.each<[string, Partial<SalesMapping>, string]>([
    [
      'a constant that is no number',
      { columns: { ...columns, quantity: { constant: 'many' } } },
      'mapping.columns.quantity.constant',
    ],
    [
      'two tables of one name',
      {
        join: [
          { name: 'p', source: 'p.csv', on: { a: 'b' } },
          { name: 'p', source: 'q.csv', on: { a: 'b' } },
        ],
      },
      'mapping.join',
    ],
    ['a table called like a column', { join: [{ name: 'a', source: 'p.csv', on: { a: 'b' } }] }, 'mapping.join'],
    ['a table that is not joined', { where: 'stock.left > 0' }, 'mapping.where'],
    ['a column in two spellings', { columns: { ...columns, invoice: 'A' }, where: "a = 'x'" }, 'mapping.where'],
    ['types that do not fit', { where: 'a * 2 > 1' }, 'mapping.where'],
    ['a column that is not there', { where: "z = 'x'" }, ''],
  ])('with %s is refused before any row is judged', async (_, change, field) => {
    const source = await place.source({ 'a.csv': 'a,b,c,d,e,f,g\n1,P,2,2026-01-01,3,C,M\n', 'p.csv': 'b\n1\n' });
    const failure = await place
      .ingest(source, { mapping: { columns, files: 'a.csv', ...change } as SalesMapping })
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(failure).toMatchObject(
      field === ''
        ? { code: 'SOURCE_INVALID', message: expect.stringContaining('lacks the column z') }
        : { code: 'PARAMETER_INVALID', fields: [expect.objectContaining({ field })] },
    );
  });
});
