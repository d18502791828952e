import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { servingMetrics } from '../../api/plugins/serving-metrics.ts';
import type { PredictionAnswer } from '../../contracts/predictions.ts';
import { Random, silentHooks } from '../../domain/nlp/index.ts';
import {
  encodeResponse,
  type ResponseModel,
  saleProbabilities,
  trainResponse,
} from '../../domain/offer-response/index.ts';
import { Predictions, remotePredictions } from '../../domain/serving/index.ts';
import type { ReplicaRouter } from '../../domain/serving/replicas/index.ts';
import { graphs } from '../../pipelines/graphs.ts';
import { composeRouter } from '../../workers/compose-router.ts';
import { startReplica, type TestReplica } from '../support/replicas.ts';
import { type OpenApi, openApi } from './support.ts';

const featureNames = ['lines', 'bought'];
let router: ReplicaRouter;
let api: OpenApi;
let replica: TestReplica;
let predictions: Predictions;
let model: ResponseModel;
const metrics = new Registry();
/** A busy machine takes its time. */
const patience = { timeout: 20_000, interval: 20 };
let now = Date.parse('2026-11-26T12:00:00Z');
const failures: string[] = [];

/** Offers that sell the better, the more the customer buys and the larger the discount. */
function learn(): Promise<ResponseModel> {
  const random = new Random(1);
  const count = 600;
  const features = Float32Array.from({ length: 2 * count }, () => random.next() * 10);
  const discount = Float64Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 0 : 0.2));
  const chance = (i: number) => 0.05 + 0.05 * (features[2 * i] as number) + (discount[i] as number);
  const sale = Uint8Array.from({ length: count }, (_, i) => (random.next() < chance(i) ? 1 : 0));
  const day = Int32Array.from({ length: count }, (_, i) => 20_000 + Math.floor(i / 10));
  return trainResponse({ features, width: 2, discount, sale, day }, { featureNames, seed: 1 }, silentHooks());
}

async function register(bytes: Uint8Array, formatVersion = 1): Promise<number> {
  const artifact = await api.artifacts.putBytes(bytes);
  const { models } = api.database;
  const { version } = await models.add({
    model: 'offers-response',
    formatVersion,
    artifact,
    metrics: {},
    lineage: {},
    runId: `run ${bytes.length} ${formatVersion}`,
  });
  await models.setAlias('offers-response', 'champion', version, 'test', 'the newest');
  return version;
}

beforeAll(async () => {
  api = await openApi(async (database) => {
    router = await composeRouter(database);
    return { graphs, inference: remotePredictions(router) };
  });
  predictions = new Predictions({
    graphs,
    models: api.database.models,
    artifacts: api.artifacts,
    clock: { now: () => new Date(now) },
    bytes: 2 ** 24,
    observer: servingMetrics(metrics),
    onFailure: (name) => failures.push(name),
  });
  replica = await startReplica(api.database, {} as never, { graphs, inference: predictions, metrics });
  await vi.waitFor(() => expect(router.replicas()).toMatchObject([{ state: 'ready' }]), patience);
  model = await learn();
});
afterAll(async () => {
  await replica.close();
  await router.close();
  await predictions.close();
  await api.close();
});

const predict = (body: object) => api.call('POST', '/v1/predict/offers-response', { key: api.keys.viewer, body });
const input = {
  offers: [
    { discount: 0.2, features: { lines: 8, bought: 1 } },
    { discount: 0.1, features: { lines: 2, bought: null } },
  ],
};

it('says what to do while the model is not trained, which does not keep a replica from being ready', async () => {
  await predictions.warmUp();
  expect(failures).toEqual([]);
  const answer = await predict({ input });
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toMatchObject({
    detail: 'The model offers-response has no alias "champion".',
    remedy: expect.stringContaining('perennial models ls offers-response'),
  });
});

it('answers by a model of the registry, through the API, with the times of the nodes where they are asked for', async () => {
  await register(encodeResponse(model));
  const answer = await predict({ input, timings: true });
  expect(answer.statusCode).toBe(200);
  const { output, models, timings } = answer.json<PredictionAnswer>();
  const features = Float32Array.from([8, 1, 2, Number.NaN]);
  const offered = saleProbabilities(model, features, Float64Array.from([0.2, 0.1]));
  const bare = saleProbabilities(model, features, new Float64Array(2));
  expect(output).toEqual({
    offers: [0, 1].map((i) => ({
      probability: offered[i],
      probabilityWithout: bare[i],
      uplift: (offered[i] as number) - (bare[i] as number),
    })),
  });
  expect(models).toEqual([{ name: 'offers-response', version: 1 }]);
  expect(timings?.map(({ node }) => node).sort()).toEqual(['bare', 'offered', 'response', 'rows']);
  expect((await predict({ input })).json()).not.toHaveProperty('timings');
  const shown = await (await fetch(`${replica.address}/metrics`)).text();
  const label = 'graph="offers-response",model="offers-response",version="1",configuration="0"';
  expect(shown).toContain(`perennial_serving_requests_total{${label},outcome="ok"} 2`);
  expect(shown).toContain(`perennial_serving_node_duration_seconds_count{${label},node="offered"} 2`);
});

it('refuses what does not fit the schema, naming the field', async () => {
  const answer = await predict({ input: { offers: [{ discount: 2, features: {} }] } });
  expect(answer.statusCode).toBe(400);
  expect(answer.json<{ detail: string }>().detail).toContain('body.input.offers.0.discount');
  expect((await predict({ offers: [] })).statusCode).toBe(400);
  expect((await api.call('POST', '/v1/predict/weather', { body: { input: {} } })).statusCode).toBe(404);
  expect((await api.call('POST', '/v1/predict/offers-response', { key: null, body: { input } })).statusCode).toBe(401);
});

it('goes on with the old champion until the new one is loaded, and where it cannot be', async () => {
  const versionOf = async (more: object = {}) =>
    (await predict({ input, ...more })).json<PredictionAnswer>().models[0]?.version;
  const next = await register(encodeResponse({ ...model, calibration: { intercept: -1, slope: 1 } }));
  expect(await versionOf()).toBe(1);
  now += 4_000;
  await vi.waitFor(async () => expect(await versionOf()).toBe(next), patience);
  expect(await versionOf({ model: '1' })).toBe(1);

  // Of a form that this code does not read.
  await register(encodeResponse({ ...model, featureNames: ['lines', 'other'] }), 99);
  now += 4_000;
  expect(await versionOf()).toBe(next);
  await vi.waitFor(() => expect(failures).toEqual(['offers-response']), patience);
  expect(await versionOf()).toBe(next);
});
