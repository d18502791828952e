import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PurchasesAnswer } from '../../contracts/purchases.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import { duckdbEngine } from '../../engines/duckdb/engine.ts';
import { datasets } from '../../pipelines/offers/datasets.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;

type Sale = readonly [customer: string, product: string, quantity: number, price: number, cancelled?: boolean];

/** Sales of a day of the market DE, as they lie in the lake. */
async function sold(date: string, sales: readonly Sale[], columns = 'is_product, '): Promise<void> {
  const engine = await duckdbEngine({ threads: 1 }).open();
  await api.lake.replace(datasets.sales, { market: 'DE', date }, async (folder) => {
    const rows = sales.map(([customer, product, quantity, price, cancelled = false], n) => {
      const names = { invoice: `${date}-${n}`, product, description: `Product ${product}`, customer, market: 'DE' };
      return { ...names, quantity, price, sold_at: `${date} 12:00:00`, cancelled, is_product: product !== 'POST' };
    });
    const file = join(folder, 'rows.json');
    writeFileSync(file, JSON.stringify(rows));
    await engine.execute(`
      copy (select ${columns}invoice, product, description, quantity, sold_at, price, customer, market, cancelled
        from read_json(${quote(file)}, columns = {invoice: 'VARCHAR', product: 'VARCHAR', description: 'VARCHAR', quantity: 'DOUBLE',
          sold_at: 'TIMESTAMP', price: 'DOUBLE', customer: 'VARCHAR', market: 'VARCHAR', cancelled: 'BOOLEAN', is_product: 'BOOLEAN'})
      ) to ${quote(join(folder, 'part-0.parquet'))} (format parquet)`);
    return { rows: rows.length };
  });
  await engine.close();
}

const ask = async (id: string, query = 'market=DE'): Promise<PurchasesAnswer> => {
  const response = await api.call('GET', `/v1/offers/customers/${id}/purchases?${query}`, { key: api.keys.viewer });
  expect(response.statusCode, response.body).toBe(200);
  return response.json<PurchasesAnswer>();
};

beforeAll(async () => {
  api = await openApi();
  // Written before products were marked: a code of five digits is one.
  await sold('2026-10-01', [['17', '20001', 4, 2.5]], '');
  await sold('2026-10-11', [
    ['17', '20001', 2, 2.5],
    ['17', '20002', 1, 10],
    ['17', '20003', 5, 1, true],
    ['17', 'POST', 1, 7],
    ['18', '20001', 9, 2.5],
  ]);
});
afterAll(() => api.close());

it('gives what a customer has bought by product, the last first, without what was cancelled and what is no product', async () => {
  expect(await ask('17')).toEqual({
    ...{ market: 'DE', customerId: '17', upTo: '2026-10-11', products: 2, spend: 25, next: null },
    purchases: [
      {
        ...{ productId: '20001', description: 'Product 20001', orders: 2, units: 6, spend: 15 },
        ...{ firstDay: '2026-10-01', lastDay: '2026-10-11', everyDays: 10 },
      },
      {
        ...{ productId: '20002', description: 'Product 20002', orders: 1, units: 1, spend: 10 },
        ...{ firstDay: '2026-10-11', lastDay: '2026-10-11', everyDays: null },
      },
    ],
  });
});

it('gives them page by page', async () => {
  const first = await ask('17', 'market=DE&limit=1');
  expect(first).toMatchObject({ products: 2, next: 1, purchases: [{ productId: '20001' }] });
  expect(await ask('17', 'market=DE&limit=1&after=1')).toMatchObject({
    next: null,
    purchases: [{ productId: '20002' }],
  });
});

it('knows nothing of other customers, of other markets, or of a name that is no name', async () => {
  expect(await ask('19')).toMatchObject({ upTo: '2026-10-11', products: 0, spend: 0, purchases: [] });
  expect(await ask('17', 'market=FR')).toMatchObject({ upTo: null, products: 0, purchases: [] });
  expect(await ask(encodeURIComponent("' or true --"))).toMatchObject({ products: 0 });
});
