import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesMapping } from '../../../contracts/sales-mapping.ts';
import { previewSales } from '../../../pipelines/offers/ingest.ts';
import { sources, sql, type Workplace, workplace } from './source.ts';

let place: Workplace;
beforeEach(async () => {
  place = await workplace();
});
afterEach(() => place.drop());

/** A till's export as a German shop would have it. */
const head = 'Bon;Artikel;Bezeichnung;Menge;Datum;Betrag;Kunde;Land\n';
const row = (change: Partial<Record<string, string>> = {}): string =>
  `${Object.values({ bon: '1', artikel: 'a-1', text: 'Tasse', menge: '2', datum: '31.01.2026 08:15', betrag: '1.234,50', kunde: 'K7', land: 'DE', ...change }).join(';')}\n`;
const mapping: SalesMapping = {
  format: { separator: ';', decimal: ',', thousands: '.', dateFormats: ['%d.%m.%Y %H:%M'] },
  columns: {
    invoice: 'Bon',
    product: 'Artikel',
    description: 'Bezeichnung',
    quantity: 'Menge',
    sold_at: 'Datum',
    price: 'Betrag',
    customer: 'Kunde',
    market: 'Land',
  },
};
const withColumns = (columns: Partial<SalesMapping['columns']>): SalesMapping => ({
  ...mapping,
  columns: { ...mapping.columns, ...columns },
});
const ingested = async (text: string | Uint8Array, given: SalesMapping = mapping, name = 'a.csv') => {
  await place.ingest(await place.source({ [name]: text }), { mapping: given });
  return place.sales();
};

describe('how a file is written', () => {
  it('is said by the mapping: separator, decimal comma, thousands, dates', async () => {
    expect(await ingested(head + row())).toMatchObject([
      {
        invoice: '1',
        product: 'a-1',
        description: 'Tasse',
        quantity: 2,
        sold_at: '2026-01-31T08:15:00.000Z',
        price: 1234.5,
        customer: 'K7',
        market: 'DE',
        cancelled: false,
        is_product: true,
        date: '2026-01-31',
      },
    ]);
  });

  it.each([
    ['1,5', 1.5],
    ['1234,5', 1234.5],
    ['12.345.678,9', 12_345_678.9],
    ['+3', 3],
    [',5', 0.5],
    ['1e3', 1000],
  ])('%s is a number', async (betrag, price) => {
    expect(await ingested(head + row({ betrag }))).toMatchObject([{ price }]);
  });

  it.each(['1.5', '12.34,5', '1,2,3', '1 000', 'frei', '--1'])('%s is none', async (betrag) => {
    const source = await place.source({ 'a.csv': head + row({ betrag }) });
    const report = await place.ingest(source, { mapping, maxBadShare: 1 });
    expect(report.reasons).toEqual([{ reason: 'Betrag … is not a number', rows: 1 }]);
    expect(await place.quarantine()).toMatchObject([
      { reason: `Betrag "${betrag}" is not a number`, Betrag: betrag, Artikel: 'a-1' },
    ]);
  });

  it('reads a minus behind the number, as business software writes it', async () => {
    expect(await ingested(head + row({ menge: '2-' }))).toMatchObject([{ quantity: -2 }]);
  });

  it.each(['latin1', 'windows-1252', 'utf-16le'])('may be in %s, packed or not', async (encoding) => {
    const text = head + row({ text: 'Brötchen süß' });
    const bytes = Buffer.from(text, encoding === 'utf-16le' ? 'utf16le' : 'latin1');
    const given = { ...mapping, format: { ...mapping.format, encoding } };
    expect(await ingested(bytes, given)).toMatchObject([{ description: 'Brötchen süß' }]);
    expect(await ingested(gzipSync(bytes), given, 'a.csv.gz')).toMatchObject([{ description: 'Brötchen süß' }]);
  });

  it('says when the encoding is another, and when nobody knows it', async () => {
    const source = await place.source({ 'a.csv': Buffer.from(head + row({ text: 'süß' }), 'latin1') });
    await expect(place.ingest(source, { mapping })).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('is not UTF-8'),
      remedy: expect.stringContaining('format.encoding'),
    });
    const given = { ...mapping, format: { ...mapping.format, encoding: 'klingon' } };
    await expect(place.ingest(source, { mapping: given })).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      fields: [{ field: 'mapping.format.encoding', value: 'klingon' }],
    });
  });

  it('knows other quotes, lines before the header, files without one, and texts that mean nothing', async () => {
    const quoted = { ...mapping, format: { ...mapping.format, quote: "'", skipLines: 2 } };
    expect(await ingested(`Export\nvon gestern\n${head}${row({ text: "'Tasse; blau'" })}`, quoted)).toMatchObject([
      { description: 'Tasse; blau' },
    ]);
    const columnNames = head.trim().split(';');
    const bare = { ...mapping, format: { ...mapping.format, columnNames, nulls: ['NULL', '\\N'] } };
    expect(await ingested(row({ kunde: 'NULL', text: '\\N' }), bare)).toMatchObject([
      { customer: null, description: null },
    ]);
  });

  it('takes several formats of dates, ISO 8601 besides, and dates without a time', async () => {
    const given = { ...mapping, format: { ...mapping.format, dateFormats: ['%d.%m.%Y %H:%M', '%d.%m.%Y'] } };
    const days = ['31.01.2026 08:15', '01.02.2026', '2026-02-03T10:00:00', '2026-02-04T00:30:00+01:00'];
    const rows = await ingested(head + days.map((datum) => row({ datum })).join(''), given);
    expect(rows.map((r) => r['date'])).toEqual(['2026-01-31', '2026-02-01', '2026-02-03', '2026-02-04']);
  });

  it('names the column of the user and its value when a row is bad', async () => {
    const bad = row({ menge: 'zwei', datum: '2026-31-01', betrag: '-1', land: '', artikel: '', bon: '' });
    await place.ingest(await place.source({ 'a.csv': head + bad }), { mapping, maxBadShare: 1 });
    expect(await place.quarantine()).toMatchObject([
      {
        reason:
          'Bon is empty; Artikel is empty; Menge "zwei" is not a number; Datum "2026-31-01" is not a date and time; Betrag -1 is below 0; Land is empty',
      },
    ]);
  });

  it('keeps fields that are called like those of the quarantine', async () => {
    const text = 'date,reason,line,filename,market,x\n2026-01-31,gift,L1,f,DE,oops\n';
    const given: SalesMapping = {
      columns: {
        ...mapping.columns,
        invoice: 'line',
        product: 'reason',
        description: 'filename',
        sold_at: 'date',
        market: 'market',
        quantity: 'x',
        price: { constant: 1 },
        customer: 'line',
      },
    };
    await place.ingest(await place.source({ 'a.csv': text }), { mapping: given, maxBadShare: 1 });
    expect(await place.quarantine()).toMatchObject([
      {
        reason: 'x "oops" is not a number',
        'reason of the source': 'gift',
        'line of the source': 'L1',
        date: '2026-01-31',
      },
    ]);
  });
});

