import { join } from 'node:path';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { ListSummary } from '../list-summary.ts';
import { eachMarket } from '../markets.ts';
import { PredictOutput, ServingModelOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { rowsOf, writePredictions } from '../prediction-rows.ts';
import { predictorOf } from '../predictor.ts';

/** Lists for every customer of one market, for each market or the one wanted. */
export const predict: StepDefinition<OffersParams> = {
  title: 'Predict for every customer',
  version: '4',
  needs: ['preprocess', 'serving-model'],
  // Nothing is predicted again where neither sales nor model have changed.
  cache: { params: ['topK'] },
  map: {
    over: eachMarket,
    concurrency: 4,
    toleratedFailures: 0.1,
  },
  resources: { memoryMiB: 2048 },
  heartbeat: '1m',
  output: PredictOutput,
  async run({ params, inputs, item, services, signal, scratch, progress, metric }) {
    const tables = input(inputs, 'preprocess', TablesOutput);
    const market = String(item?.value);
    const { markets, ...serving } = input(inputs, 'serving-model', ServingModelOutput);
    const { version, artifact } = markets?.[market] ?? serving;
    const predictor = await predictorOf(tables, artifact, services);
    const { names, horizonDays } = predictor;
    const customers = [...names.customers.keys()].filter((c) => names.markets[names.marketOf[c] ?? -1] === market);
    const summary = new ListSummary();
    async function* rows() {
      for await (const { customer, all, fresh } of predictor.lists(customers, { topK: params.topK, signal })) {
        summary.add(all, fresh);
        progress(summary.customers, customers.length, 'customers');
        const id = names.customers[customer] ?? '';
        yield* rowsOf(id, market, 'all', horizonDays, all);
        yield* rowsOf(id, market, 'new', horizonDays, fresh);
      }
    }
    const file = join(scratch, 'lists.parquet');
    await writePredictions(services.sql, rows(), file, scratch);
    const lists = { ...(await services.artifacts.putFile(file)) };
    metric('customers', customers.length);
    return { modelVersion: version, horizonDays, lists, ...summary.figures() };
  },
};
