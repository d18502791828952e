import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../storage/postgres/index.ts';
import { freshDatabase } from '../support/servers.ts';
import { modelConformance } from './models.ts';
import { decisionConformance, kpiConformance, predictionConformance } from './results.ts';
import { runConformance } from './runs.ts';

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

describe('runs in PostgreSQL', () => runConformance(() => database.runs));
describe('models in PostgreSQL', () => modelConformance(() => database.models));
describe('predictions in PostgreSQL', () => predictionConformance(() => database.predictions));
describe('KPIs in PostgreSQL', () => kpiConformance(() => database.kpis));
describe('decisions in PostgreSQL', () => decisionConformance(() => database.decisions));

it('says that PostgreSQL is away, on every call, and with the remedy', async () => {
  const away = await openDatabase({ url: 'postgresql://nobody:x@127.0.0.1:9/none', pool: 1 });
  for (const call of [() => away.ping(), () => away.runs.get('x'), () => away.models.list(), () => away.keys.count()])
    await expect(call()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      remedy: expect.stringContaining('DATABASE_URL'),
    });
  await away.close();
});
