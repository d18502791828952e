import type { JsonObject } from '../../contracts/json.ts';
import type { CustomerPrediction, NextProduct } from '../../contracts/offers.ts';
import type { SqlEngine, SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import { writeParquetRows } from './parquet-rows.ts';

export interface PredictionRow {
  readonly customer_id: string;
  readonly product_id: string;
  readonly rank: number;
  readonly score: number;
  readonly market: string;
  readonly is_new: boolean;
  readonly reason: string;
  /** `all`: what it buys next; `new`: of what it has never bought. */
  readonly list: 'all' | 'new';
  readonly probability: number;
  readonly expected_spend: number;
  readonly expected_revenue: number;
  readonly horizon_days: number;
}

export function rowsOf(
  customer: string,
  market: string,
  list: 'all' | 'new',
  horizonDays: number,
  products: readonly NextProduct[],
): PredictionRow[] {
  return products.map((p) => ({
    customer_id: customer,
    product_id: p.productId,
    rank: p.rank,
    score: p.score,
    market,
    is_new: p.isNew,
    reason: p.reason,
    list,
    probability: p.probability,
    expected_spend: p.expectedSpend,
    expected_revenue: p.expectedRevenue,
    horizon_days: horizonDays,
  }));
}

const columns =
  "{customer_id: 'VARCHAR', product_id: 'VARCHAR', rank: 'INTEGER', score: 'DOUBLE', market: 'VARCHAR', is_new: 'BOOLEAN', reason: 'VARCHAR', list: 'VARCHAR', probability: 'DOUBLE', expected_spend: 'DOUBLE', expected_revenue: 'DOUBLE', horizon_days: 'INTEGER'}";

/** Most memory of an engine that sorts lists: several markets are written at a time. */
const memoryMiB = 512;

/** Writes rows as one Parquet file, ordered by list, customer and rank. `folder` takes a scratch file meanwhile. */
export async function writePredictions(
  sql: SqlEngineFactory,
  rows: Iterable<PredictionRow> | AsyncIterable<PredictionRow>,
  file: string,
  folder: string,
): Promise<void> {
  const engine = await sql.open({ scratch: folder, memoryMiB });
  try {
    await engine.execute('set threads = 1');
    await writeParquetRows(engine, rows, { columns, orderBy: 'list, customer_id, rank', file, scratch: folder });
  } finally {
    await engine.close();
  }
}

/** Customers read at a time. */
const page = 500;

/**
 * The lists of a file that {@link writePredictions} wrote, customer by customer.
 *
 * @param files.products the table of products, for their descriptions.
 */
export async function* readPredictions(
  engine: SqlEngine,
  files: { readonly lists: string; readonly products: string },
): AsyncGenerator<Pick<CustomerPrediction, 'customerId' | 'products' | 'newProducts'>> {
  const listed = `read_parquet(${quote(files.lists)})`;
  // Places are given to customers, not to rows: a window over all rows would hold them at once.
  await engine.execute(`
    create temp table lists as
      select l.*, coalesce(p.description, '') as description, c.place
      from ${listed} l
      join (select customer_id, row_number() over (order by customer_id) - 1 as place from (select distinct customer_id from ${listed})) c using (customer_id)
      left join read_parquet(${quote(files.products)}) p on p.product = l.product_id`);
  for (let from = 0; ; from += page) {
    const rows = await engine.query(
      `select * from lists where place >= ${from} and place < ${from + page} order by place, list, rank`,
    );
    if (rows.length === 0) return;
    const customers = new Map<string, { products: NextProduct[]; newProducts: NextProduct[] }>();
    for (const row of rows) {
      const id = String(row['customer_id']);
      const lists = customers.get(id) ?? { products: [], newProducts: [] };
      customers.set(id, lists);
      lists[row['list'] === 'new' ? 'newProducts' : 'products'].push(productOf(row));
    }
    for (const [customerId, lists] of customers) yield { customerId, ...lists };
  }
}

function productOf(row: JsonObject): NextProduct {
  return {
    productId: String(row['product_id']),
    description: String(row['description']),
    rank: Number(row['rank']),
    score: Number(row['score']),
    probability: Number(row['probability']),
    expectedSpend: Number(row['expected_spend']),
    expectedRevenue: Number(row['expected_revenue']),
    isNew: row['is_new'] === true,
    reason: String(row['reason']),
  };
}
