import type { PastOffers } from '../../../domain/offer-response/index.ts';
import type { Lake, PartitionInfo } from '../../../domain/ports/lake.ts';
import type { StepServices } from '../../../domain/ports/step-context.ts';
import { quoteList } from '../../../domain/preprocessing/sql.ts';
import { datasets } from '../datasets.ts';
import type { TablesOutput } from '../outputs.ts';
import { placesSql } from '../places-sql.ts';

export interface OutcomesTable extends PastOffers {
  /** 1 where the offer was held out at random. */
  readonly heldOut: Uint8Array;
  /** Outcomes of customers or products that no sale is known of; they are left out. */
  readonly unknown: number;
}

/** Partitions of outcomes before `asOf`, of files and of the API. */
export async function outcomePartitions(lake: Lake, asOf: string): Promise<PartitionInfo[]> {
  const all = await Promise.all([datasets.outcomes, datasets.apiOutcomes].map((dataset) => lake.list(dataset)));
  return all.flat().filter(({ partition }) => (partition['date'] ?? '') < asOf);
}

/** Outcomes of partitions, each offer once: what the API was told of one stands for what a file says. */
function outcomesSql(partitions: readonly PartitionInfo[]): string {
  const of = (dataset: string): string => {
    const uris = partitions.filter((partition) => partition.dataset === dataset).map(({ uri }) => uri);
    const columns = 'customer_id, product_id, date, discount, sale, holdout';
    return uris.length === 0
      ? ''
      : `select ${columns}, ${dataset === datasets.apiOutcomes} as told from read_parquet(${quoteList(uris)})`;
  };
  const both = [datasets.outcomes, datasets.apiOutcomes].map(of).filter(Boolean).join(' union all ');
  return `(select * from (${both}) qualify row_number() over (partition by customer_id, product_id, date order by told desc) = 1)`;
}

/** Outcomes of the lake before `asOf` (YYYY-MM-DD), by day, with the indices of the sales table. */
export async function loadOutcomes(
  tables: TablesOutput['tables'],
  asOf: string,
  { lake, sql, artifacts }: Pick<StepServices, 'lake' | 'sql' | 'artifacts'>,
  scratch: string,
): Promise<OutcomesTable> {
  const partitions = await outcomePartitions(lake, asOf);
  if (partitions.length === 0) {
    const none = new Int32Array(0);
    const [sale, heldOut] = [new Uint8Array(0), new Uint8Array(0)];
    return { customer: none, product: none, day: none, discount: new Float64Array(0), sale, heldOut, unknown: 0 };
  }
  const engine = await sql.open({ scratch, memoryMiB: 1024 });
  try {
    const outcomes = outcomesSql(partitions);
    const placesOf = (name: 'customer' | 'product') => placesSql(name, tables, artifacts);
    const { sale, heldOut, ...columns } = await engine.numbers(
      `select customer, product, date_diff('day', date '1970-01-01', cast(date as date)) as day, discount,
         cast(sale as integer) as sale, cast(holdout as integer) as "heldOut"
       from ${outcomes} join ${await placesOf('customer')} using (customer_id) join ${await placesOf('product')} using (product_id)
       order by date, customer_id, product_id`,
      { customer: 'int32', product: 'int32', day: 'int32', discount: 'float64', sale: 'int32', heldOut: 'int32' },
    );
    const [all] = await engine.query(`select count(*) as rows from ${outcomes}`);
    return {
      ...columns,
      sale: Uint8Array.from(sale),
      heldOut: Uint8Array.from(heldOut),
      unknown: Number(all?.['rows'] ?? 0) - sale.length,
    };
  } finally {
    await engine.close();
  }
}

/** The outcomes at some places, ascending. */
export function pickOutcomes(outcomes: OutcomesTable, places: Int32Array): OutcomesTable {
  const ints = (from: Int32Array) => Int32Array.from(places, (i) => from[i]!);
  const bytes = (from: Uint8Array) => Uint8Array.from(places, (i) => from[i]!);
  return {
    customer: ints(outcomes.customer),
    product: ints(outcomes.product),
    day: ints(outcomes.day),
    discount: Float64Array.from(places, (i) => outcomes.discount[i]!),
    sale: bytes(outcomes.sale),
    heldOut: bytes(outcomes.heldOut),
    unknown: outcomes.unknown,
  };
}
