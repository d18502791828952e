import type { SqlEngine } from '../../domain/ports/sql-engine.ts';
import { cleanSalesSql } from '../../domain/preprocessing/sales.ts';
import { quote, quoteList } from '../../domain/preprocessing/sql.ts';

/** Products of partitions that were written before products were marked. */
const unmarkedProducts = '^[0-9]{5}';

export interface CleanTableOptions {
  /** YYYY-MM-DD: only sales before this day are used. */
  readonly before: string;
  /** Regular expression of the codes that are products; empty: what was marked so when it came in. */
  readonly productPattern: string;
  /** Whose sales; absent: everybody's. */
  readonly customer?: string;
  readonly signal?: AbortSignal;
}

/**
 * Makes the table `clean` of partitions of sales. Partitions that were written before products were marked have a column less,
 * which takes twice the time to look for: that is done when one is found.
 *
 * @param uris of the partitions.
 */
export async function cleanTable(
  engine: SqlEngine,
  uris: readonly string[],
  { before, productPattern, customer, signal }: CleanTableOptions,
): Promise<void> {
  const marked = `read_parquet(${quoteList(uris)})`;
  const some = `(
    select null::boolean as is_product where false
    union all by name select * from read_parquet(${quoteList(uris)}, union_by_name = true))`;
  const clean = (sales: string): Promise<void> =>
    engine.execute(`
      create or replace view sales as
        select * replace (coalesce(is_product, regexp_matches(product, ${quote(unmarkedProducts)})) as is_product) from ${sales}
        ${customer === undefined ? '' : `where customer = ${quote(customer)}`};
      create table clean as ${cleanSalesSql('sales', before, productPattern)};`);
  // All that is made of it is ordered by itself; many small files are read in half the time without an order of theirs.
  await engine.execute('set preserve_insertion_order = false');
  try {
    await clean(marked);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Error) || !error.message.includes('is_product')) throw error;
    await clean(some);
  }
  await engine.execute('set preserve_insertion_order = true');
}
