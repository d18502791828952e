import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, optionalInput } from '../../../domain/dag/step-inputs.ts';
import { quote } from '../../../domain/preprocessing/sql.ts';
import { datasets } from '../datasets.ts';
import { eachMarket } from '../markets.ts';
import { DeliverOutput, PredictOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { readPredictions } from '../prediction-rows.ts';

/** Brings the lists of one market to where they are used: into the lake, and into PostgreSQL for serving. */
export const deliver: StepDefinition<OffersParams> = {
  title: 'Deliver the lists',
  needs: ['preprocess', 'predict'],
  map: { over: eachMarket, concurrency: 2 },
  resources: { memoryMiB: 1024 },
  heartbeat: '1m',
  output: DeliverOutput,
  async run({ runId, inputs, item, services, signal, scratch, progress }) {
    const { tables, asOf } = input(inputs, 'preprocess', TablesOutput);
    const market = String(item?.value);
    const predicted = optionalInput((inputs['predict'] ?? {}) as Record<string, never>, market, PredictOutput);
    // A market whose predictions failed keeps the lists that an earlier run of the day made, if any.
    if (!predicted) return { rows: 0 };
    const { lists, modelVersion, horizonDays, customers } = predicted;
    const file = await services.artifacts.getFile(lists);
    const engine = await services.sql.open({ signal, scratch, memoryMiB: 1024 });
    try {
      const [counted] = await engine.query(`select count(*) as rows from read_parquet(${quote(file)})`);
      const rows = Number(counted?.['rows']);
      await services.lake.replace(datasets.nextProducts, { market, date: asOf }, async (folder) => {
        await copyFile(file, join(folder, 'part-0.parquet'));
        return { rows };
      });
      const products = await services.artifacts.getFile(tables.products);
      const common = { market, asOf, runId, modelVersion, horizonDays };
      let done = 0;
      async function* predictions() {
        for await (const one of readPredictions(engine, { lists: file, products })) {
          yield { ...common, ...one };
          progress(++done, customers, 'customers');
        }
      }
      await services.predictions.replaceMarket(market, asOf, predictions());
      return { rows };
    } finally {
      await engine.close();
    }
  },
};
