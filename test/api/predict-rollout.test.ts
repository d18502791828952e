import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { PredictionAnswer } from '../../contracts/predictions.ts';
import type { RolloutRecord } from '../../contracts/rollouts.ts';
import { Random, silentHooks } from '../../domain/nlp/index.ts';
import { encodeResponse, trainResponse } from '../../domain/offer-response/index.ts';
import { advanceRollout } from '../../domain/rollout/index.ts';
import { comparisonWriter, Predictions } from '../../domain/serving/index.ts';
import { graphs } from '../../pipelines/graphs.ts';
import { type OpenApi, openApi } from './support.ts';

const model = 'offers-response';
const callers = Array.from({ length: 24 }, (_, i) => `user ${i}`);
let api: OpenApi;
let predictions: Predictions;
let comparisons: ReturnType<typeof comparisonWriter>;

beforeAll(async () => {
  api = await openApi(async (database, artifacts) => {
    comparisons = comparisonWriter(
      database.rollouts,
      (_, error) => {
        throw error;
      },
      10,
    );
    predictions = new Predictions({
      ...{ graphs, models: database.models, traffic: database.traffic, comparisons, artifacts, bytes: 2 ** 24 },
      clock: { now: () => new Date() },
    });
    return { graphs, inference: predictions };
  });
  const random = new Random(1);
  const count = 300;
  const discount = Float64Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 0 : 0.2));
  const learned = await trainResponse(
    {
      features: Float32Array.from({ length: count }, () => random.next() * 10),
      ...{ width: 1, discount },
      sale: Uint8Array.from({ length: count }, (_, i) => (random.next() < 0.2 + (discount[i] as number) ? 1 : 0)),
      day: Int32Array.from({ length: count }, (_, i) => 20_000 + Math.floor(i / 10)),
    },
    { featureNames: ['lines'], seed: 1 },
    silentHooks(),
  );
  const other = { ...learned, calibration: { intercept: -1, slope: 1 } };
  for (const [i, bytes] of [encodeResponse(learned), encodeResponse(other), Buffer.from('no model')].entries()) {
    const artifact = await api.artifacts.putBytes(bytes);
    await api.database.models.add({ model, formatVersion: 1, artifact, metrics: {}, lineage: {}, runId: `run ${i}` });
  }
  await api.database.models.setAlias(model, 'champion', 1, 'test', 'the first');
});
afterAll(async () => {
  await predictions.close();
  await comparisons.close();
  await api.close();
});

async function versions(): Promise<(number | undefined)[]> {
  const seen: (number | undefined)[] = [];
  for (const caller of callers) {
    const body = { input: { offers: [{ discount: 0.2, features: { lines: 8 } }] } };
    const headers = { 'x-affinity-key': caller };
    const answer = await api.call('POST', `/v1/predict/${model}`, { body, headers });
    expect(answer.statusCode).toBe(200);
    seen.push(answer.json<PredictionAnswer>().models[0]?.version);
  }
  return seen;
}

async function start(version: number, shares: readonly number[]): Promise<string> {
  const steps = shares.map((share) => ({ share, minSeconds: 0, maxSeconds: 3600 }));
  const plan = { steps, comparedPerSecond: 1000 };
  const started = await api.call('POST', '/v1/rollouts', { body: { model, version, plan, reason: 'it is newer' } });
  expect(started.statusCode).toBe(202);
  const { id } = started.json<RolloutRecord>();
  await advance(id);
  return id;
}
const advance = (id: string) =>
  advanceRollout({ rollouts: api.database.rollouts, clock: { now: () => new Date() } }, id);
const patience = { timeout: 20_000, interval: 50 };

it('a graph answers each caller by its version of a rollout, compares both, and by one again when it is aborted', async () => {
  expect(new Set(await versions())).toEqual(new Set([1]));
  const id = await start(2, [0.5, 1]);
  // The change may come while callers are asked.
  await vi.waitFor(async () => {
    const first = await versions();
    expect(new Set(first)).toEqual(new Set([1, 2]));
    expect(await versions()).toEqual(first);
  }, patience);
  await vi.waitFor(async () => {
    const found = (await api.database.rollouts.comparisons(id, 0, '0', 500)).comparisons;
    expect(new Set(found.map(({ served }) => served))).toEqual(new Set(['base', 'candidate']));
    for (const { base, candidate } of found) {
      expect([base.error, candidate.error]).toEqual([null, null]);
      // The other version says less: both are told apart.
      expect(candidate.scores['agreement']).toBeLessThan(1);
    }
  }, patience);
  const path = `/v1/rollouts/${id}/abort`;
  expect((await api.call('POST', path, { body: { reason: 'odd chances' } })).statusCode).toBe(200);
  await vi.waitFor(async () => expect(new Set(await versions())).toEqual(new Set([1])), patience);
});

it('a version that cannot be loaded answers nobody: the base does, and takes all callers back', async () => {
  const id = await start(3, [1]);
  let ended: RolloutRecord | null = null;
  await vi.waitFor(async () => {
    expect(new Set(await versions())).toEqual(new Set([1]));
    ended = await advance(id);
    expect(ended?.status).toBe('rolled-back');
  }, patience);
  expect(ended).toMatchObject({ reason: expect.stringContaining('100 % more errors') });
});
