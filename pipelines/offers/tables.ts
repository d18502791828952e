import { join } from 'node:path';
import { PerennialError } from '../../contracts/errors.ts';
import type { StepServices } from '../../domain/ports/step-context.ts';
import { customersSql, interactionsSql, productTextsSql } from '../../domain/preprocessing/sales.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import { cleanTable } from './clean-table.ts';
import { datasets } from './datasets.ts';
import type { TablesOutput } from './outputs.ts';

export interface TablesOptions {
  /** YYYY-MM-DD: only sales before this day are used. */
  readonly asOf: string;
  /** Regular expression of the codes that are products; empty: what was marked so when it came in. */
  readonly productPattern: string;
  readonly services: Pick<StepServices, 'lake' | 'sql' | 'artifacts'>;
  /** Folder for the files until they are artifacts. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly progress?: (done: number, total: number, unit: string) => void;
}

/** Lines of sales from which on tables lie on disk while they are made; some 150 bytes each in memory. */
const manyRows = 4_000_000;

/** In the order in which they are made: the last is made of the one before. */
const tableNames = ['customers', 'products', 'sales', 'interactions'] as const;

/**
 * Cleans the sales of the lake before `asOf` and stores the tables that everything after works on.
 *
 * @throws DATA_MISSING when no sale is left after cleaning.
 */
export async function writeTables({
  asOf,
  productPattern,
  services,
  scratch,
  signal,
  progress,
}: TablesOptions): Promise<TablesOutput> {
  const partitions = (await services.lake.list(datasets.sales)).filter(
    ({ partition }) => (partition['date'] ?? '') < asOf,
  );
  const engine = await services.sql.open({ signal, scratch });
  try {
    if (partitions.reduce((sum, { rows }) => sum + rows, 0) > manyRows) await engine.keepOnDisk();
    await cleanTable(
      engine,
      partitions.map(({ uri }) => uri),
      { before: asOf, productPattern, signal },
    );
    await engine.execute(`
      create table customers as select *, cast(row_number() over (order by customer) - 1 as integer) as i from (${customersSql('clean')});
      create table products as select *, cast(row_number() over (order by product) - 1 as integer) as i from (${productTextsSql('clean')});
      create table invoices as select invoice, cast(row_number() over (order by min(date), invoice) - 1 as integer) as i from clean group by invoice;`);
    const [count] = await engine.query(`
      select count(*) as rows, (select count(*) from customers) as customers, (select count(*) from products) as products,
        cast(min(date) as varchar) as first, cast(max(date) as varchar) as last from clean`);
    if (!count || count['rows'] === 0) {
      throw new PerennialError('DATA_MISSING', `No sale before ${asOf} is left after cleaning.`, {
        remedy: `Cleaning keeps sales to known customers of ${productPattern ? `codes that match ${productPattern}; check the parameter productPattern` : 'what the mapping says are products; check its productPattern'}.`,
      });
    }
    const fileOf = (name: keyof TablesOutput['tables']): string => join(scratch, `${name}.parquet`);
    const selects: Record<keyof TablesOutput['tables'], string> = {
      customers: 'select customer, market from customers order by customer',
      products: 'select product, description from products order by product',
      sales: `
        select c.i as customer, p.i as product, cast(date_diff('day', date '1970-01-01', s.date) as integer) as day, s.quantity, s.price, v.i as invoice
        from clean s join customers c using (customer) join products p using (product) join invoices v using (invoice)
        order by c.market, c.i, day, invoice, p.i, quantity, price`,
      // By numbers, of which there are fewer bytes than of names.
      interactions: `
        select c.customer, p.product, found.* exclude (customer, product) from (${interactionsSql(`(
          select customer, product, date '1970-01-01' + day as date, quantity, price from read_parquet(${quote(fileOf('sales'))}))`)}) found
        join customers c on c.i = found.customer join products p on p.i = found.product order by c.i, p.i`,
    };
    const tables = {} as TablesOutput['tables'];
    for (const [i, name] of tableNames.entries()) {
      const file = fileOf(name);
      await engine.execute(`copy (${selects[name]}) to ${quote(file)} (format parquet, compression zstd)`);
      tables[name] = { ...(await services.artifacts.putFile(file)) };
      progress?.(i + 1, tableNames.length, 'tables');
    }
    const markets = (await engine.query('select distinct market from customers order by market')).map((row) =>
      String(row['market']),
    );
    return {
      asOf,
      rows: Number(count['rows']),
      customers: Number(count['customers']),
      products: Number(count['products']),
      markets,
      firstDate: String(count['first']),
      lastDate: String(count['last']),
      tables,
    };
  } finally {
    await engine.close();
  }
}
