import type { JsonObject } from '../../contracts/json.ts';
import type { Purchase } from '../../contracts/purchases.ts';
import type { Lake } from '../../domain/ports/lake.ts';
import type { Purchases } from '../../domain/ports/purchases.ts';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { interactionsSql, productTextsSql } from '../../domain/preprocessing/sales.ts';
import { cleanTable } from './clean-table.ts';
import { datasets } from './datasets.ts';

/** Later than any sale. */
const always = '9999-01-01';

/** What customers have bought, out of the sales as runs clean them: what was cancelled does not count. */
export function purchases({ lake, sql }: { readonly lake: Lake; readonly sql: SqlEngineFactory }): Purchases {
  return {
    async of({ market, customerId }, { after, limit }) {
      const days = await lake.list(datasets.sales, { market });
      if (days.length === 0) return { upTo: null, products: 0, spend: 0, purchases: [] };
      const engine = await sql.open();
      try {
        await cleanTable(
          engine,
          days.map(({ uri }) => uri),
          { before: always, productPattern: '', customer: customerId },
        );
        const [all] = await engine.query(`
          select count(distinct product) as products, coalesce(sum(quantity * price), 0) as spend from clean`);
        const rows = await engine.query(`
          select product, description, orders, units, spend, cast(first_date as varchar) as first_day,
            cast(last_date as varchar) as last_day, cadence_days
          from (${interactionsSql('clean')}) join (${productTextsSql('clean')}) using (product)
          order by last_date desc, spend desc, product limit ${limit} offset ${after}`);
        return {
          upTo: days.at(-1)?.partition['date'] ?? null,
          products: Number(all?.['products'] ?? 0),
          spend: Number(all?.['spend'] ?? 0),
          purchases: rows.map(toPurchase),
        };
      } finally {
        await engine.close();
      }
    },
  };
}

function toPurchase(row: JsonObject): Purchase {
  return {
    productId: String(row['product']),
    description: String(row['description']),
    orders: Number(row['orders']),
    units: Number(row['units']),
    spend: Number(row['spend']),
    firstDay: String(row['first_day']),
    lastDay: String(row['last_day']),
    everyDays: row['cadence_days'] === null ? null : Number(row['cadence_days']),
  };
}
