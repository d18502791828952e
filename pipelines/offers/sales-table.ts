import type { Json } from '../../contracts/json.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import type { SqlEngine, SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import type { SalesNames, SalesTable } from '../../domain/recommend/index.ts';
import { keepLast } from './keep-last.ts';
import type { TablesOutput } from './outputs.ts';

/**
 * Lines that models are learned from, and that customers are compared with, at most: what is learned needs no more, and memory
 * ends. Some 70 bytes each with what is derived of them.
 */
export const mostLines = 10_000_000;

/** The cleaned tables of a run, of which as much is loaded as is wanted. */
export class StoredSales {
  readonly names: SalesNames;
  /** Whether {@link StoredSales.drawn} holds the lines of all customers. */
  readonly isWhole: boolean;
  /** Lines of a customer on average. */
  readonly linesEach: number;
  readonly #share: number;
  readonly #file: string;
  readonly #sql: SqlEngineFactory;

  private constructor(names: SalesNames, file: string, rows: number, most: number, sql: SqlEngineFactory) {
    this.names = names;
    this.isWhole = rows <= most;
    this.linesEach = rows / Math.max(1, names.customers.length);
    this.#share = most / rows;
    this.#file = file;
    this.#sql = sql;
  }

  /** @param most see {@link mostLines}. */
  static async open(
    { rows, tables }: Pick<TablesOutput, 'rows' | 'tables'>,
    artifacts: ArtifactStore,
    sql: SqlEngineFactory,
    most = mostLines,
  ): Promise<StoredSales> {
    const engine = await sql.open({ memoryMiB });
    try {
      const names = await loadNames(engine, tables, artifacts);
      return new StoredSales(names, await artifacts.getFile(tables.sales), rows, most, sql);
    } finally {
      await engine.close();
    }
  }

  /** The lines of all customers, or where they are too many, those of a draw of customers. The same one whenever it is made. */
  drawn(): Promise<SalesTable> {
    // Knuth's multiplicative hash.
    return this.#load(
      this.isWhole ? 'true' : `(customer::bigint * 2654435761) % 4294967296 < ${this.#share * 2 ** 32}`,
    );
  }

  /** The lines of some customers, ascending. */
  of(customers: Int32Array): Promise<SalesTable> {
    // Lines of a market's customers stand together: most of the file is passed over.
    return this.#load(
      `customer between ${customers[0] ?? 0} and ${customers.at(-1) ?? -1} and customer in (${customers.join(', ') || 'null'})`,
    );
  }

  /**
   * Asks all lines in SQL: `work` gets them as a relation with the columns customer, product, day, quantity, price, invoice.
   *
   * @param scratch folder for what does not fit into memory.
   */
  async ask<T>(work: (engine: SqlEngine, lines: string) => Promise<T>, scratch: string): Promise<T> {
    const engine = await this.#sql.open({ memoryMiB, scratch });
    try {
      return await work(engine, `read_parquet(${quote(this.#file)})`);
    } finally {
      await engine.close();
    }
  }

  async #load(condition: string): Promise<SalesTable> {
    const engine = await this.#sql.open({ memoryMiB });
    try {
      return { ...this.names, ...(await loadLines(engine, this.#file, condition)) };
    } finally {
      await engine.close();
    }
  }
}

/** Most memory of the engine that reads tables, beside the process that takes them. */
const memoryMiB = 1024;

async function loadNames(
  engine: SqlEngine,
  tables: TablesOutput['tables'],
  artifacts: ArtifactStore,
): Promise<SalesNames> {
  const from = async (ref: TablesOutput['tables']['sales'], columns: string) =>
    `select ${columns} from read_parquet(${quote(await artifacts.getFile(ref))})`;
  const customers = await engine.columns(`${await from(tables.customers, 'customer, market')} order by customer`);
  const products = await engine.columns(`${await from(tables.products, 'product, description')} order by product`);
  const markets = [...new Set(texts(customers['market']))].sort();
  const index = new Map(markets.map((market, i) => [market, i]));
  return {
    customers: texts(customers['customer']),
    products: texts(products['product']),
    descriptions: texts(products['description']),
    markets,
    marketOf: Int32Array.from(texts(customers['market']), (market) => index.get(market) ?? 0),
  };
}

/** By day, then invoice: 24 bytes a line. */
function loadLines(engine: SqlEngine, file: string, condition: string) {
  return engine.numbers(
    `select customer, product, day, quantity, price, invoice from read_parquet(${quote(file)}) where ${condition}
     order by day, invoice, customer, product, quantity, price`,
    {
      customer: 'int32',
      product: 'int32',
      day: 'int32',
      quantity: 'float32',
      price: 'float32',
      invoice: 'int32',
    },
  );
}

/** Loads the cleaned tables of a run into memory, all lines: 24 bytes each. */
export async function loadSalesTable(
  tables: TablesOutput['tables'],
  artifacts: ArtifactStore,
  sql: SqlEngineFactory,
): Promise<SalesTable> {
  return (await StoredSales.open({ rows: 0, tables }, artifacts, sql)).drawn();
}

/** Loads what models are learned from; see {@link StoredSales.drawn}. */
export async function loadDrawnSales(
  tables: Pick<TablesOutput, 'rows' | 'tables'>,
  artifacts: ArtifactStore,
  sql: SqlEngineFactory,
): Promise<SalesTable> {
  return (await StoredSales.open(tables, artifacts, sql)).drawn();
}

const lastTable = keepLast<SalesTable>();

/** {@link loadSalesTable}, loaded once per worker for all who look at the tables of one run; they must not change it. */
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