describe('columns', () => {
  it('are found whatever their case, and said when they are missing', async () => {
    expect(await ingested(head.toUpperCase() + row())).toHaveLength(1);
    const source = await place.source({ 'a.csv': head.replace('Betrag', 'Umsatz') + row() });
    await expect(place.ingest(source, { mapping })).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringMatching(/^a\.csv lacks the column Betrag; its first line is "Bon;/),
      remedy: expect.stringMatching(/separated by semicolons.*--suggest-mapping/),
    });
  });

  it('may be put together, be the same for all rows, or be computed', async () => {
    const given = withColumns({
      invoice: { columns: ['Kunde', 'Bon'], separator: '/' },
      description: { columns: ['Bezeichnung', 'Artikel'] },
      quantity: { constant: 3 },
      price: { expression: 'as_number(Betrag) / 10' },
      sold_at: { expression: "date_trunc('day', as_time(Datum))" },
      market: { expression: "case Land when 'DE' then 'Germany' else Land end" },
    });
    expect(await ingested(head + row(), given)).toMatchObject([
      {
        invoice: 'K7/1',
        description: 'Tasse a-1',
        quantity: 3,
        price: 123.45,
        market: 'Germany',
        sold_at: '2026-01-31T00:00:00.000Z',
      },
    ]);
  });

  it('may share their names with ours without being taken for them', async () => {
    const text =
      'invoice,product,quantity,price,sold_at,customer,market,amount,source,row\n1,P,4,10,2026-01-31,C,M,7,S,9\n';
    const given: SalesMapping = {
      columns: {
        invoice: 'invoice',
        product: 'product',
        quantity: { expression: 'as_number(amount)' },
        price: { expression: 'as_number(quantity) + as_number("row")' },
        sold_at: 'sold_at',
        customer: 'source',
        market: 'market',
      },
    };
    expect(await ingested(text, given)).toMatchObject([{ quantity: 7, price: 13, customer: 'S' }]);
  });

  it('that an expression cannot make put the row into the quarantine, by the words of the mapping', async () => {
    const given = withColumns({ quantity: { expression: 'cast(Menge as integer)' } });
    const source = await place.source({ 'a.csv': head + row() + row({ menge: 'zwei' }) });
    await place.ingest(source, { mapping: given, maxBadShare: 0.5 });
    expect(await place.sales()).toHaveLength(1);
    expect(await place.quarantine()).toMatchObject([
      { reason: 'quantity (cast(Menge as integer)) "" is not a number', Menge: 'zwei' },
    ]);
  });

  it('price may be that of the line', async () => {
    const given = withColumns({ price: { column: 'Betrag', per: 'line' } });
    const rows = [
      row({ menge: '4', betrag: '10' }),
      row({ bon: '2', menge: '-2', betrag: '-5' }),
      row({ bon: '3', menge: '0', betrag: '0' }),
      row({ bon: '4', menge: '0', betrag: '3' }),
      row({ bon: '5', menge: '2', betrag: '-3' }),
      row({ bon: '6', menge: 'x', betrag: '3' }),
    ];
    await place.ingest(await place.source({ 'a.csv': head + rows.join('') }), { mapping: given, maxBadShare: 1 });
    expect((await place.sales()).map((r) => [r['invoice'], r['price']])).toEqual([
      ['1', 2.5],
      ['2', 2.5],
      ['3', 0],
    ]);
    expect((await place.quarantine()).map((r) => r['reason'])).toEqual([
      'Betrag -3 for Menge 2 is below 0 a piece',
      'Betrag 3 is for no pieces: Menge is 0',
      'Menge "x" is not a number',
    ]);
  });

  it('quantity may have parts of a piece when the mapping says so', async () => {
    const text = head + row({ menge: '0,75' });
    const source = await place.source({ 'a.csv': text });
    await expect(place.ingest(source, { mapping })).rejects.toThrow('Menge 0,75 is not whole');
    expect(await ingested(text, withColumns({ quantity: { column: 'Menge', fractional: true } }))).toMatchObject([
      { quantity: 0.75 },
    ]);
  });

  it('that hold codes keep them as they are, in capitals when told, without the decimals of numbers', async () => {
    expect(await ingested(head + row({ kunde: '12.0', artikel: 'v1.0' }))).toMatchObject([
      { customer: '12', product: 'v1.0' },
    ]);
    expect(
      await ingested(head + row(), withColumns({ product: { column: 'Artikel', upperCase: true } })),
    ).toMatchObject([{ product: 'A-1' }]);
  });

  it.each<[string, SalesMapping['columns']['cancelled'], string[]]>([
    ['a prefix', { column: 'Bon', prefix: 'S' }, ['S1']],
    ['values of a column, whatever their case', { column: 'Kunde', values: ['k9'] }, ['2']],
    ['a quantity below 0', { negativeQuantity: true }, ['3']],
    ['an expression', { expression: "as_number(Menge) < 0 or Bon = '2'" }, ['2', '3']],
    ['nothing', undefined, []],
  ])('mark a cancellation by %s', async (_, cancelled, expected) => {
    const { cancelled: __, ...rest } = mapping.columns;
    const given = { ...mapping, columns: { ...rest, ...(cancelled ? { cancelled } : {}) } };
    const rows = [row({ bon: 'S1' }), row({ bon: '2', kunde: 'K9' }), row({ bon: '3', menge: '-1' })];
    const sold = await ingested(head + rows.join(''), given);
    expect(
      sold
        .filter((r) => r['cancelled'])
        .map((r) => r['invoice'])
        .sort(),
    ).toEqual(expected);
  });

  it('that are products are marked by the pattern of the mapping', async () => {
    const rows = await ingested(head + row() + row({ artikel: 'PORTO' }), { ...mapping, productPattern: '^a-' });
    expect(rows.map((r) => [r['product'], r['is_product']])).toEqual([
      ['PORTO', false],
      ['a-1', true],
    ]);
  });
});

