import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Static } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DriftDetectedData } from '../../../contracts/events.ts';
import type { Json } from '../../../contracts/json.ts';
import { dateOf, dayNumber } from '../../../domain/monitoring/days.ts';
import { dataFindings, driftHistory } from '../../../domain/monitoring/series/index.ts';
import { Random } from '../../../domain/nlp/random.ts';
import type { StepServices } from '../../../domain/ports/step-context.ts';
import type { MonitorOutput, PredictOutput, ProfileOutput } from '../../../pipelines/offers/outputs.ts';
import type { OffersParams } from '../../../pipelines/offers/params.ts';
import { rowsOf, writePredictions } from '../../../pipelines/offers/prediction-rows.ts';
import { monitor } from '../../../pipelines/offers/steps/monitor.ts';
import { profile } from '../../../pipelines/offers/steps/profile.ts';
import { fileArtifactStore } from '../../../storage/artifacts/file.ts';
import { type Database, openDatabase } from '../../../storage/postgres/index.ts';
import { freshDatabase } from '../../support/servers.ts';
import { header, line, sql, type Workplace, workplace } from './source.ts';
import { stepContext } from './step-context.ts';

const trained = '2026-06-01';
const model = 'offers-next-products';
let place: Workplace;
let database: Database;
let drop: () => Promise<void>;
let services: StepServices;
let logs: string[] = [];

beforeAll(async () => {
  place = await workplace();
  const fresh = await freshDatabase();
  drop = fresh.drop;
  database = await openDatabase({ url: fresh.url, pool: 3 });
  await mkdir(join(place.base, 'scratch'));
  services = {
    lake: place.lake,
    sql,
    artifacts: fileArtifactStore(join(place.base, 'artifacts')),
    models: database.models,
    predictions: database.predictions,
    metricSeries: database.metricSeries,
  } as unknown as StepServices;
  await sell(dateOf(dayNumber(trained) - 100), trained);
}, 60_000);
afterAll(async () => {
  await database.close();
  await drop();
  await place.drop();
});

interface Changed {
  readonly price?: number;
  /** Share of lines without a customer. */
  readonly unknown?: number;
}

/** Brings in the sales of some days: invoices of a few lines, in three markets; what is changed is so on all of them. */
async function sell(from: string, to: string, { price = 1, unknown = 0.1 }: Changed = {}): Promise<void> {
  const files: Record<string, string> = {};
  for (let day = dayNumber(from); day < dayNumber(to); day++) {
    const random = new Random(day);
    const date = dateOf(day);
    const rows = Array.from({ length: 60 }, (_, i) => {
      const product = 10_000 + Math.floor(40 * random.next() ** 2);
      return line({
        invoice: `${day}${Math.floor(i / 3)}`,
        product: String(product),
        description: `THING NUMBER ${product} ${['RED', 'BLUE', 'GREEN'][product % 3]}`,
        quantity: String(1 + random.below(12)),
        at: `${date} 10:00:00`,
        price: (price * (1 + (product % 20) / 4) * (0.9 + 0.2 * random.next())).toFixed(2),
        customer: random.next() < unknown ? '' : String(17_000 + random.below(200)),
        market: ['France', 'Germany', 'Spain'][random.below(3)] as string,
      });
    });
    files[`${date}.csv`] = header + rows.join('');
  }
  await place.ingest(await place.source(files));
}

function context(inputs: Record<string, unknown>, runId: string) {
  logs = [];
  return stepContext({
    params: { seed: 1, market: '' } as OffersParams,
    inputs,
    runId,
    services,
    base: place.base,
    log: (message) => logs.push(message),
  });
}

/** Registers a version trained before a day, with or without its profile. */
async function publish(asOf: string, withProfile = true): Promise<number> {
  const validate = { asOf, newest: asOf, ageDays: 1, partitions: 1, sha256: 'x', warnings: [] };
  const made = withProfile
    ? ((await profile.run!(context({ validate, 'plan-training': {} }, 'p'))) as Static<typeof ProfileOutput>)
    : null;
  const artifact = await services.artifacts.putBytes(Buffer.from(`model of ${asOf} ${withProfile}`));
  const { version } = await database.models.add({
    ...{ model, formatVersion: 2, artifact, metrics: {}, lineage: { asOf }, runId: `train-${asOf}-${withProfile}` },
    files: made?.profile ? [{ name: 'profile', ...made.profile }] : [],
  });
  return version;
}

/** Lists of a hundred customers with probabilities around a level, as a run's predict step makes them, delivered. */
async function predict(asOf: string, version: number, level: number): Promise<PredictOutput> {
  const random = new Random(dayNumber(asOf));
  const horizonDays = 7;
  const customers = Array.from({ length: 100 }, (_, c) => {
    const products = Array.from({ length: 10 }, (_, i) => {
      const probability = Math.min(0.99, level * (0.5 + random.next()));
      const product = { productId: String(10_000 + i), description: '', rank: i + 1, score: probability, probability };
      return { ...product, expectedSpend: 1, expectedRevenue: probability, isNew: random.next() < 0.3, reason: '' };
    });
    return { id: String(17_000 + c), products };
  });
  const scratch = join(place.base, 'scratch');
  const file = join(scratch, `lists-${asOf}.parquet`);
  const rows = customers.flatMap(({ id, products }) => rowsOf(id, 'France', 'all', horizonDays, products));
  await writePredictions(sql, rows, file, scratch);
  const lists = { ...(await services.artifacts.putFile(file)) };
  await place.lake.replace('offers/next-products', { market: 'France', date: asOf }, async (folder) => {
    await writePredictions(sql, rows, join(folder, 'part-0.parquet'), scratch);
    return { rows: rows.length };
  });
  await database.predictions.replaceMarket(
    'France',
    asOf,
    customers.map(({ id, products }) => ({
      ...{ market: 'France', customerId: id, asOf, runId: 'r', modelVersion: version, horizonDays },
      ...{ products, newProducts: [] },
    })),
  );
  const rest = { customers: 100, products: 10, shareNew: 0.3, horizonDays, expectedRevenue: 1, top: [], topNew: [] };
  return { lists, modelVersion: version, ...rest };
}

