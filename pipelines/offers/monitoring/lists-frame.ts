import { categories, type Frame, unitsOf } from '../../../domain/monitoring/reference/index.ts';
import type { Lake } from '../../../domain/ports/lake.ts';
import type { PredictionRepository } from '../../../domain/ports/results.ts';
import type { SqlEngine } from '../../../domain/ports/sql-engine.ts';
import { quoteList } from '../../../domain/preprocessing/sql.ts';
import { datasets } from '../datasets.ts';

/** Customers whose lists are looked at, and products of a list. */
const [mostCustomers, listed] = [1000, 10] as const;
/** Days that are looked through for the first lists of a version. */
const mostDays = 60;

/** The first products of lists as a table: their probability and score, and whether they are new. Customers are the units. */
export async function listsFrame(engine: SqlEngine, files: readonly string[]): Promise<Frame | null> {
  if (files.length === 0) return null;
  const found = await engine.columns(`
    with lists as (select * from read_parquet(${quoteList(files)}) where list = 'all' and rank <= ${listed}),
    drawn as (select customer_id from (select distinct customer_id from lists) order by md5(customer_id), customer_id limit ${mostCustomers})
    select customer_id, rank, score, probability, is_new from lists join drawn using (customer_id) order by customer_id, rank`);
  const numeric = (name: string) => ({
    type: 'numeric' as const,
    values: Float64Array.from(found[name] as number[]),
  });
  const customers = (found['customer_id'] ?? []).map(String);
  if (customers.length === 0) return null;
  return {
    rows: customers.length,
    units: unitsOf(customers),
    columns: {
      probability: numeric('probability'),
      score: numeric('score'),
      new: categories((found['is_new'] ?? []).map((is) => (is === true ? 'yes' : 'no'))),
    },
  };
}

/**
 * The files of the first lists in the lake that a version made: what its predictions were like when it was new. null when there
 * are none before `asOf`.
 */
export async function firstLists(
  { lake, predictions }: { readonly lake: Lake; readonly predictions: Pick<PredictionRepository, 'byMarket'> },
  { version, since, asOf }: { readonly version: number; readonly since: string; readonly asOf: string },
): Promise<string[] | null> {
  const byDate = new Map<string, { uri: string; market: string }[]>();
  for (const { uri, partition } of await lake.list(datasets.nextProducts)) {
    const { date = '', market = '' } = partition;
    if (date >= since && date < asOf) byDate.set(date, [...(byDate.get(date) ?? []), { uri, market }]);
  }
  for (const date of [...byDate.keys()].sort().slice(0, mostDays)) {
    const made: string[] = [];
    for (const { uri, market } of byDate.get(date) ?? []) {
      const [one] = await predictions.byMarket(market, date, { limit: 1 });
      if (one?.modelVersion === version) made.push(uri);
    }
    if (made.length > 0) return made;
  }
  return null;
}
