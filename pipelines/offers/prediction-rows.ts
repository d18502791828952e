import type { NextProduct } from '../../contracts/offers.ts';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
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

/** Writes rows as one Parquet file, ordered by list, customer and rank. `folder` takes a scratch file meanwhile. */
export async function writePredictions(
  sql: SqlEngineFactory,
  rows: readonly PredictionRow[],
  file: string,
  folder: string,
): Promise<void> {
  const engine = await sql.open();
  try {
    await engine.execute('set threads = 1');
    await writeParquetRows(engine, rows, { columns, orderBy: 'list, customer_id, rank', file, scratch: folder });
  } finally {
    await engine.close();
  }
}
