import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { quote } from '../../../domain/preprocessing/sql.ts';
import { type PredictionRow, readPredictions, writePredictions } from '../../../pipelines/offers/prediction-rows.ts';
import { sql } from './source.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perennial-predictions-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const row = (customer: number, list: 'all' | 'new', rank: number): PredictionRow => ({
  customer_id: `C${customer}`,
  product_id: `P${rank}`,
  rank,
  score: 1 / rank,
  market: 'DE',
  is_new: list === 'new',
  reason: 'it is liked',
  list,
  probability: 0.1,
  expected_spend: 10,
  expected_revenue: 1,
  horizon_days: 31,
});

it('come back customer by customer, each with both lists by rank, over several pages', async () => {
  const customers = 1203;
  function* rows() {
    for (let c = customers - 1; c >= 0; c--)
      for (const list of ['new', 'all'] as const)
        for (const rank of [2, 1]) if (c % 2 === 0 || list === 'all') yield row(c, list, rank);
  }
  const [lists, products] = [join(folder, 'lists.parquet'), join(folder, 'products.parquet')];
  await writePredictions(sql, rows(), lists, folder);
  const engine = await sql.open({ scratch: folder });
  await engine.execute(`copy (select 'P1' as product, 'MUG' as description) to ${quote(products)} (format parquet)`);
  const found = [];
  for await (const one of readPredictions(engine, { lists, products })) found.push(one);
  await engine.close();
  expect(found.map(({ customerId }) => customerId)).toEqual(
    Array.from({ length: customers }, (_, c) => `C${c}`).sort(),
  );
  for (const { customerId, products: all, newProducts } of found) {
    expect(all.map(({ rank, description }) => [rank, description])).toEqual([
      [1, 'MUG'],
      [2, ''],
    ]);
    expect(newProducts.map(({ productId }) => productId)).toEqual(
      Number(customerId.slice(1)) % 2 === 0 ? ['P1', 'P2'] : [],
    );
  }
});
