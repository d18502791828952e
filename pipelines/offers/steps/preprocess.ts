import { join } from 'node:path';
import { PerennialError } from '../../../contracts/errors.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { cleanSalesSql, customersSql, interactionsSql, productTextsSql } from '../../../domain/preprocessing/sales.ts';
import { quote, quoteList } from '../../../domain/preprocessing/sql.ts';
import { datasets } from '../datasets.ts';
import { input, TablesOutput, ValidateOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/** Cleans the sales before `asOf` and writes the tables that every later step works on. */
export const preprocess: StepDefinition<OffersParams> = {
  title: 'Clean sales, interactions and texts',
  needs: ['validate'],
  resources: { memoryMiB: 1024 },
  output: TablesOutput,
  async run({ params, inputs, services, scratch, signal, progress, metric }) {
    const { asOf } = input(inputs, 'validate', ValidateOutput);
    const partitions = (await services.lake.list(datasets.sales)).filter(
      ({ partition }) => (partition['date'] ?? '') < asOf,
    );
    const engine = await services.sql.open({ signal });
    try {
      await engine.execute(`
        create table sales as select * from read_parquet(${quoteList(partitions.map((p) => p.uri))});
        create table clean as ${cleanSalesSql('sales', asOf, params.productPattern)};
        create table customers as select *, cast(row_number() over (order by customer) - 1 as integer) as i from (${customersSql('clean')});
        create table products as select *, cast(row_number() over (order by product) - 1 as integer) as i from (${productTextsSql('clean')});
        create table invoices as select invoice, cast(row_number() over (order by min(date), invoice) - 1 as integer) as i from clean group by invoice;`);
      const [count] = await engine.query(`
        select count(*) as rows, count(distinct customer) as customers, count(distinct product) as products,
          cast(min(date) as varchar) as first, cast(max(date) as varchar) as last from clean`);
      if (!count || count['rows'] === 0) {
        throw new PerennialError('DATA_MISSING', `No sale before ${asOf} is left after cleaning.`, {
          remedy: `Cleaning keeps sales to known customers of codes that match ${params.productPattern}; check the parameter productPattern.`,
        });
      }
      const selects: Record<keyof TablesOutput['tables'], string> = {
        customers: 'select customer, market from customers order by customer',
        products: 'select product, description from products order by product',
        sales: `
          select cast(row_number() over (order by s.date, v.i, c.i, p.i, s.quantity, s.price) as integer) as row, c.i as customer, p.i as product,
            cast(date_diff('day', date '1970-01-01', s.date) as integer) as day, s.quantity, s.price, v.i as invoice
          from clean s join customers c using (customer) join products p using (product) join invoices v using (invoice) order by row`,
        interactions: `${interactionsSql('clean')} order by customer, product`,
      };
      const tables: Record<string, { uri: string; sha256: string; bytes: number }> = {};
      for (const [i, [name, select]] of Object.entries(selects).entries()) {
        const file = join(scratch, `${name}.parquet`);
        await engine.execute(`copy (${select}) to ${quote(file)} (format parquet, compression zstd)`);
        tables[name] = { ...(await services.artifacts.putFile(file)) };
        progress(i + 1, 4, 'tables');
      }
      const markets = (await engine.query('select distinct market from customers order by market')).map((row) =>
        String(row['market']),
      );
      metric('rows', Number(count['rows']));
      metric('customers', Number(count['customers']));
      metric('products', Number(count['products']));
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
  },
};
