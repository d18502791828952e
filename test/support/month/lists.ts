import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MarketListRow } from '../../../contracts/market-lists.ts';
import type { Lake } from '../../../domain/ports/lake.ts';
import { quote } from '../../../domain/preprocessing/sql.ts';
import { duckdbEngine } from '../../../engines/duckdb/engine.ts';
import { datasets } from '../../../pipelines/offers/datasets.ts';
import { customerIds, listedDays, offersOf, predictionOf } from './offers.ts';
import type { Month } from './world.ts';

/** Writes the lists of the month's markets to a lake: what runs write beside what they store in the database. */
export async function seedLists(lake: Lake, month: Pick<Month, 'days' | 'markets'>): Promise<void> {
  const engine = await duckdbEngine({ threads: 1 }).open();
  try {
    for (const { market, days } of listedDays(month))
      for (const date of days)
        await lake.replace(datasets.marketLists, { market, date }, async (folder) => {
          const lines = linesOf(market, date);
          const file = join(tmpdir(), `list-${process.pid}.json`);
          writeFileSync(file, JSON.stringify(lines));
          await engine.execute(`
            copy (
              select cast(rank as integer) as rank, kind, "customerId" as customer_id, "productId" as product_id, description,
                probability, "expectedRevenue" as expected_revenue, cast(discount as double) as discount, reason
              from read_json(${quote(file)}, columns = {rank: 'INTEGER', kind: 'VARCHAR', customerId: 'VARCHAR', productId: 'VARCHAR',
                description: 'VARCHAR', probability: 'DOUBLE', expectedRevenue: 'DOUBLE', discount: 'DOUBLE', reason: 'VARCHAR'}) order by rank
            ) to ${quote(join(folder, 'part-0.parquet'))} (format parquet)`);
          return { rows: lines.length };
        });
  } finally {
    await engine.close();
  }
}

/** A line for each customer and product, by expected revenue; offers that are made take the place of their products. */
function linesOf(market: string, date: string): MarketListRow[] {
  const lines = new Map<string, Omit<MarketListRow, 'rank'>>();
  for (const customerId of customerIds(market)) {
    const { products, newProducts } = predictionOf(market, customerId, date);
    for (const { productId, description, probability, expectedRevenue, reason, isNew } of [...products, ...newProducts])
      lines.set(`${customerId} ${productId}`, {
        ...{ kind: isNew ? 'new' : 'next', customerId, productId, description, probability, expectedRevenue, reason },
        discount: null,
      });
  }
  for (const {
    customerId,
    productId,
    description,
    probability,
    expectedRevenue,
    reason,
    discount,
    holdout,
  } of offersOf(market, date))
    if (!holdout)
      lines.set(`${customerId} ${productId}`, {
        ...{ kind: 'offer', customerId, productId, description, probability, expectedRevenue, reason, discount },
      });
  return [...lines.values()]
    .sort((a, b) => b.expectedRevenue - a.expectedRevenue)
    .map((line, n) => ({ ...line, rank: n + 1 }));
}
