import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeTinyModel, trainTinyModel } from '../../bench/tiny-translation-model.ts';
import type { RolloutRecord } from '../../contracts/rollouts.ts';
import type { TranslationAnswer } from '../../contracts/translation.ts';
import { formatVersion } from '../../domain/nlp/translator/index.ts';
import { advanceRollout } from '../../domain/rollout/index.ts';
import { composeTranslation } from '../../workers/compose-translation.ts';
import { within2s } from '../support/within.ts';
import { type OpenApi, openApi } from './support.ts';

const model = 'translation-en-de';
const settings = { servingMiB: 256, servingThreads: 1, translateMaxWaitMs: 2000 };
let api: OpenApi;
let second: ReturnType<typeof composeTranslation>;
beforeAll(async () => {
  api = await openApi();
  const { database, artifacts } = api;
  const tiny = await trainTinyModel();
  const whole = await storeTinyModel(artifacts, tiny);
  const bias = tiny.weights['decoder.norm.bias'] as Float32Array;
  const other = await storeTinyModel(artifacts, {
    ...tiny,
    weights: { ...tiny.weights, 'decoder.norm.bias': bias.map((x) => x + 1e-6) },
  });
  const lost = {
    ...whole,
    uri: whole.uri.replace(/.{8}$/, '00000000'),
    sha256: whole.sha256.replace(/.{8}$/, '00000000'),
  };
  for (const artifact of [whole, other, lost])
    await database.models.add({ model, formatVersion, artifact, metrics: {}, lineage: {}, runId: 'test' });
  await database.models.setAlias(model, 'champion', 1, 'test', 'the first');
  second = composeTranslation(settings, database, artifacts);
});
afterAll(async () => {
  await second.close();
  await api.close();
});

const request = { text: 'The red car is old.', source: 'en', target: 'de' };
/** Versions that the replica behind the API gives to callers. */
const versions = async (callers: readonly number[]) => {
  const seen: (number | undefined)[] = [];
  for (const caller of callers) {
    const answer = await api.call('POST', '/v1/translate', {
      body: request,
      headers: { 'x-affinity-key': `user ${caller}` },
    });
    expect(answer.statusCode).toBe(200);
    const [translation] = answer.json<{ translations: TranslationAnswer[] }>().translations;
    expect(translation?.text).toBe('Das rot Wagen ist alt.');
    seen.push(translation?.model?.version);
  }
  return seen;
};
const callers = Array.from({ length: 16 }, (_, i) => i);
const advance = (id: string) =>
  advanceRollout({ rollouts: api.database.rollouts, clock: { now: () => new Date() } }, id);
const start = async (version: number, shares: readonly number[]) => {
  const steps = shares.map((share) => ({ share, minSeconds: 0, maxSeconds: 3600 }));
  const started = await api.call('POST', '/v1/rollouts', {
    body: { model, version, plan: { steps, comparedPerSecond: 1000 }, reason: 'it is newer' },
  });
  expect(started.statusCode).toBe(202);
  const { id } = started.json<RolloutRecord>();
  await advance(id);
  return id;
};

describe('traffic in a rollout', () => {
  it('gives callers one version, the same on each replica, and gives all back within 2 s', async () => {
    await versions(callers);
    const id = await start(2, [0.5, 1]);
    await within2s(
      () => versions(callers),
      (all) => all.includes(2),
    );
    const seen = await versions(callers);
    expect(seen.filter((version) => version === 2).length).toBeGreaterThan(1);
    expect(seen.filter((version) => version === 1).length).toBeGreaterThan(1);
    expect(await versions(callers)).toEqual(seen);
    const keyId = (await api.database.keys.list()).find(({ role }) => role === 'admin')?.id;
    const elsewhere = async () => {
      const seen: (number | undefined)[] = [];
      for (const caller of callers) {
        const { translations } = await second.service.translate(request, { caller: `${keyId}/user ${caller}` });
        seen.push(translations[0]?.model?.version);
      }
      return seen;
    };
    await within2s(elsewhere, (there) => JSON.stringify(there) === JSON.stringify(seen));

    const compared = await within2s(
      async () => (await api.database.rollouts.comparisons(id, 0, '0', 500)).comparisons,
      (comparisons) => new Set(comparisons.map(({ served }) => served)).size === 2,
    );
    for (const { base, candidate } of compared) {
      expect([base.error, candidate.error]).toEqual([null, null]);
      expect(candidate.scores).toMatchObject({ agreement: 1, confidence: expect.any(Number) });
      expect(Math.min(Number(base.ms), Number(candidate.ms))).toBeGreaterThan(0);
    }

    await api.call('POST', `/v1/rollouts/${id}/abort`, { body: { reason: 'enough seen' } });
    for (const look of [() => versions(callers), elsewhere]) await within2s(look, (all) => all.every((v) => v === 1));
  });

  it('answers every caller by the base when the candidate cannot be loaded, and takes it back', async () => {
    const id = await start(3, [1]);
    // What warms a replica up is no caller: nothing is told about it.
    const starting = composeTranslation(settings, api.database, api.artifacts);
    await starting.warmUp();
    await starting.close();
    expect((await api.database.rollouts.comparisons(id, 0, '0', 500)).comparisons).toEqual([]);
    let ended: RolloutRecord | null = null;
    for (const from = Date.now(); !ended?.finishedAt && Date.now() - from < 20_000; await delay(100)) {
      expect(new Set(await versions(callers))).toEqual(new Set([1]));
      ended = await advance(id);
    }
    expect(ended).toMatchObject({ status: 'rolled-back' });
    expect(ended?.reason).toContain('100 % more errors');
    // Rules and alerts hear of it.
    const told = await api.database.events.list({
      types: ['rollout.step', 'rollout.rolled-back'],
      subject: id,
      limit: 9,
    });
    expect(told.map(({ type, source }) => `${type} ${source}`)).toEqual([
      `rollout.step /models/${model}`,
      `rollout.rolled-back /models/${model}`,
    ]);
    expect(told[1]?.data).toEqual({ rollout: id, model, market: '', version: 3, by: 'rollout', text: ended?.reason });
  });
});
