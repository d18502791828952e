import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onlineRetailMapping, type SalesMapping } from '../../contracts/sales-mapping.ts';
import { createSourceReader } from '../../storage/sources/index.ts';
import { freshDatabase } from '../support/servers.ts';
import { type Workplace, workplace } from '../unit/offers/source.ts';

const password = 'p@ss/word with: marks';
const secrets: Record<string, string> = { SOURCE_SALES: password };
const sources = createSourceReader({
  s3: { endpoint: undefined, region: undefined },
  secret: (name) => secrets[name],
});

let database: Awaited<ReturnType<typeof freshDatabase>>;
let admin: pg.Client;
let reader: URL;
let place: Workplace;

beforeAll(async () => {
  database = await freshDatabase({ migrated: false });
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(`
    create schema shop;
    create table shop."Order lines" (id bigint, "order" text, item varchar, text text, pieces integer, amount numeric(10, 2), sold timestamptz, client integer, void boolean);
    insert into shop."Order lines"
      select i, 'O' || i / 2, 'P' || i % 5, case when i % 7 = 0 then null else E'two\\nlines, "quoted"; and\\ttabbed' end, 1 + i % 4, (i % 50) * 1.25,
        timestamptz '2026-01-01 00:30:00+00' + i * interval '1 hour', case when i % 11 = 0 then null else i % 9 end, i % 10 = 0
      from generate_series(1, 500) i;
    create table shop.empty (like shop."Order lines");
    drop role if exists sales_reader; create role sales_reader login password ${pg.escapeLiteral(password)};
    grant usage on schema shop to sales_reader; grant select, insert, delete on all tables in schema shop to sales_reader;`);
  reader = new URL(database.url);
  reader.username = 'sales_reader';
  reader.password = '';
});
afterAll(async () => {
  await admin.query('drop owned by sales_reader; drop role sales_reader');
  await admin.end();
  await database.drop();
});
beforeEach(async () => {
  place = await workplace();
});
afterEach(() => place.drop());

const mapping: SalesMapping = {
  // Numbers of a table are numbers, whatever text files would say.
  format: { separator: ';', decimal: ',', dateFormats: ['%d.%m.%Y'] },
  columns: {
    invoice: 'order',
    product: 'item',
    description: 'text',
    quantity: 'pieces',
    sold_at: 'sold',
    price: { column: 'amount', per: 'line' },
    customer: 'client',
    market: { constant: 'DE' },
    cancelled: { column: 'void', values: ['t'] },
  },
  postgres: { table: 'shop.Order lines', passwordEnv: 'SOURCE_SALES' },
};
const reading = (postgres: NonNullable<SalesMapping['postgres']>): SalesMapping => ({
  ...mapping,
  postgres: { passwordEnv: 'SOURCE_SALES', ...postgres },
});
const ingest = (given: SalesMapping = mapping, url = reader.href) => place.ingest(url, { mapping: given, sources });

