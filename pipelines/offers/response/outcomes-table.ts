import type { PastOffers } from '../../../domain/offer-response/index.ts';
import type { StepServices } from '../../../domain/ports/step-context.ts';
import { quoteList } from '../../../domain/preprocessing/sql.ts';
import type { SalesTable } from '../../../domain/recommend/index.ts';
import { datasets } from '../datasets.ts';

export interface OutcomesTable extends PastOffers {
  /** 1 where the offer was held out at random. */
  readonly heldOut: Uint8Array;
  /** Outcomes of customers or products that no sale is known of; they are left out. */
  readonly unknown: number;
}

/** Outcomes of the lake before `asOf` (YYYY-MM-DD), by day, with the indices of the sales table. */
export async function loadOutcomes(
  sales: SalesTable,
  asOf: string,
  { lake, sql }: Pick<StepServices, 'lake' | 'sql'>,
): Promise<OutcomesTable> {
  const partitions = (await lake.list(datasets.outcomes)).filter(({ partition }) => (partition['date'] ?? '') < asOf);
  const columns = { customer_id: [], product_id: [], day: [], discount: [], sale: [], holdout: [] } as Record<
    string,
    unknown[]
  >;
  if (partitions.length > 0) {
    const engine = await sql.open();
    try {
      Object.assign(
        columns,
        await engine.columns(`
          select customer_id, product_id, date_diff('day', date '1970-01-01', cast(date as date)) as day, discount,
            cast(sale as integer) as sale, cast(holdout as integer) as holdout
          from read_parquet(${quoteList(partitions.map(({ uri }) => uri))}) order by date, customer_id, product_id`),
      );
    } finally {
      await engine.close();
    }
  }
  const customers = new Map(sales.customers.map((id, i) => [id, i]));
  const products = new Map(sales.products.map((id, i) => [id, i]));
  const all = columns['day']!.length;
  const known = Array.from({ length: all }, (_, r) => r).filter(
    (r) => customers.has(String(columns['customer_id']![r])) && products.has(String(columns['product_id']![r])),
  );
  const numbers = (name: string): number[] => known.map((r) => Number(columns[name]![r]));
  return {
    customer: Int32Array.from(known, (r) => customers.get(String(columns['customer_id']![r]))!),
    product: Int32Array.from(known, (r) => products.get(String(columns['product_id']![r]))!),
    day: Int32Array.from(numbers('day')),
    discount: Float64Array.from(numbers('discount')),
    sale: Uint8Array.from(numbers('sale')),
    heldOut: Uint8Array.from(numbers('holdout')),
    unknown: all - known.length,
  };
}
