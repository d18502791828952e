import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PerennialError } from '../contracts/errors.ts';
import type { SqlEngineFactory } from '../domain/ports/sql-engine.ts';
import { quote } from '../domain/preprocessing/sql.ts';
import {
  type BothLists,
  ClosedFormLists,
  evaluate,
  listsOf,
  type RecommendModel,
  recommendBothBy,
  type SalesTable,
  silentHooks,
  trainClosedForm,
  trainProductVectors,
  trainRanker,
  truthOf,
} from '../domain/recommend/index.ts';
import { ingestSales } from '../pipelines/offers/ingest.ts';
import type { TablesOutput } from '../pipelines/offers/outputs.ts';
import { loadSalesTable } from '../pipelines/offers/sales-table.ts';
import { writeTables } from '../pipelines/offers/tables.ts';
import { fileArtifactStore } from '../storage/artifacts/file.ts';
import { fileLake } from '../storage/lake/file.ts';
import { createSourceReader } from '../storage/sources/index.ts';
import { median, rounded } from './figures.ts';

export interface OffersBench {
  /** Our training of the closed-form ranker over the peer's fit, if our lists of new products are at least as good; else null. */
  readonly train_time_ratio_vs_als: number | null;
  /** Our customers a second over the peer's: ten new products each, all customers. */
  readonly recommend_ratio_vs_implicit: number;
  /** The step `preprocess`, lake to tables, over a script that makes the same tables of the source's files. */
  readonly preprocess_ratio_vs_duckdb: number;
  /** The same with what came before it: source's files into the lake. */
  readonly ingest_and_preprocess_ratio_vs_duckdb: number;
  /** NDCG@10 in the 31 days held out: of all products, and of new ones. */
  readonly ndcg_all: number;
  readonly ndcg_new: number;
  readonly ndcg_new_als: number;
  readonly train_s: number;
  readonly train_als_s: number;
  readonly recommend_customers_per_s: number;
  readonly recommend_with_reasons_customers_per_s: number;
  readonly recommend_implicit_customers_per_s: number;
  readonly preprocess_s: number;
  readonly preprocess_duckdb_s: number;
  readonly ingest_s: number;
  readonly peer: string;
  readonly rounds: number;
  /** The boosted ranker on the same days: NDCG@10, seconds of training, customers a second (both lists, with reasons). */
  readonly boosted?: {
    readonly ndcg_all: number;
    readonly ndcg_new: number;
    readonly train_s: number;
    readonly recommend_customers_per_s: number;
  };
}

export interface OffersBenchOptions {
  /** Folder of daily sales files in the columns of UCI Online Retail. */
  readonly source: string;
  /** A Python with implicit, pandas and pyarrow. */
  readonly python: string;
  /** The script that times the peer (bench/peers/implicit_als.py). */
  readonly peer: string;
  /** Measurements of each, in turn, of which medians count. */
  readonly rounds: number;
  /** Whether the boosted ranker is measured too, which takes minutes; default false. */
  readonly boosted?: boolean;
}

const heldOutDays = 31;
const k = 10;
const end = '9999-01-01';

/**
 * The offers pipeline beside what people write by hand: DuckDB alone for preprocessing, implicit's ALS for lists.
 *
 * @throws DATA_MISSING without the Python packages, with the command that installs them.
 */