describe('rows', () => {
  it('are left out by a filter, and counted', async () => {
    const source = await place.source({ 'a.csv': head + row() + row({ land: 'XX' }) + row({ land: '' }) });
    const report = await place.ingest(source, { mapping: { ...mapping, where: "Land = 'DE'" } });
    expect(report).toMatchObject({ rows: 1, quarantined: 0, filtered: 2 });
  });

  it('end the ingest when the filter cannot be computed: none is left out in silence', async () => {
    const source = await place.source({ 'a.csv': head + row({ menge: 'zwei' }) });
    const given = { ...mapping, where: 'cast(Menge as integer) > 0' };
    await expect(place.ingest(source, { mapping: given })).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('The mapping cannot be applied'),
      remedy: expect.stringContaining('try_cast'),
    });
  });
});

describe('joined tables', () => {
  const products = 'nr;gruppe;name\na-1;Geschirr;Tasse blau\nb-2;Möbel;\n';
  const joined: SalesMapping = {
    ...withColumns({ description: { columns: ['produkte.gruppe', 'produkte.name'], separator: ' / ' } }),
    join: [{ name: 'produkte', source: 'produkte.csv', on: { Artikel: 'nr' } }],
  };

  it('add their columns; rows without a partner stay, and are counted; the file beside the sales is not sales', async () => {
    const text = head + row() + row({ artikel: 'b-2' }) + row({ artikel: 'c-3' });
    const source = await place.source({ 'a.csv': text, 'produkte.csv': products });
    expect(await place.ingest(source, { mapping: joined })).toMatchObject({
      files: 1,
      rows: 3,
      unmatched: { produkte: 1 },
    });
    expect((await place.sales()).map((r) => [r['product'], r['description']])).toEqual([
      ['a-1', 'Geschirr / Tasse blau'],
      ['b-2', 'Möbel'],
      ['c-3', null],
    ]);
  });

  it('with a key twice are refused, since sales would be doubled, unless the first is wanted', async () => {
    const source = await place.source({ 'a.csv': head + row(), 'produkte.csv': `${products}a-1;Geschirr;Tasse rot\n` });
    await expect(place.ingest(source, { mapping: joined })).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringMatching(/"produkte" has 1 values of nr more than once, for example "a-1" 2 times/),
      remedy: expect.stringContaining('duplicates'),
    });
    const [join] = joined.join ?? [];
    const first = { ...joined, join: [{ ...join!, duplicates: 'first' as const }] };
    expect(await place.ingest(source, { mapping: first })).toMatchObject({ rows: 1 });
    expect(await place.sales()).toMatchObject([{ description: 'Geschirr / Tasse blau' }]);
  });

  it('may be read in expressions and filters, though they have columns of the same name', async () => {
    const source = await place.source({ 'a.csv': head + row(), 'p.csv': 'Artikel,Menge\na-1,12\n' });
    const given: SalesMapping = {
      ...withColumns({ quantity: { expression: 'as_number(Menge) * as_number(packs.Menge)' } }),
      join: [{ name: 'packs', source: 'p.csv', on: { Artikel: 'Artikel' }, format: {} }],
      where: 'packs.Artikel is not null',
    };
    await place.ingest(source, { mapping: given });
    expect(await place.sales()).toMatchObject([{ quantity: 24 }]);
  });

  it('with lines that cannot be read are refused: a text would be lost', async () => {
    const source = await place.source({ 'a.csv': head + row(), 'produkte.csv': `${products}x;y\n` });
    await expect(place.ingest(source, { mapping: joined })).rejects.toThrow(
      /"produkte" has 1 lines that cannot be read/,
    );
  });

  it('that are not there, or lack a column, are named', async () => {
    const alone = await place.source({ 'a.csv': head + row() });
    await expect(place.ingest(alone, { mapping: joined })).rejects.toThrow(/produkte\.csv" does not exist/);
    const other = await place.source({ 'a.csv': head + row(), 'produkte.csv': 'nr;name\na-1;Tasse\n' });
    await expect(place.ingest(other, { mapping: joined })).rejects.toThrow(/produkte\.csv lacks the column gruppe/);
  });
});

