import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PerennialError } from '../../contracts/errors.ts';
import type { StepServices } from '../../domain/ports/step-context.ts';
import { offersModel } from './datasets.ts';
import { isUsable } from './model.ts';
import { rowsOf, writePredictions } from './prediction-rows.ts';
import { predictorOf } from './predictor.ts';
import { writeTables } from './tables.ts';

export interface PredictFileOptions {
  /** YYYY-MM-DD: only data before this day is used. */
  readonly asOf: string;
  readonly topK: number;
  /** Only products the customer has never bought. */
  readonly newOnly: boolean;
  /** Parquet file: customer_id, product_id, rank (1 is best), score, market, is_new, reason, list, probability, expected_spend, expected_revenue, horizon_days. */
  readonly out: string;
  /** Regular expression of the codes that are products; empty: as the mapping said when they came in. */
  readonly productPattern: string;
  readonly services: StepServices;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number, unit: string) => void;
}

/**
 * Writes the lists of every customer that bought before `asOf`, by the newest model whose training data all lie before it.
 *
 * @throws DATA_MISSING when there is no such model or no sale.
 */
export async function predictToFile(
  options: PredictFileOptions,
): Promise<{ customers: number; rows: number; modelVersion: number }> {
  const { asOf, topK, newOnly, out, services, signal, progress } = options;
  const versions = await services.models.list(offersModel);
  const usable = versions.filter((v) => isUsable(v, asOf));
  const newestAsOf = usable
    .map((v) => String(v.lineage['asOf']))
    .sort()
    .at(-1);
  const model =
    usable.find((v) => v.aliases.includes('champion')) ?? usable.find((v) => v.lineage['asOf'] === newestAsOf);
  if (!model) {
    throw new PerennialError('DATA_MISSING', `There is no model whose training data all lie before ${asOf}.`, {
      remedy: `Train one: perennial run offers --param asOf=${asOf} --wait`,
    });
  }
  await mkdir(dirname(out), { recursive: true });
  const scratch = await mkdtemp(join(dirname(out), '.predict-'));
  try {
    const tables = await writeTables({ asOf, productPattern: options.productPattern, services, scratch, signal });
    const predictor = await predictorOf(tables, model.artifact, services);
    const { customers, markets, marketOf } = predictor.names;
    let [done, count] = [0, 0];
    async function* rows() {
      const everyone = [...customers.keys()];
      for await (const { customer, products } of predictor.list(everyone, { topK, newOnly, signal })) {
        const market = markets[marketOf[customer] ?? -1] ?? '';
        const kind = newOnly ? 'new' : 'all';
        yield* rowsOf(customers[customer] ?? '', market, kind, predictor.horizonDays, products);
        count += products.length;
        progress(++done, everyone.length, 'customers');
      }
    }
    const file = join(scratch, basename(out));
    await writePredictions(services.sql, rows(), file, scratch);
    await rename(file, out);
    return { customers: customers.length, rows: count, modelVersion: model.version };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