export async function benchOffers(
  sql: SqlEngineFactory,
  options: OffersBenchOptions,
  report: (line: string) => void,
): Promise<OffersBench> {
  await checkPeer(options);
  const folder = await mkdtemp(join(tmpdir(), 'perennial-offers-'));
  try {
    const { sales, ...preprocessing } = await timePreprocessing(sql, options, folder, report);
    const lists = await timeLists(sql, sales, options, folder, report);
    const boosted = options.boosted ? { boosted: await timeBoosted(sales, report) } : {};
    return { ...preprocessing, ...lists, rounds: options.rounds, ...boosted };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function timePreprocessing(
  sql: SqlEngineFactory,
  { source, rounds }: OffersBenchOptions,
  folder: string,
  report: (line: string) => void,
) {
  const artifacts = fileArtifactStore(join(folder, 'artifacts'));
  const [ours, theirs, ingests]: [number[], number[], number[]] = [[], [], []];
  let tables: TablesOutput | undefined;
  for (let round = 1; round <= rounds; round++) {
    const scratch = join(folder, `round-${round}`);
    await mkdir(scratch);
    // A lake of its own: what came in before would not be read again.
    const lake = fileLake(join(scratch, 'lake'));
    const services = { lake, artifacts, sql };
    ingests.push(
      await seconds(() =>
        ingestSales({
          source,
          lake,
          sql,
          sources: createSourceReader({ s3: { endpoint: undefined, region: undefined }, secret: () => undefined }),
        }),
      ),
    );
    ours.push(
      await seconds(async () => {
        const signal = new AbortController().signal;
        tables = await writeTables({ asOf: end, productPattern: '', services, scratch, signal });
      }),
    );
    theirs.push(await seconds(() => handWritten(sql, source, scratch)));
    report(
      `preprocessing, round ${round}: ${shown(ingests)} s into the lake, ${shown(ours)} s to tables; by hand ${shown(theirs)} s`,
    );
    await sameRows(sql, await artifacts.getFile(tables!.tables.sales), join(scratch, 'hand-sales.parquet'));
  }
  const own = median(ours);
  const hand = median(theirs);
  return {
    preprocess_ratio_vs_duckdb: rounded(own / hand, 3),
    ingest_and_preprocess_ratio_vs_duckdb: rounded((median(ingests) + own) / hand, 3),
    preprocess_s: rounded(own, 3),
    preprocess_duckdb_s: rounded(hand, 3),
    ingest_s: rounded(median(ingests), 3),
    sales: await loadSalesTable(tables!.tables, artifacts, sql),
  };
}

/** What a data engineer writes for one day's work: the same four tables straight from the files, nothing checked. */
async function handWritten(sql: SqlEngineFactory, source: string, scratch: string): Promise<void> {
  const engine = await sql.open();
  const out = (name: string) => `to ${quote(join(scratch, `hand-${name}.parquet`))} (format parquet, compression zstd)`;
  try {
    await engine.execute(`
      create table clean as
        select regexp_replace(CustomerID, '\\.0+$', '') as customer, upper(trim(StockCode)) as product, cast(InvoiceDate as date) as date,
          cast(Quantity as double) as quantity, cast(UnitPrice as double) as price, InvoiceNo as invoice, Country as market, trim(Description) as description
        from read_csv(${quote(join(source, '*.csv.gz'))}, header = true, all_varchar = true, quote = '"', escape = '"')
        where CustomerID <> '' and cast(Quantity as double) > 0 and cast(UnitPrice as double) > 0 and not starts_with(InvoiceNo, 'C')
          and regexp_matches(upper(StockCode), '^[0-9]{5}');
      copy (select customer, mode(market) as market from clean group by customer order by customer) ${out('customers')};
      copy (select product, mode(description) as description from clean group by product order by product) ${out('products')};
      copy (select * exclude (market, description) from clean order by date, invoice, customer, product, quantity, price) ${out('sales')};
      copy (
        select customer, product, count(distinct date) as orders, sum(quantity) as units, sum(quantity * price) as spend, min(date) as first_date, max(date) as last_date,
          case when count(distinct date) > 1 then (max(date) - min(date)) / (count(distinct date) - 1.0) end as cadence_days
        from clean group by customer, product order by customer, product) ${out('interactions')};`);
  } finally {
    await engine.close();
  }
}

/** A measurement of two things that differ is none. */
async function sameRows(sql: SqlEngineFactory, ours: string, theirs: string): Promise<void> {
  const engine = await sql.open();
  try {
    const sums = 'count(*) as rows, sum(quantity) as units, round(sum(quantity * price), 2) as spend';
    const [[own], [hand]] = [
      await engine.query(`select ${sums} from read_parquet(${quote(ours)})`),
      await engine.query(`select ${sums} from read_parquet(${quote(theirs)})`),
    ];
    if (JSON.stringify(own) !== JSON.stringify(hand))
      throw new Error(`The tables differ: ${JSON.stringify(own)}, by hand ${JSON.stringify(hand)}`);
  } finally {
    await engine.close();
  }
}

interface PeerFigures {
  readonly peer: string;
  readonly fit_s: readonly number[];
  readonly recommend_s: readonly number[];
  readonly customers: number;
}

async function timeLists(
  sql: SqlEngineFactory,
  sales: SalesTable,
  { python, peer: script, rounds }: OffersBenchOptions,
  folder: string,
  report: (line: string) => void,
) {
  const asOfDay = (sales.day.at(-1) ?? 0) + 1 - heldOutDays;
  const { all, fresh } = truthOf(sales, asOfDay, asOfDay + heldOutDays);
  const interactions = join(folder, 'interactions.parquet');
  const customers = await writeInteractions(sql, sales, asOfDay, interactions);
  const options = { topK: k, newOnly: true };
  const [trains, lists, reasons, fits, recommends]: number[][] & { length: 5 } = [[], [], [], [], []];
  let [peer, ndcg, ndcgAll] = ['', 0, 0];
  const out = join(folder, 'lists.parquet');
  for (let round = 1; round <= rounds; round++) {
    let model = trainClosedForm(sales, { asOfDay });
    trains.push(await seconds(() => (model = trainClosedForm(sales, { asOfDay }))));
    const lister = new ClosedFormLists(sales, model, asOfDay);
    lists.push(await seconds(() => lister.best(customers, options)));
    reasons.push(await seconds(() => lister.recommend(customers, options)));
    ndcg = evaluate(listsOf(lister.recommend(customers, options)), fresh, k).ndcg;
    ndcgAll = evaluate(listsOf(lister.recommend(customers, { ...options, newOnly: false })), all, k).ndcg;
    const { stdout } = await promisify(execFile)(python, [script, interactions, out, '--rounds', '2']);
    const figures = JSON.parse(stdout.trim().split('\n').at(-1) as string) as PeerFigures;
    peer = figures.peer;
    // The second of two, as ours: the first warms up.
    fits.push(figures.fit_s.at(-1)!);
    recommends.push(figures.recommend_s.at(-1)!);
    report(
      `lists, round ${round}: trained in ${shown(trains)} s, ${Math.round(customers.length / lists.at(-1)!)} customers/s; ${peer} ${shown(fits)} s, ${Math.round(customers.length / recommends.at(-1)!)}/s`,
    );
  }
  const ndcgPeer = evaluate(await readLists(sql, out), fresh, k).ndcg;
  const [own, other] = [median(trains), median(fits)];
  const perSecond = (times: readonly number[]) => customers.length / median(times);
  return {
    train_time_ratio_vs_als: ndcg >= ndcgPeer ? rounded(own / other, 3) : null,
    recommend_ratio_vs_implicit: rounded(perSecond(lists) / perSecond(recommends), 3),
    ndcg_all: rounded(ndcgAll, 4),
    ndcg_new: rounded(ndcg, 4),
    ndcg_new_als: rounded(ndcgPeer, 4),
    train_s: rounded(own, 3),
    train_als_s: rounded(other, 3),
    recommend_customers_per_s: Math.round(perSecond(lists)),
    recommend_with_reasons_customers_per_s: Math.round(perSecond(reasons)),
    recommend_implicit_customers_per_s: Math.round(perSecond(recommends)),
    peer,
  };
}

/** What the run trains by default, on the same days. */
async function timeBoosted(
  sales: SalesTable,
  report: (line: string) => void,
): Promise<NonNullable<OffersBench['boosted']>> {
  const asOfDay = (sales.day.at(-1) ?? 0) + 1 - heldOutDays;
  const { all, fresh } = truthOf(sales, asOfDay, asOfDay + heldOutDays);
  const hooks = silentHooks();
  let model: RecommendModel | undefined;
  const trained = await seconds(async () => {
    const vectors = await trainProductVectors(sales, { seed: 1, beforeDay: asOfDay }, hooks);
    const ranker = await trainRanker(sales, vectors, { seed: 1, asOfDay, horizonDays: heldOutDays }, hooks);
    model = { kind: 'boosted', vectors, ranker };
  });
  const options = { asOfDay, customers: Int32Array.from(all.keys()), topK: k };
  // The first customer pays for what all share.
  recommendBothBy(sales, model!, { ...options, customers: options.customers.subarray(0, 1) });
  let both: BothLists | undefined;
  const listed = await seconds(() => (both = recommendBothBy(sales, model!, options)));
  report(`boosted: trained in ${trained.toFixed(0)} s, ${Math.round(all.size / listed)} customers/s`);
  return {
    ndcg_all: rounded(evaluate(listsOf(both!.all), all, k).ndcg, 4),
    ndcg_new: rounded(evaluate(listsOf(both!.fresh), fresh, k).ndcg, 4),
    train_s: rounded(trained, 1),
    recommend_customers_per_s: Math.round(all.size / listed),
  };
}

/** The pairs of customer and product before a day; returns the customers, ascending. */
async function writeInteractions(
  sql: SqlEngineFactory,
  sales: SalesTable,
  asOfDay: number,
  file: string,
): Promise<Int32Array> {
  const pairs = new Set<number>();
  const width = sales.products.length;
  for (let r = 0; r < sales.day.length && sales.day[r]! < asOfDay; r++)
    pairs.add(sales.customer[r]! * width + sales.product[r]!);
  const engine = await sql.open();
  try {
    const list = JSON.stringify([...pairs].sort((a, b) => a - b));
    await engine.execute(`
      copy (select pair // ${width} as customer, pair % ${width} as product from (select unnest(cast(${quote(list)} as bigint[])) as pair))
      to ${quote(file)} (format parquet)`);
  } finally {
    await engine.close();
  }
  return Int32Array.from(new Set(Array.from(pairs, (pair) => Math.floor(pair / width)))).sort();
}

async function readLists(sql: SqlEngineFactory, file: string): Promise<Map<number, number[]>> {
  const engine = await sql.open();
  try {
    const rows = await engine.query(
      `select customer, product from read_parquet(${quote(file)}) order by customer, rank`,
    );
    const lists = new Map<number, number[]>();
    for (const row of rows) {
      const [customer, product] = [Number(row['customer']), Number(row['product'])];
      const list = lists.get(customer);
      if (list) list.push(product);
      else lists.set(customer, [product]);
    }
    return lists;
  } finally {
    await engine.close();
  }
}

async function seconds(work: () => unknown): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

function shown(values: readonly number[]): string {
  return (values.at(-1) ?? Number.NaN).toFixed(2);
}

async function checkPeer({ python, peer }: OffersBenchOptions): Promise<void> {
  if (!existsSync(peer)) {
    throw new PerennialError('DATA_MISSING', `There is no script that times the peer at ${peer}`, {
      remedy: 'Name it with --peer.',
    });
  }
  try {
    await promisify(execFile)(python, ['-c', 'import implicit, pandas, pyarrow']);
  } catch (cause) {
    throw new PerennialError('DATA_MISSING', `${python} cannot import implicit, pandas and pyarrow`, {
      remedy: `Run \`${python} -m pip install implicit pandas pyarrow\`, or name another Python with --python.`,
      cause,
    });
  }
}