async function look(asOf: string, version: number, lists: PredictOutput): Promise<Static<typeof MonitorOutput>> {
  const table = { uri: 'artifact:sha256:0', sha256: '0', bytes: 0 };
  const preprocess = {
    ...{ asOf, rows: 1, customers: 1, products: 1, markets: ['France'], firstDate: trained, lastDate: asOf },
    tables: { sales: table, customers: table, products: table, interactions: table },
  };
  const inputs = { preprocess, 'serving-model': { version, artifact: table }, predict: { France: lists } };
  return (await monitor.run!(context(inputs, `run-${asOf}`))) as unknown as Static<typeof MonitorOutput>;
}

const points = (name: string, alarm?: 'any') =>
  database.metricSeries.list({ pipeline: 'offers', name, limit: 500, ...(alarm && { alarm }) });

describe('watching data and model', () => {
  let version: number;
  it('compares nothing with what a version has learned from, and says what it leaves out', async () => {
    version = await publish(trained);
    const seen = await look(trained, version, await predict(trained, version, 0.3));
    expect(seen).toMatchObject({ modelVersion: version, columns: 0, drifted: 0, findings: [] });
    expect(seen.left).toEqual([
      expect.stringContaining(`has learned from sales before ${trained}`),
      expect.stringContaining('the first lists'),
    ]);
    const without = await publish(trained, false);
    const blind = await look(trained, without, await predict('2026-06-02', without, 0.3));
    expect(blind.left[0]).toContain('keeps no profile');
  });

  it('finds nothing where nothing has changed, and keeps every figure with its threshold', async () => {
    await sell(trained, '2026-06-15');
    const seen = await look('2026-06-15', version, await predict('2026-06-15', version, 0.3));
    expect(seen).toMatchObject({ columns: 10, drifted: 0, findings: [], left: [] });
    expect(await points('*', 'any')).toEqual([]);
    expect(await points('drift.ks')).toContainEqual(
      expect.objectContaining({
        ...{ subject: 'price', at: '2026-06-15T00:00:00.000Z', model, modelVersion: version, runId: 'run-2026-06-15' },
        ...{ threshold: expect.any(Number), alarm: null },
      }),
    );
    // Listed products of known probability, and those of the first lists, whose week is over.
    const [estimate] = await points('estimate.precision');
    expect(estimate?.value).toBeGreaterThan(0);
    expect(await database.events.list({ types: ['drift.detected'], limit: 5 })).toEqual([]);
  });

  it('tells what has drifted, once, as an event that policies hear, and what is wrong with the newest day', async () => {
    await sell('2026-06-15', '2026-06-29', { price: 2 });
    await sell('2026-06-28', '2026-06-29', { price: 2, unknown: 0.6 });
    const lists = await predict('2026-06-29', version, 0.6);
    const seen = await look('2026-06-29', version, lists);
    expect(seen.columns).toBe(10);
    expect(seen.drifted).toBeGreaterThanOrEqual(2);
    const drifted = new Set((await points('drift.*', 'any')).map(({ subject }) => subject));
    expect([...drifted]).toEqual(expect.arrayContaining(['price', 'prediction.probability']));
    expect(drifted).not.toContain('market');
    expect(seen.findings.join('\n')).toMatch(/customer: \d\d(\.\d)? % of the rows have no value/);
    expect(logs.some((text) => text.startsWith('drift: price'))).toBe(true);
    await look('2026-06-29', version, lists);
    const events = await database.events.list({ types: ['drift.detected'], limit: 5 });
    expect(events).toHaveLength(1);
    const data = events[0]?.data as unknown as DriftDetectedData;
    expect(data).toEqual({ pipeline: 'offers', model, version, columns: 10, drifted: seen.drifted });
  });

  it('is what retraining decisions read', async () => {
    const { windows } = driftHistory(database.metricSeries);
    expect(await windows('offers', model, '2026-06-01', '2026-06-29')).toEqual([
      { day: '2026-06-15', columns: 10, drifted: 0 },
      { day: '2026-06-29', columns: 10, drifted: expect.any(Number) },
    ]);
    expect(await windows('offers', model, '2026-06-01', '2026-06-28')).toHaveLength(1);
    const { findings } = dataFindings(database.metricSeries);
    // Warnings are for people; of errors there are none yet.
    expect(await findings('offers', '2026-06-01', '2026-06-29')).toEqual([]);
    const seen = await look('2026-07-01', version, await predict('2026-07-01', version, 0.3));
    expect(seen.findings).toContainEqual(expect.stringMatching(/^0 rows on 2026-06-30; the last \d+ Tuesdays had 60 /));
    expect(seen.findings).toContainEqual(expect.stringMatching(/^France: 0 rows on 2026-06-30/));
    expect(await findings('offers', '2026-06-30', '2026-06-30')).toContainEqual({
      ...{ day: '2026-06-30', kind: 'volume' },
      text: expect.stringContaining('0 rows on 2026-06-30') as Json,
    });
  });
});
