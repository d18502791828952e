import { afterAll, beforeAll, describe } from 'vitest';
import { type Database, openDatabase } from '../../storage/postgres/index.ts';
import { freshDatabase } from '../support/servers.ts';
import { keyConformance } from './keys.ts';
import { modelAliasConformance } from './model-aliases.ts';
import { runChangeConformance } from './run-changes.ts';
import { runListConformance } from './run-lists.ts';
import { decisionWriterConformance, kpiWriterConformance, predictionWriterConformance } from './writers.ts';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  database = await openDatabase({ url: fresh.url, pool: 10 });
});
afterAll(async () => {
  await database.close();
  await drop();
});

describe('keys in PostgreSQL', () => keyConformance(() => database.keys));
describe('lists of runs in PostgreSQL', () => runListConformance(() => database.runs));
describe('changes of runs in PostgreSQL', () => runChangeConformance(() => database.runs));
describe('aliases of models in PostgreSQL', () => modelAliasConformance(() => database.models));
describe('writers of predictions in PostgreSQL', () => predictionWriterConformance(() => database.predictions));
describe('writers of KPIs in PostgreSQL', () => kpiWriterConformance(() => database.kpis));
describe('writers of decisions in PostgreSQL', () => decisionWriterConformance(() => database.decisions));
