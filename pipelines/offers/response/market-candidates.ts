import type { Offers, ProductDays, ResponseModel } from '../../../domain/offer-response/index.ts';
import type { SqlEngine } from '../../../domain/ports/sql-engine.ts';
import type { StepServices } from '../../../domain/ports/step-context.ts';
import { quoteList } from '../../../domain/preprocessing/sql.ts';
import type { SalesNames } from '../../../domain/recommend/index.ts';
import { datasets } from '../datasets.ts';
import { keepLast } from '../keep-last.ts';
import type { TablesOutput } from '../outputs.ts';
import { placesSql } from '../places-sql.ts';
import { mostLines, StoredSales, sharedSalesTable } from '../sales-table.ts';
import { type PricedCandidate, type PriceOptions, priceCandidates } from './candidates.ts';
import { loadOutcomes } from './outcomes-table.ts';
import { type ProductWorth, productDays, productWorth } from './product-sales.ts';

/** Lines loaded at a time where those of all are too many. */
const batchLines = 1_000_000;

type Pairs = Omit<Offers, 'day'>;

/** The customers and products of the lists of a market, by both. */
export async function listedPairs(
  engine: SqlEngine,
  { market, asOf, tables }: { market: string; asOf: string; tables: TablesOutput['tables'] },
  { lake, artifacts }: Pick<StepServices, 'lake' | 'artifacts'>,
): Promise<Pairs> {
  const lists = await lake.list(datasets.nextProducts, { market, date: asOf });
  if (lists.length === 0) return { customer: new Int32Array(0), product: new Int32Array(0) };
  const placesOf = (name: 'customer' | 'product') => placesSql(name, tables, artifacts);
  return engine.numbers(
    `select distinct customer, product from read_parquet(${quoteList(lists.map(({ uri }) => uri))})
     join ${await placesOf('customer')} using (customer_id) join ${await placesOf('product')} using (product_id)
     order by all`,
    { customer: 'int32', product: 'int32' },
  );
}

interface Surroundings {
  readonly tables: TablesOutput;
  readonly services: Pick<StepServices, 'lake' | 'sql' | 'artifacts'>;
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** What is the same for all markets of a run. */
interface Common {
  readonly stored: StoredSales;
  readonly worth: ProductWorth;
  readonly products: ProductDays | undefined;
}

const lastCommon = keepLast<Common>();

/**
 * The candidates of {@link priceCandidates} for the lists of a market: by the sales of all, or where they are too many
 * (`most` lines) by those of its customers, some at a time, and by product.
 */
export async function marketCandidates(
  { tables, services, scratch, signal }: Surroundings,
  model: ResponseModel,
  pairs: Pairs,
  options: Omit<PriceOptions, 'worth' | 'products'>,
  most = mostLines,
): Promise<{ names: SalesNames; candidates: PricedCandidate[] }> {
  const { artifacts, sql } = services;
  const key = JSON.stringify([tables.tables, options.asOfDay, most]);
  const { stored, ...common } = await lastCommon(key, async () => {
    const opened = await StoredSales.open(tables, artifacts, sql, most);
    const worth = await productWorth(opened, options.asOfDay, scratch);
    return { stored: opened, worth, products: opened.isWhole ? undefined : await productDays(opened, scratch) };
  });
  const past = await loadOutcomes(tables.tables, tables.asOf, services, scratch);
  const { names } = stored;
  if (stored.isWhole) {
    const sales = await sharedSalesTable(tables.tables, artifacts, sql);
    return { names, candidates: priceCandidates(sales, past, model, pairs, { ...options, ...common }) };
  }
  const candidates: PricedCandidate[] = [];
  for (const batch of batchesOf(pairs, Math.max(1, Math.floor(batchLines / stored.linesEach)))) {
    signal.throwIfAborted();
    const sales = await stored.of(Int32Array.from(new Set(batch.customer)));
    for (const one of priceCandidates(sales, past, model, batch, { ...options, ...common })) candidates.push(one);
  }
  const place = new Map(options.discounts.map((discount, i) => [discount, i]));
  candidates.sort((a, b) => place.get(a.discount)! - place.get(b.discount)!);
  return { names, candidates };
}

/** Pairs, which stand by customer, of so many customers at a time. */
function* batchesOf({ customer, product }: Pairs, customers: number): Generator<Pairs> {
  let [from, seen] = [0, 0];
  for (let i = 0; i < customer.length; i++) {
    if (i > 0 && customer[i] === customer[i - 1]) continue;
    if (seen === customers) {
      yield { customer: customer.subarray(from, i), product: product.subarray(from, i) };
      [from, seen] = [i, 0];
    }
    seen++;
  }
  if (from < customer.length) yield { customer: customer.subarray(from), product: product.subarray(from) };
}
