import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SalesMapping } from '../../../contracts/sales-mapping.ts';
import { quote, quoteList } from '../../../domain/preprocessing/sql.ts';
import type { IngestReport } from '../../../pipelines/offers/ingest.ts';
import { suggestForSource } from '../../../pipelines/offers/suggest.ts';
import { sources, sql, type Workplace, workplace } from './source.ts';

const data = fileURLToPath(new URL('../../../../shared/data/complete-journey', import.meta.url));
const page = fileURLToPath(new URL('../../../docs/how-to/ingest-sales.md', import.meta.url));

if (!existsSync(data)) console.warn(`Skipped: The Complete Journey is not at ${data}.`);

/** The mapping that the page shows for these tables. */
async function mappingOfPage(): Promise<SalesMapping> {
  const text = await readFile(page, 'utf8');
  const block = [...text.matchAll(/```json\n(.*?)```/gs)]
    .map((found) => found[1] ?? '')
    .find((json) => json.includes('household_id'));
  return JSON.parse(block ?? '') as SalesMapping;
}

describe.skipIf(!existsSync(data))('The Complete Journey, by the mapping of the documentation', () => {
  const source = join(data, 'transactions_sample.parquet');
  let place: Workplace;
  let report: IngestReport;
  beforeAll(async () => {
    place = await workplace();
    report = await place.ingest(source, { mapping: await mappingOfPage() });
  });
  afterAll(() => place.drop());

  const one = async (query: string) => {
    const engine = await sql.open();
    try {
      const [row] = await engine.query(query);
      return row;
    } finally {
      await engine.close();
    }
  };

  it('has the rows and sums that the tables have', async () => {
    // A line of no pieces with an amount has no price a piece: there is one.
    const from = `read_parquet(${quote(source)})`;
    const there = await one(`
      select count(*) filter (where good) as rows, count(*) filter (where not good) as bad,
        sum(sales_value) filter (where good) as amount, sum(quantity) filter (where good) as pieces,
        count(distinct household_id) filter (where good) as customers, count(distinct product_id) filter (where good) as products,
        count(distinct basket_id) filter (where good) as baskets, cast(min(transaction_timestamp) as varchar) as first,
        count(*) filter (where product_id not in (select product_id from read_parquet(${quote(join(data, 'products.parquet'))}))) as unmatched
      from (select *, quantity <> 0 or sales_value = 0 as good from ${from})`);
    const partitions = await place.lake.list('offers/sales');
    const here = await one(`
      select count(*) as rows, sum(price * quantity) as amount, sum(quantity) as pieces, count(distinct customer) as customers,
        count(distinct product) as products, count(distinct invoice) as baskets, cast(min(sold_at) as varchar) as first
      from read_parquet(${quoteList(partitions.map((p) => p.uri))})`);
    const { bad, unmatched, amount, ...rest } = there ?? {};
    expect(here).toEqual({ ...rest, amount: expect.closeTo(Number(amount), 4) });
    expect(report).toMatchObject({
      rows: rest['rows'],
      quarantined: bad,
      unmatched: { products: unmatched },
      firstDate: '2017-01-01',
    });
    expect(Number(rest['rows'])).toBeGreaterThan(50_000);
  });

  it('says which line has no price a piece', async () => {
    expect((await place.quarantine()).map((row) => row['reason'])).toEqual([
      expect.stringMatching(/^sales_value \S+ is for no pieces: quantity is 0$/),
    ]);
  });

  it('has texts of several columns of the joined table', async () => {
    const sold = await place.sales();
    const bread = sold.find((row) => row['product'] === '30049');
    expect(bread?.['description']).toBe('BAKED BREAD/BUNS/ROLLS DIET/LIGHT BREAD 16 OZ');
    // Texts without a pack size end with their words.
    expect(sold.filter((row) => /^ | $| {2}$/.test(String(row['description'] ?? 'x')))).toEqual([]);
    expect(sold.every((row) => row['is_product'])).toBe(true);
  });

  it('is what a proposal comes near to, from the names of its columns alone', async () => {
    const { columns, notes } = await suggestForSource({ source, sources, sql });
    expect(columns).toEqual({
      invoice: 'basket_id',
      product: 'product_id',
      quantity: 'quantity',
      sold_at: 'transaction_timestamp',
      price: { column: 'sales_value', per: 'line' },
      customer: 'household_id',
    });
    const text = (notes as string[]).join('\n');
    for (const told of [
      /columns\.market is missing.*store_id/,
      /no column of product texts/,
      /Not used: .*retail_disc/,
    ])
      expect(text).toMatch(told);
  });
});
