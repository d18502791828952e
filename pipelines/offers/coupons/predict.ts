import { appendFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PerennialError } from '../../../contracts/errors.ts';
import { couponScorer, trainCoupons } from '../../../domain/offer-response/coupons/index.ts';
import type { SqlEngineFactory } from '../../../domain/ports/sql-engine.ts';
import { quote } from '../../../domain/preprocessing/sql.ts';
import { readCouponData } from './read.ts';

export interface PredictCouponsOptions {
  /** Folder of the past: transactions_sample, products, coupons, coupon_redemptions, campaign_descriptions (Parquet). */
  readonly train: string;
  /** Folder of the campaigns to rank: coupons, campaigns (who got it), and campaign_descriptions if their start is known. */
  readonly campaigns: string;
  /** Parquet file: household_id, campaign_id, coupon_upc, score; higher is likelier to be redeemed. */
  readonly out: string;
  readonly sql: SqlEngineFactory;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number, unit: string) => void;
}

export interface PredictCouponsReport {
  readonly campaigns: number;
  readonly rows: number;
  /** Past households with a campaign in which they redeemed something, and what they redeemed. */
  readonly learnedFrom: { readonly lists: number; readonly redemptions: number };
  readonly warnings: readonly string[];
}

/**
 * Scores every coupon of every campaign of a folder for every household that got it, by a model learned from past
 * campaigns. A campaign is ranked by what was known before its first day.
 *
 * @throws SOURCE_INVALID for a table or column that is missing, DATA_MISSING without purchases or coupons to rank.
 */
export async function predictCoupons(options: PredictCouponsOptions): Promise<PredictCouponsReport> {
  const { train, campaigns, out, sql, signal, progress } = options;
  await mkdir(dirname(out), { recursive: true });
  const scratch = await mkdtemp(join(dirname(out), '.predict-'));
  const engine = await sql.open({ signal });
  try {
    const { history, asOfDay, targets, warnings } = await readCouponData(engine, train, campaigns);
    const reached = targets.filter(({ households }) => households.length > 0);
    if (reached.length === 0)
      throw new PerennialError('DATA_MISSING', `"${campaigns}" holds no campaign with coupons and households.`, {
        remedy: 'coupons.parquet says which coupons a campaign has, campaigns.parquet which households got it.',
      });
    const model = trainCoupons(history, asOfDay);
    const notes = [...warnings];
    if (model.lists === 0)
      notes.push('no past redemption to learn from: ranked by what households buy and by prior beliefs');
    const table = join(scratch, 'scores.csv');
    let rows = 0;
    for (const [done, target] of reached.entries()) {
      signal.throwIfAborted();
      const scoresFor = couponScorer(history, model, target);
      const lines: string[] = [];
      for (const household of target.households)
        scoresFor(household).forEach((score, c) => {
          lines.push(`${household},${done},${target.coupons[c]},${score}\n`);
        });
      await appendFile(table, lines.join(''));
      rows += lines.length;
      progress(done + 1, reached.length, 'campaigns');
    }
    const names = reached.map(({ id }, i) => `(${i}, ${quote(id)})`).join(', ');
    const file = join(scratch, basename(out));
    await engine.execute(`
      copy (
        select h.id as household_id, n.id as campaign_id, c.id as coupon_upc, score
        from read_csv(${quote(table)}, header = false, columns = {household: 'INTEGER', campaign: 'INTEGER', coupon: 'INTEGER', score: 'DOUBLE'}) s
        join household_ids h on h.i = s.household join coupon_ids c on c.i = s.coupon join (values ${names}) n(i, id) on n.i = s.campaign
        order by campaign_id, household_id, score desc, coupon_upc
      ) to ${quote(file)} (format parquet, compression zstd)`);
    await rename(file, out);
    const { lists, redemptions } = model;
    return { campaigns: reached.length, rows, learnedFrom: { lists, redemptions }, warnings: notes };
  } catch (error) {
    // A query that was interrupted fails with an error of the engine's own.
    signal.throwIfAborted();
    throw error;
  } finally {
    await engine.close();
    await rm(scratch, { recursive: true, force: true });
  }
}
