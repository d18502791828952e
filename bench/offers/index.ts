import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SqlEngineFactory } from '../../domain/ports/sql-engine.ts';
import { checkPeer, type Peer } from '../peer.ts';
import { type BoostedFigures, timeBoosted, timeLists } from './lists.ts';
import { timePreprocessing } from './preprocessing.ts';

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
  readonly boosted?: BoostedFigures;
}

/** The peer is bench/peers/implicit_als.py. */
export interface OffersBenchOptions extends Peer {
  /** Folder of daily sales files in the columns of UCI Online Retail. */
  readonly source: string;
  /** Measurements of each, in turn, of which medians count. */
  readonly rounds: number;
  /** Whether the boosted ranker is measured too, which takes minutes; default false. */
  readonly boosted?: boolean;
}

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
  await checkPeer(options, ['implicit', 'pandas', 'pyarrow']);
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
