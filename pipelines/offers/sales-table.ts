import type { Json } from '../../contracts/json.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import type { SalesTable } from '../../domain/recommend/index.ts';
import { keepLast } from './keep-last.ts';
import type { TablesOutput } from './outputs.ts';

/** Loads the cleaned tables of a run into memory: about 30 bytes a line. */
export async function loadSalesTable(
  tables: TablesOutput['tables'],
  artifacts: ArtifactStore,
  sql: SqlEngineFactory,
): Promise<SalesTable> {
  const engine = await sql.open();
  try {
    const read = async (ref: TablesOutput['tables']['sales'], columns: string, order: string) =>
      engine.columns(`select ${columns} from read_parquet(${quote(await artifacts.getFile(ref))}) order by ${order}`);
    const customers = await read(tables.customers, 'customer, market', 'customer');
    const products = await read(tables.products, 'product, description', 'product');
    const sales = await read(tables.sales, 'customer, product, day, quantity, price, invoice', 'row');
    const markets = [...new Set(texts(customers['market']))].sort();
    const index = new Map(markets.map((market, i) => [market, i]));
    return {
      customers: texts(customers['customer']),
      products: texts(products['product']),
      descriptions: texts(products['description']),
      markets,
      marketOf: Int32Array.from(texts(customers['market']), (market) => index.get(market) ?? 0),
      customer: Int32Array.from(numbers(sales['customer'])),
      product: Int32Array.from(numbers(sales['product'])),
      day: Int32Array.from(numbers(sales['day'])),
      quantity: Float32Array.from(numbers(sales['quantity'])),
      price: Float32Array.from(numbers(sales['price'])),
      invoice: Int32Array.from(numbers(sales['invoice'])),
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

function numbers(column: readonly Json[] | undefined): number[] {
  return (column ?? []) as number[];
}
