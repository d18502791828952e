import type { LabelledRows } from '../../domain/monitoring/estimate/index.ts';
import type { Lake, PartitionInfo } from '../../domain/ports/lake.ts';
import type { SqlEngine } from '../../domain/ports/sql-engine.ts';
import type { StepServices } from '../../domain/ports/step-context.ts';
import { quoteList } from '../../domain/preprocessing/sql.ts';
import { datasets } from './datasets.ts';
import { dateOf, dayNumber, longestHorizon } from './days.ts';

/**
 * Of the customers the newest earlier lists (of one market, or of all for '') were made for and who bought since, the
 * share that bought one of its first ten products. By market, and '' for all; empty when there is no earlier list.
 */
export async function realisedHits(
  { lake, sql }: Pick<StepServices, 'lake' | 'sql'>,
  asOf: string,
  market: string,
  scratch: string,
): Promise<{ market: string; hit: number }[]> {
  const newest = await newestLists(lake, market, (date) => date < asOf);
  if (!newest) return [];
  const sales = (await lake.list(datasets.sales)).filter(
    ({ partition: { date = '' } }) => date >= newest.date && date < asOf,
  );
  if (sales.length === 0) return [];
  const engine = await sql.open({ scratch });
  try {
    const rows = await engine.query(`
      with bought as (
        select distinct customer, product from ${boughtSql(sales)}
      ), listed as (
        select customer_id, market, product_id from read_parquet(${newest.files}) where list = 'all' and rank <= 10
      ), judged as (
        select l.market, l.customer_id, max(case when b.product is not null then 1.0 else 0.0 end) as hit
        from listed l left join bought b on b.customer = l.customer_id and b.product = l.product_id
        where l.customer_id in (select customer from bought)
        group by l.market, l.customer_id
      )
      select coalesce(market, '') as market, avg(hit) as hit from judged group by grouping sets ((market), ())`);
    return rows
      .filter((row) => row['hit'] !== null)
      .map((row) => ({ market: String(row['market']), hit: Number(row['hit']) }));
  } finally {
    await engine.close();
  }
}

/**
 * What customers spent on the products of the newest lists whose horizon is surely over, as a share of what was expected of them:
 * 1 is right. By market (or of one), and '' for all; empty when there are no such lists.
 */
export async function realisedRevenue(
  { lake, sql }: Pick<StepServices, 'lake' | 'sql'>,
  asOf: string,
  market: string,
  scratch: string,
): Promise<{ market: string; share: number }[]> {
  const rows = await withListsOver({ lake, sql }, asOf, market, scratch, (engine, { files, bought }) =>
    engine.query(`
      with bought as (
        select customer, product, sum(quantity * price) as spent from ${bought} group by all
      ), listed as (
        select customer_id, market, product_id, expected_revenue from read_parquet(${files}) where list = 'all'
      )
      select coalesce(market, '') as market, coalesce(sum(spent), 0) / sum(expected_revenue) as share
      from listed left join bought on customer = customer_id and product = product_id
      group by grouping sets ((market), ()) having sum(expected_revenue) > 0`),
  );
  return (rows ?? []).map((row) => ({ market: String(row['market']), share: Number(row['share']) }));
}

/** Customers whose lists are judged row by row, at most. */
const mostJudged = 2000;

/**
 * What the newest lists whose horizon is surely over said of each of their first ten products, and whether it was bought.
 *
 * @returns the day after the horizon, the probabilities and the labels, 1 or 0; null when there are no such lists.
 */
export async function judgedRows(
  { lake, sql }: Pick<StepServices, 'lake' | 'sql'>,
  asOf: string,
  scratch: string,
): Promise<({ readonly until: string } & LabelledRows) | null> {
  return withListsOver({ lake, sql }, asOf, '', scratch, async (engine, { files, bought, until }) => {
    const rows = await engine.numbers(
      `
      with bought as (select distinct customer, product from ${bought}),
      lists as (select customer_id, product_id, rank, probability from read_parquet(${files}) where list = 'all' and rank <= 10),
      drawn as (select customer_id from (select distinct customer_id from lists) order by md5(customer_id), customer_id limit ${mostJudged})
      select l.probability, case when b.product is null then 0 else 1 end as bought
      from lists l join drawn using (customer_id)
      left join bought b on b.customer = l.customer_id and b.product = l.product_id
      where l.probability is not null order by l.customer_id, l.rank`,
      { probability: 'float64', bought: 'int32' },
    );
    if (rows.probability.length === 0) return null;
    return { until, probabilities: rows.probability, label: Uint8Array.from(rows.bought) };
  });
}

interface ListsOver {
  /** As an SQL list. */
  readonly files: string;
  /** What customers bought within the horizon, as SQL. */
  readonly bought: string;
  /** The day after the horizon. */
  readonly until: string;
}

/** Works on the newest lists (of one market, or of all for '') whose horizon is surely over; null when there are none with sales since. */
async function withListsOver<T>(
  { lake, sql }: Pick<StepServices, 'lake' | 'sql'>,
  asOf: string,
  market: string,
  scratch: string,
  work: (engine: SqlEngine, lists: ListsOver) => Promise<T>,
): Promise<T | null> {
  const over = dateOf(dayNumber(asOf) - longestHorizon);
  const newest = await newestLists(lake, market, (date) => date <= over);
  if (!newest) return null;
  const { date, files } = newest;
  const engine = await sql.open({ scratch });
  try {
    // Lists of before there was a forecast have no such columns, and say nothing here.
    const columns = await engine.query(
      `select distinct name from parquet_schema(${files}) where name in ('horizon_days', 'expected_revenue')`,
    );
    if (columns.length < 2) return null;
    const [found] = await engine.query(`select max(horizon_days) as days from read_parquet(${files})`);
    const until = dateOf(dayNumber(date) + Number(found?.['days'] ?? 0));
    const sales = (await lake.list(datasets.sales)).filter(
      ({ partition: { date: day = '' } }) => day >= date && day < until,
    );
    return sales.length === 0 ? null : await work(engine, { files, bought: boughtSql(sales), until });
  } finally {
    await engine.close();
  }
}

/** The lists (of one market, or of all for '') of the newest day that is meant: the day, and their files as an SQL list. */
async function newestLists(
  lake: Lake,
  market: string,
  isMeant: (date: string) => boolean,
): Promise<{ date: string; files: string } | null> {
  const lists = (await lake.list(datasets.nextProducts, market ? { market } : {})).filter(({ partition }) =>
    isMeant(partition['date'] ?? ''),
  );
  const date = lists
    .map(({ partition }) => partition['date'] ?? '')
    .sort()
    .at(-1);
  if (date === undefined) return null;
  return { date, files: quoteList(lists.filter(({ partition }) => partition['date'] === date).map(({ uri }) => uri)) };
}

/** Lines that were sold to a known customer and not taken back. */
function boughtSql(sales: readonly PartitionInfo[]): string {
  return `(select * from read_parquet(${quoteList(sales.map(({ uri }) => uri))})
    where customer is not null and quantity > 0 and price > 0 and not cancelled)`;
}
