import { join } from 'node:path';
import { PerennialError } from '../../../contracts/errors.ts';
import type { ModelVersion } from '../../../contracts/models.ts';
import type { CustomerPrediction, NextProduct } from '../../../contracts/offers.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, optionalInput } from '../../../domain/dag/step-inputs.ts';
import type { ModelRepository } from '../../../domain/ports/models.ts';
import { datasets, offersModel } from '../datasets.ts';
import { isUsable } from '../model.ts';
import { PredictOutput, PublishOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { rowsOf, writePredictions } from '../prediction-rows.ts';
import { predictorOf } from '../predictor.ts';

/** Lists for every customer of one market, for each market or the one wanted: into the lake, and into PostgreSQL for serving. */
export const predict: StepDefinition<OffersParams> = {
  title: 'Predict for every customer',
  version: '2',
  needs: ['preprocess', 'publish'],
  map: {
    over: 'params.market == "" ? steps.preprocess.output.markets : [params.market]',
    concurrency: 4,
    toleratedFailures: 0.1,
  },
  resources: { memoryMiB: 2048 },
  heartbeat: '1m',
  output: PredictOutput,
  async run({ runId, params, inputs, item, services, signal, scratch, progress, metric }) {
    const tables = input(inputs, 'preprocess', TablesOutput);
    const market = String(item?.value);
    const model = await modelFor(
      services.models,
      tables.asOf,
      optionalInput(inputs, 'publish', PublishOutput)?.version,
    );
    const predictor = await predictorOf(tables, model, services);
    const { sales } = predictor;
    const customers = [...sales.customers.keys()].filter((c) => sales.markets[sales.marketOf[c] ?? -1] === market);
    const options = { topK: params.topK, signal };
    const all = await predictor.predict(customers, {
      ...options,
      newOnly: false,
      progress: (done) => progress(done, 2 * customers.length, 'lists'),
    });
    const fresh = await predictor.predict(customers, {
      ...options,
      newOnly: true,
      progress: (done) => progress(customers.length + done, 2 * customers.length, 'lists'),
    });

    const idOf = (c: number): string => sales.customers[c] ?? '';
    const rows = customers.flatMap((c, i) => [
      ...rowsOf(idOf(c), market, 'all', predictor.horizonDays, all[i] ?? []),
      ...rowsOf(idOf(c), market, 'new', predictor.horizonDays, fresh[i] ?? []),
    ]);
    await services.lake.replace(datasets.nextProducts, { market, date: tables.asOf }, async (folder) => {
      await writePredictions(services.sql, rows, join(folder, 'part-0.parquet'), scratch);
      return { rows: rows.length };
    });
    const predictions = customers.map(
      (c, i): CustomerPrediction => ({
        market,
        customerId: idOf(c),
        asOf: tables.asOf,
        runId,
        modelVersion: model.version,
        horizonDays: predictor.horizonDays,
        products: all[i] ?? [],
        newProducts: fresh[i] ?? [],
      }),
    );
    await services.predictions.replaceMarket(market, tables.asOf, predictions);
    metric('customers', customers.length);
    const listed = all.flat();
    return {
      customers: customers.length,
      products: new Set(listed.map((p) => p.productId)).size,
      modelVersion: model.version,
      shareNew: listed.length === 0 ? 0 : listed.filter((p) => p.isNew).length / listed.length,
      horizonDays: predictor.horizonDays,
      expectedRevenue: listed.reduce((sum, p) => sum + p.expectedRevenue, 0),
      top: topOf(all),
      topNew: topOf(fresh),
    };
  },
};

/** The champion, if this code reads it and all it has seen lies before `asOf`; else the version this run made. */
async function modelFor(models: ModelRepository, asOf: string, made: number | undefined): Promise<ModelVersion> {
  const champion = await models.byAlias(offersModel, 'champion');
  if (champion && isUsable(champion, asOf)) return champion;
  const own = made === undefined ? null : await models.get(offersModel, made);
  if (own) return own;
  throw new PerennialError('DATA_MISSING', `There is no model whose training data all lie before ${asOf}.`, {
    remedy: 'Run with train=always.',
  });
}

/** The products that stand in most customers' first five, commonest first. */
function topOf(
  lists: readonly (readonly NextProduct[])[],
): { productId: string; description: string; customers: number }[] {
  const counts = new Map<string, { productId: string; description: string; customers: number }>();
  for (const { productId, description } of lists.flatMap((list) => list.slice(0, 5))) {
    const entry = counts.get(productId) ?? { productId, description, customers: 0 };
    entry.customers++;
    counts.set(productId, entry);
  }
  return [...counts.values()]
    .sort((a, b) => b.customers - a.customers || (a.productId < b.productId ? -1 : 1))
    .slice(0, 3);
}
