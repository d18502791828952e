import type { Json } from '../../contracts/json.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import type { SalesTable } from '../../domain/recommend/index.ts';
import { keepLast } from './keep-last.ts';
import type { TablesOutput } from './outputs.ts';

/** Loads the cleaned tables of a run into memory: 24 bytes a line. */
export async function loadSalesTable(
  tables: TablesOutput['tables'],
  artifacts: ArtifactStore,
  sql: SqlEngineFactory,
): Promise<SalesTable> {
  const engine = await sql.open();
  try {
    const from = async (ref: TablesOutput['tables']['sales'], columns: string) =>
      `select ${columns} from read_parquet(${quote(await artifacts.getFile(ref))})`;
    const customers = await engine.columns(`${await from(tables.customers, 'customer, market')} order by customer`);
    const products = await engine.columns(`${await from(tables.products, 'product, description')} order by product`);
    // In the order of the file: by day, then invoice.
    const sales = await engine.numbers(await from(tables.sales, 'customer, product, day, quantity, price, invoice'), {
      customer: 'int32',
      product: 'int32',
      day: 'int32',
      quantity: 'float32',
      price: 'float32',
      invoice: 'int32',
    });
    const markets = [...new Set(texts(customers['market']))].sort();
    const index = new Map(markets.map((market, i) => [market, i]));
    return {
      customers: texts(customers['customer']),
      products: texts(products['product']),
      descriptions: texts(products['description']),
      markets,
      marketOf: Int32Array.from(texts(customers['market']), (market) => index.get(market) ?? 0),
      ...sales,
    };
  } finally {
    await engine.close();
  }
}

const lastTable = keepLast<SalesTable>();

/** The same, loaded once per worker for all who look at the tables of one run; they must not change it. */
export function sharedSalesTable(
  tables: TablesOutput['tables'],
  artifacts: ArtifactStore,
  sql: SqlEngineFactory,
): Promise<SalesTable> {
  return lastTable(JSON.stringify(tables), () => loadSalesTable(tables, artifacts, sql));
}

function texts(column: readonly Json[] | undefined): string[] {
  return (column ?? []) as string[];
}