describe('a table of PostgreSQL', () => {
  it('comes in with the sums it has there, texts of several lines included', async () => {
    expect(await ingest()).toMatchObject({ files: 1, rows: 500, quarantined: 0 });
    const sold = await place.sales();
    const { rows } = await admin.query(
      'select count(*)::int as n, sum(amount)::float as amount, sum(pieces)::int as pieces, count(text)::int as texts, count(client)::int as clients, count(*) filter (where void)::int as voids from shop."Order lines"',
    );
    expect({
      n: sold.length,
      amount: sold.reduce((sum, r) => sum + Number(r['price']) * Number(r['quantity']), 0),
      pieces: sold.reduce((sum, r) => sum + Number(r['quantity']), 0),
      texts: sold.filter((r) => r['description'] === 'two\nlines, "quoted"; and\ttabbed').length,
      clients: sold.filter((r) => r['customer'] !== null).length,
      voids: sold.filter((r) => r['cancelled']).length,
    }).toEqual({ ...rows[0], amount: expect.closeTo(rows[0].amount, 6) });
    expect(sold[0]).toMatchObject({ date: '2026-01-01', sold_at: '2026-01-01T01:30:00.000Z' });
  });

  it('may be what one query gives', async () => {
    const query = `select "order", item, text, pieces, amount, sold, client, void from shop."Order lines" where pieces > 2; -- the big ones`;
    const { rows } = await admin.query('select count(*)::int as n from shop."Order lines" where pieces > 2');
    await expect(ingest(reading({ query }))).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
    expect(await ingest(reading({ query: query.replace('; --', ' --') }))).toMatchObject({ rows: rows[0].n });
    expect(await ingest(reading({ query: query.replace(/ -- .*/, ' ') }))).toMatchObject({ rows: rows[0].n });
  });

  it('names the column of the table when a row is bad', async () => {
    const query = `select "order", item, text, -1.5 as pieces, amount, sold, client, void from shop."Order lines" limit 1`;
    await place.ingest(reader.href, { mapping: reading({ query }), sources, maxBadShare: 1 });
    expect(await place.quarantine()).toMatchObject([
      {
        reason: expect.stringMatching(/^pieces -1,5 is not whole/),
        filename: expect.stringMatching(/^postgres.*\/t_\w+ query$/),
      },
    ]);
  });

  it('without rows is an empty source', async () => {
    expect(await ingest(reading({ table: 'shop.empty' }))).toMatchObject({ rows: 0, partitions: 0 });
  });

  it.each([
    ['writing', 'delete from shop."Order lines"'],
    ['writing within', 'with gone as (delete from shop."Order lines" returning *) select * from gone'],
    ['a second statement', 'select 1; delete from shop."Order lines"'],
    ['the end of the transaction', 'commit; delete from shop."Order lines"'],
    ['the end of the query around it', 'select 1) to stdout; delete from shop."Order lines"; copy (select 1'],
    ['a program of the server', "select 1) to program 'touch /tmp/x' --"],
    ['a table made', 'select * into shop.copy from shop."Order lines"'],
    ['leave to write', "select set_config('transaction_read_only', 'off', false)"],
    ['another command', 'copy shop."Order lines" to stdout'],
    ['a table that is not there', 'select * from shop.nothing'],
  ])('is not read by %s', async (_, query) => {
    await expect(ingest(reading({ query }))).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
    const { rows } = await admin.query('select count(*)::int as n from shop."Order lines"');
    expect(rows[0].n).toBe(500);
  });

  it('is not named in another way than by a mapping', async () => {
    await expect(ingest(onlineRetailMapping)).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      fields: [{ field: 'mapping.postgres', message: 'is required' }],
    });
  });

  it('is read with the password of the address too, and no error tells it', async () => {
    const own = new URL(reader);
    own.password = encodeURIComponent(password);
    const { passwordEnv: _, ...postgres } = mapping.postgres ?? {};
    const given = { ...mapping, postgres } as SalesMapping;
    expect(await ingest(given, own.href)).toMatchObject({ rows: 500 });
    const failures: unknown[] = [];
    const wrong = new URL(own);
    wrong.password = 'not-the-password';
    const nowhere = new URL(own);
    nowhere.port = '9';
    for (const url of [wrong.href, nowhere.href, `${own.href}?options=-c%20x`]) {
      await ingest(given, url).catch((error: unknown) => failures.push(error));
    }
    await ingest({ ...given, postgres: { table: 'nothing' } }, own.href).catch((error: unknown) =>
      failures.push(error),
    );
    expect(failures).toMatchObject([
      { code: 'SOURCE_INVALID', remedy: expect.stringContaining('passwordEnv') },
      { code: 'UNAVAILABLE' },
      { code: 'SOURCE_INVALID', message: expect.stringContaining('options') },
      { code: 'SOURCE_INVALID', message: expect.stringContaining('nothing') },
    ]);
    const told = failures.map((error) => `${(error as Error).message} ${JSON.stringify(error)}`).join(' ');
    for (const secret of [password, encodeURIComponent(password), 'not-the-password'])
      expect(told).not.toContain(secret);
  });

  it('is asked for a variable that is set, and no other', async () => {
    await expect(ingest(reading({ table: 'shop.empty', passwordEnv: 'SOURCE_NONE' }))).rejects.toThrow(
      'The environment variable SOURCE_NONE of mapping.postgres.passwordEnv is not set.',
    );
    await expect(ingest(reading({ table: 'shop.empty', passwordEnv: 'DATABASE_URL' }))).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      fields: [{ field: 'mapping.postgres.passwordEnv' }],
    });
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    const progress = (): void => abort.abort(new Error('cancelled by Ann'));
    const query = `select i::text as "order", 'P' as item, repeat('x', 1000) as text, 1 as pieces, 1 as amount, now() as sold, 1 as client, false as void from generate_series(1, 10000000) i`;
    const options = { mapping: reading({ query }), sources, signal: abort.signal, progress };
    await expect(place.ingest(reader.href, options)).rejects.toThrow('cancelled by Ann');
  });
});
