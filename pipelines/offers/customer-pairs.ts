import type { JsonObject } from '../../contracts/json.ts';
import type { ComparedAnswer, Comparison } from '../../contracts/rollouts.ts';
import type { ArtifactStore } from '../../domain/ports/artifacts.ts';
import type { Lake } from '../../domain/ports/lake.ts';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { quote, quoteList } from '../../domain/preprocessing/sql.ts';
import { evaluate } from '../../domain/recommend/index.ts';
import { comparedPartition, judgedRanks } from './compared-lists.ts';
import { datasets } from './datasets.ts';
import type { ComparedRollout, TablesOutput } from './outputs.ts';

const memoryMiB = 1024;

/** A customer with what it bought on a day, and its lists of that day. */
interface Judged {
  readonly customer: string;
  readonly bought: readonly string[];
  readonly base: readonly string[];
  readonly candidate: readonly string[];
}

/**
 * What a rollout in a market compares: the lists of both versions, judged by what the customer bought; `ndcg` is NDCG@10, `hit` whether
 * it bought one of the first ten. Before, of the step's first lists, whether each customer has one at all: `listed`.
 *
 * The unit is the customer, once a step: with its first day of purchases since the step's first lists, by the newest lists of that day or
 * before, which know nothing of it. The lists of a customer hardly change from day to day and what it buys goes on, so pairs of the same
 * customer on successive days would repeat each other, and the test would be surer than it may be. Customers decide for themselves;
 * who buys often comes in first, so the claim that is tested is about customers as they come to buy. What all of them do on a day
 * (a feast) stays common to them: a step takes a week at least.
 *
 * Customers see the lists in use. What these bring about counts for the version that made them, which holds a candidate in shadow back, and
 * never helps it.
 *
 * @returns pairs in the order in which they came about, those that came in before among them.
 */
export async function customerPairs(
  { lake, sql, artifacts }: { readonly lake: Lake; readonly sql: SqlEngineFactory; readonly artifacts: ArtifactStore },
  of: ComparedRollout,
  { tables }: Pick<TablesOutput, 'tables'>,
  {
    served,
    at,
    ...own
  }: {
    readonly served: Comparison['served'];
    readonly at: Date;
    readonly scratch: string;
    readonly signal: AbortSignal;
  },
): Promise<Omit<Comparison, 'rolloutId' | 'step'>[]> {
  const lists = await lake.list(datasets.comparedLists, comparedPartition(of));
  if (lists.length === 0) return [];
  const [sales, customers, products] = await Promise.all(
    [tables.sales, tables.customers, tables.products].map((ref) => artifacts.getFile(ref)),
  );
  const numbered = (file = ''): string => `(select * from read_parquet(${quote(file)}, file_row_number = true))`;
  const engine = await sql.open({ ...own, memoryMiB });
  let judged: Judged[];
  let listed: JsonObject[];
  try {
    await engine.execute(`
      create temp view lists as
        select *, date_diff('day', date '1970-01-01', made_for::date) as from_day
        from read_parquet(${quoteList(lists.map(({ uri }) => uri))}, hive_partitioning = false)
        where version in (${of.base}, ${of.candidate})`);
    listed = await engine.query(`
      select customer_id as customer, max((version = ${of.base})::integer) as base, max((version = ${of.candidate})::integer) as candidate
      from lists where from_day = (select min(from_day) from lists) group by customer_id order by customer_id`);
    const rows = await engine.query(`
      with listed as (
        select customer_id, from_day from lists group by all
      ), sold as (
        select c.customer, s.day, p.product
        from read_parquet(${quote(sales ?? '')}) s
        join ${numbered(customers)} c on c.file_row_number = s.customer
        join ${numbered(products)} p on p.file_row_number = s.product
        where s.quantity > 0 and c.market = ${quote(of.market)} and s.day >= (select min(from_day) from lists)
        group by all
      ), first as (
        select customer, min(day) as day
        from sold join (select customer_id, min(from_day) as since from listed group by all) on customer_id = customer and day >= since
        group by all
      ), picked as (
        select customer, day, max(from_day) as from_day from first join listed on customer_id = customer and from_day <= day group by all
      )
      select customer,
        (select to_json(list(product order by product)) from sold s where s.customer = picked.customer and s.day = picked.day)::varchar as bought,
        coalesce(to_json(list(product_id order by rank) filter (version = ${of.base}))::varchar, '[]') as base,
        coalesce(to_json(list(product_id order by rank) filter (version = ${of.candidate}))::varchar, '[]') as candidate
      from picked join lists on customer_id = customer and lists.from_day = picked.from_day
      group by customer, day order by day, customer`);
    judged = rows.map((row) => ({
      customer: String(row['customer']),
      ...{ bought: textsOf(row['bought']), base: textsOf(row['base']), candidate: textsOf(row['candidate']) },
    }));
  } finally {
    await engine.close();
  }
  const [base, candidate] = [scoresOf(judged, 'base'), scoresOf(judged, 'candidate')];
  const common = { at: at.toISOString(), served };
  const answer = (scores: Readonly<Record<string, number>>): ComparedAnswer => ({ error: null, ms: 0, scores });
  const bought = (ndcg = 0): ComparedAnswer => answer({ ndcg, hit: ndcg > 0 ? 1 : 0 });
  return [
    ...listed.map((row) => ({
      ...{ ...common, requestId: `list/${String(row['customer'])}` },
      base: answer({ listed: Number(row['base']) }),
      candidate: answer({ listed: Number(row['candidate']) }),
    })),
    ...judged.map(({ customer }, i) => ({
      ...{ ...common, requestId: `purchase/${customer}` },
      ...{ base: bought(base[i]), candidate: bought(candidate[i]) },
    })),
  ];
}

const textsOf = (json: unknown): string[] => JSON.parse(String(json)) as string[];

/** NDCG@10 of the lists of one version, in the order of the customers. */
function scoresOf(judged: readonly Judged[], version: 'base' | 'candidate'): Float64Array {
  const numbers = new Map<string, number>();
  const numberOf = (product: string): number => {
    const known = numbers.get(product) ?? numbers.size;
    numbers.set(product, known);
    return known;
  };
  return evaluate(
    new Map(judged.map((one, i) => [i, one[version].map(numberOf)])),
    new Map(judged.map(({ bought }, i) => [i, new Set(bought.map(numberOf))])),
    judgedRanks,
  ).perCustomer;
}
