import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Json } from '../../../contracts/json.ts';
import { dataFindings, driftHistory } from '../../../domain/monitoring/series/index.ts';
import type { StepContext, StepServices } from '../../../domain/ports/step-context.ts';
import { offersModel } from '../../../pipelines/offers/datasets.ts';
import type { OffersParams } from '../../../pipelines/offers/params.ts';
import { decide } from '../../../pipelines/offers/steps/decide.ts';
import { type Database, openDatabase } from '../../../storage/postgres/index.ts';
import { storeSeries, storeTraining } from '../../support/retraining.ts';
import { freshDatabase } from '../../support/servers.ts';

let database: Database;
let url: string;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ url, drop } = await freshDatabase());
  database = await openDatabase({ url, pool: 3 });
});
afterAll(async () => {
  await database.close();
  await drop();
});

function run(runId: string, asOf: string, rows: number): Promise<Json | undefined> {
  const table = { uri: 'artifact:sha256:0', sha256: '0', bytes: 0 };
  const preprocess = {
    asOf,
    rows,
    customers: 1,
    products: 1,
    markets: ['DE'],
    firstDate: '2011-01-01',
    lastDate: '2011-10-08',
    tables: { sales: table, customers: table, products: table, interactions: table },
  };
  const clock = { now: () => new Date() };
  return Promise.resolve(
    decide.run!({
      runId,
      params: {},
      inputs: { preprocess, kpis: {} } as unknown as Record<string, Json>,
      services: {
        ...database,
        clock,
        drift: driftHistory(database.metricSeries),
        findings: dataFindings(database.metricSeries),
      } as unknown as StepServices,
      log() {},
    } as unknown as StepContext<OffersParams>),
  );
}

it('decides about a day of the past as that day would have, once for a run, with the parameters of a training', async () => {
  await storeTraining(
    { database, url },
    offersModel,
    {
      at: new Date(Date.now() - 3_600_000).toISOString(),
      endedAt: new Date(Date.now() - 1_800_000).toISOString(),
      outcome: 'promoted',
      promotedAt: new Date(Date.now() - 1_800_000).toISOString(),
      dataEnd: '2011-10-01',
      rows: 1000,
    },
    { topK: 7, asOf: '2011-10-01', market: 'DE' },
  );
  await storeSeries(database, 'offers', { labelled: [{ day: '2011-10-09', value: 1100 }] });
  // Made an hour ago, but of data that end eight days before: then it had rested long enough.
  const made = await run('r1', '2011-10-09', 1100);
  expect(made).toMatchObject({ verdict: 'retrain', decisionId: `offers.${offersModel}.run.r1` });
  expect(await run('r1', '2011-10-09', 1100)).toEqual(made);
  const decision = await database.decisions.get(`offers.${offersModel}.run.r1`);
  expect(decision).toMatchObject({ day: '2011-10-09', runId: 'r1', model: offersModel, policy: { name: 'offers' } });
  expect(decision?.inputs).toMatchObject({
    wanted: ['new-data'],
    trainingParams: { topK: 7, train: 'always', asOf: '2011-10-09', market: '', promote: 'rollout' },
  });
  expect(await run('r2', '2011-10-05', 1100)).toMatchObject({ verdict: 'keep' });
});
