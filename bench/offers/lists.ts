import { join } from 'node:path';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import {
  type BothLists,
  ClosedFormLists,
  evaluate,
  historyBefore,
  listsOf,
  type RecommendModel,
  recommendBothBy,
  type SalesTable,
  silentHooks,
  trainClosedForm,
  trainProductVectors,
  trainRanker,
  truthOf,
} from '../../domain/recommend/index.ts';
import { median, rounded, seconds, shownSeconds } from '../figures.ts';
import { type Peer, runPeer } from '../peer.ts';

const heldOutDays = 31;
const k = 10;

export interface BoostedFigures {
  readonly ndcg_all: number;
  readonly ndcg_new: number;
  readonly train_s: number;
  readonly recommend_customers_per_s: number;
}

interface PeerFigures {
  readonly peer: string;
  readonly fit_s: readonly number[];
  readonly recommend_s: readonly number[];
  readonly customers: number;
}

/** Lists of new products in closed form beside those of implicit's ALS. */
export async function timeLists(
  sql: SqlEngineFactory,
  sales: SalesTable,
  { rounds, ...script }: Peer & { readonly rounds: number },
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
    // Of a table of its own, of which nothing is kept.
    trains.push(await seconds(() => (model = trainClosedForm({ ...sales }, { asOfDay }))));
    const lister = new ClosedFormLists(sales, model, asOfDay);
    lists.push(await seconds(() => lister.best(customers, options)));
    reasons.push(await seconds(() => lister.recommend(customers, options)));
    ndcg = evaluate(listsOf(lister.recommend(customers, options)), fresh, k).ndcg;
    ndcgAll = evaluate(listsOf(lister.recommend(customers, { ...options, newOnly: false })), all, k).ndcg;
    const figures = await runPeer<PeerFigures>(script, [interactions, out, '--rounds', '2']);
    peer = figures.peer;
    // The second of two, as ours: the first warms up.
    fits.push(figures.fit_s.at(-1)!);
    recommends.push(figures.recommend_s.at(-1)!);
    report(
      `lists, round ${round}: trained in ${shownSeconds(trains)} s, ${Math.round(customers.length / lists.at(-1)!)} customers/s; ${peer} ${shownSeconds(fits)} s, ${Math.round(customers.length / recommends.at(-1)!)}/s`,
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
export async function timeBoosted(sales: SalesTable, report: (line: string) => void): Promise<BoostedFigures> {
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
  const { start, product, baskets } = historyBefore(sales, asOfDay);
  const customers = Int32Array.from(baskets.keys()).filter((c) => baskets[c]! > 0);
  const pairs = Array.from(customers, (c) => ({ customer: c, product: [...product.subarray(start[c], start[c + 1])] }));
  const engine = await sql.open();
  try {
    const lists = quote(JSON.stringify(pairs));
    const types = '\'[{"customer": "INTEGER", "product": ["INTEGER"]}]\'';
    await engine.execute(`
      copy (select one.customer, unnest(one.product) as product from (select unnest(from_json(${lists}, ${types})) as one))
      to ${quote(file)} (format parquet)`);
  } finally {
    await engine.close();
  }
  return customers;
}

async function readLists(sql: SqlEngineFactory, file: string): Promise<Map<number, number[]>> {
  const engine = await sql.open();
  try {
    const rows = await engine.query(
      `select customer, product from read_parquet(${quote(file)}) order by customer, rank`,
    );
    return listsOf(rows.map((row) => ({ customer: Number(row['customer']), product: Number(row['product']) })));
  } finally {
    await engine.close();
  }
}
