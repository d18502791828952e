import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lake } from '../../../domain/ports/lake.ts';
import { quote } from '../../../domain/preprocessing/sql.ts';
import { duckdbEngine } from '../../../engines/duckdb/engine.ts';
import { datasets } from '../../../pipelines/offers/datasets.ts';
import { customerIds, listedDays } from './offers.ts';
import { draw } from './rows.ts';
import { type Month, products } from './world.ts';

/** Writes the month's sales of the markets with lists to a lake, as they lie there once they have come in. */
export async function seedSales(lake: Lake, month: Pick<Month, 'days' | 'markets'>): Promise<void> {
  const engine = await duckdbEngine({ threads: 1 }).open();
  try {
    // A weekly delivery is a partition.
    for (const { market } of listedDays(month))
      for (const date of month.days.filter((_, n) => n % 7 === 0))
        await lake.replace(datasets.sales, { market, date }, async (folder) => {
          const lines = customerIds(market).flatMap((customer, n) =>
            products
              .filter(({ id }) => draw(customer, id, 'buys') < 0.5)
              .map(({ id, name, price }, line) => ({
                ...{ invoice: `${date}-${n}-${line}`, product: id, description: name, price, customer, market },
                ...{ quantity: 1 + Math.floor(draw(customer, id, date) * 12), sold_at: `${date} 10:00:00` },
                cancelled: draw(customer, id, date, 'cancelled') < 0.05,
                is_product: true,
              })),
          );
          const file = join(tmpdir(), `sales-${process.pid}.json`);
          writeFileSync(file, JSON.stringify(lines));
          await engine.execute(`
            copy (select * from read_json(${quote(file)}, columns = {invoice: 'VARCHAR', product: 'VARCHAR', description: 'VARCHAR',
              quantity: 'DOUBLE', sold_at: 'TIMESTAMP', price: 'DOUBLE', customer: 'VARCHAR', market: 'VARCHAR',
              cancelled: 'BOOLEAN', is_product: 'BOOLEAN'})) to ${quote(join(folder, 'part-0.parquet'))} (format parquet)`);
          return { rows: lines.length };
        });
  } finally {
    await engine.close();
  }
}