describe('a dry run', () => {
  it('shows what comes of the first rows, in their order, counts bad ones, and writes nothing', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => row({ bon: String(i) }));
    const source = await place.source({ 'a.csv': head + row({ menge: 'zwei' }) + rows.join('') });
    const preview = await previewSales({ source, mapping, sql, sources, rows: 3 });
    expect(preview.first).toMatchObject([
      { invoice: '1', reason: 'Menge "zwei" is not a number' },
      { invoice: '0', quantity: 2, price: 1234.5, sold_at: '2026-01-31 08:15:00', reason: null },
      { invoice: '1', reason: null },
    ]);
    expect(preview).toMatchObject({ rows: 30, quarantined: 1, refused: null, markets: ['DE'] });
    expect(await place.lake.list('offers/sales')).toEqual([]);
    const strict = await previewSales({ source, mapping, sql, sources, maxBadShare: 0 });
    expect(strict.refused).toMatch(/1 of 31 rows/);
  });
});

describe('files of a folder', () => {
  it('are chosen by the mapping', async () => {
    const source = await place.source({ 'sales-1.txt': head + row(), 'sales-2.txt': head + row(), 'stock.csv': 'x' });
    expect(await place.ingest(source, { mapping: { ...mapping, files: 'sales-?.txt' } })).toMatchObject({
      files: 2,
      rows: 2,
    });
    await expect(place.ingest(source, { mapping: { ...mapping, files: 'none*' } })).rejects.toThrow(
      'holds no file "none*"',
    );
  });

  it('that are a workbook are told as such', async () => {
    const source = await place.source({ 'a.csv': 'PK\u0003\u0004…' });
    await expect(place.ingest(source, { mapping })).rejects.toThrow(/zip archive or an Excel workbook/);
  });
});
