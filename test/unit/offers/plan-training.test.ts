import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../contracts/json.ts';
import type { StepContext, StepServices } from '../../../domain/ports/step-context.ts';
import { formatVersion } from '../../../pipelines/offers/model.ts';
import type { OffersParams } from '../../../pipelines/offers/params.ts';
import { planTraining } from '../../../pipelines/offers/steps/plan-training.ts';
import { type Database, openDatabase } from '../../../storage/postgres/index.ts';
import { freshDatabase } from '../../support/servers.ts';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const fresh = await freshDatabase();
  drop = fresh.drop;
  database = await openDatabase({ url: fresh.url, pool: 2 });
});
afterAll(async () => {
  await database.close();
  await drop();
});

async function champion(format: number, asOf: string): Promise<void> {
  const { version } = await database.models.add({
    model: 'offers-next-products',
    formatVersion: format,
    artifact: { uri: `artifact:sha256:${format}${asOf}`, sha256: `${format}${asOf}`, bytes: 1 },
    metrics: {},
    lineage: { asOf },
    runId: `${format} ${asOf}`,
  });
  await database.models.setAlias('offers-next-products', 'champion', version, 'test', 'why');
}

function plan(params: Partial<OffersParams>, runId = 'run') {
  const tables = { uri: 'artifact:sha256:0', sha256: '0', bytes: 0 };
  const preprocess = {
    asOf: '2026-07-01',
    rows: 1,
    customers: 1,
    products: 1,
    markets: ['DE'],
    firstDate: '2026-01-01',
    lastDate: '2026-06-30',
    tables: { sales: tables, customers: tables, products: tables, interactions: tables },
  };
  return planTraining.run!({
    runId,
    params,
    inputs: { preprocess } as unknown as Record<string, Json>,
    services: database as unknown as StepServices,
    log() {},
  } as unknown as StepContext<OffersParams>);
}

it('goes on with a champion it can read, and trains in place of one of an older format', async () => {
  await champion(formatVersion, '2026-06-01');
  expect(await plan({ train: 'auto' })).toMatchObject({ train: false });
  await champion(formatVersion - 1, '2026-06-02');
  expect(await plan({ train: 'auto' })).toMatchObject({
    train: true,
    reason: `the champion has format ${formatVersion - 1}; this software reads format ${formatVersion}`,
  });
  await expect(plan({ train: 'never' })).rejects.toMatchObject({ code: 'DATA_MISSING' });
});

it('trains when the champion has seen later days, and judges on 31 of them', async () => {
  await champion(formatVersion, '2026-08-01');
  expect(await plan({ train: 'auto' })).toMatchObject({ train: true, horizonDays: 31, holdoutFrom: '2026-05-31' });
});

describe('a decision to train', () => {
  const decided = (id: string, verdict: 'retrain' | 'keep', inputs = {}) =>
    database.decisions.save({
      id,
      pipeline: 'offers',
      model: 'offers-next-products',
      runId: null,
      at: new Date().toISOString(),
      day: '2026-07-01',
      verdict,
      summary: 'because',
      reasons: [],
      inputs,
      policy: { name: 'offers', version: '1', thresholds: {} },
      occasion: { kind: 'run', ref: id },
      alert: null,
    });

  it('is carried out by the next run, once, and linked to it', async () => {
    await champion(formatVersion, '2026-06-03');
    await decided('open', 'retrain');
    expect(await plan({ train: 'auto' }, 'first')).toMatchObject({ train: true, reason: 'decision open: because' });
    expect((await database.decisions.get('open'))?.links.run).toMatchObject({ id: 'first' });
    // A repeated attempt of the step does the same; another run nothing.
    expect(await plan({ train: 'auto' }, 'first')).toMatchObject({ train: true });
    expect(await plan({ train: 'auto' }, 'second')).toMatchObject({ train: false });
  });

  it('lets the version take over as its policy says, in whichever run carries it out', async () => {
    await decided('guarded', 'retrain', { trainingParams: { promote: 'rollout' } });
    expect(await plan({ train: 'auto', promote: 'auto' }, 'guarding')).toMatchObject({
      ...{ decision: 'guarded', promote: 'rollout' },
    });
    expect(await plan({ train: 'always', promote: 'auto' }, 'other')).not.toHaveProperty('promote');
  });

  it('that the watch carries out is none of a run', async () => {
    await decided('taken', 'retrain');
    await database.decisions.attachRun('taken', 'of-the-watch');
    expect(await plan({ train: 'auto' }, 'third')).toMatchObject({ train: false });
  });
});
