import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../storage/postgres/index.ts';
import { freshDatabase } from '../support/servers.ts';
import { chosenOfferConformance } from './chosen-offers.ts';
import { documentConformance } from './documents.ts';
import { gapConformance } from './gaps.ts';
import { keyConformance } from './keys.ts';
import { languageResourceConformance } from './language-resources.ts';
import { metricSeriesConformance } from './metric-series.ts';
import { modelAliasConformance } from './model-aliases.ts';
import { modelRetentionConformance } from './model-retention.ts';
import { modelConformance } from './models.ts';
import { predictionLogConformance } from './prediction-log.ts';
import { decisionConformance, kpiConformance, predictionConformance } from './results.ts';
import { runChangeConformance } from './run-changes.ts';
import { runListConformance } from './run-lists.ts';
import { runConformance } from './runs.ts';
import { servingConfigurationConformance } from './serving-configurations.ts';
import { sessionConformance } from './sessions.ts';
import { decisionWriterConformance, kpiWriterConformance, predictionWriterConformance } from './writers.ts';

let database: Database;
let url: string;
let drop: () => Promise<void>;
beforeAll(async () => {
  const fresh = await freshDatabase();
  ({ drop, url } = fresh);
  database = await openDatabase({ url: fresh.url, pool: 10 });
});
afterAll(async () => {
  await database.close();
  await drop();
});

describe('runs in PostgreSQL', () => runConformance(() => database.runs));
describe('models in PostgreSQL', () => modelConformance(() => database.models));
describe('removal of models in PostgreSQL', () => modelRetentionConformance(() => database));
describe('predictions in PostgreSQL', () => predictionConformance(() => database.predictions));
describe('chosen offers in PostgreSQL', () => chosenOfferConformance(() => database.chosenOffers));
describe('KPIs in PostgreSQL', () => kpiConformance(() => database.kpis));
describe('figures over time in PostgreSQL', () => metricSeriesConformance(() => database.metricSeries));
describe('answers of translation in PostgreSQL', () => predictionLogConformance(() => database.predictionLog));
describe('decisions in PostgreSQL', () => decisionConformance(() => database.decisions));
describe('assortment gaps in PostgreSQL', () => gapConformance(() => database.gaps));
describe('keys in PostgreSQL', () => keyConformance(() => database.keys));
describe('sessions in PostgreSQL', () => sessionConformance(() => database));
describe('lists of runs in PostgreSQL', () => runListConformance(() => database.runs));
describe('changes of runs in PostgreSQL', () => runChangeConformance(() => database.runs));
describe('aliases of models in PostgreSQL', () => modelAliasConformance(() => database.models));
describe('writers of predictions in PostgreSQL', () => predictionWriterConformance(() => database.predictions));
describe('writers of KPIs in PostgreSQL', () => kpiWriterConformance(() => database.kpis));
describe('writers of decisions in PostgreSQL', () => decisionWriterConformance(() => database.decisions));
describe('configurations of models in PostgreSQL', () =>
  servingConfigurationConformance(
    () => database,
    async (text, values) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await client.query(text, values);
      } finally {
        await client.end();
      }
    },
  ));
describe('memories and glossaries in PostgreSQL', () => languageResourceConformance(() => database.memories));
describe('documents in PostgreSQL', () =>
  documentConformance(
    () => database.documents,
    () => database.runs,
  ));

it('says that PostgreSQL is away, on every call, and with the remedy', async () => {
  const away = await openDatabase({ url: 'postgresql://nobody:x@127.0.0.1:9/none', pool: 1 });
  for (const call of [() => away.ping(), () => away.runs.get('x'), () => away.models.list(), () => away.keys.count()])
    await expect(call()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      remedy: expect.stringContaining('DATABASE_URL'),
    });
  await away.close();
});
