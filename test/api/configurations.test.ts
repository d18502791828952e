import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeTinyModel, type TinyModel, trainTinyModel } from '../../bench/tiny-translation-model.ts';
import type { ServedVersion } from '../../contracts/models.ts';
import type { Gate, RolloutRecord } from '../../contracts/rollouts.ts';
import type { ServingConfiguration } from '../../contracts/serving-configurations.ts';
import type { TrafficRecord } from '../../contracts/traffic.ts';
import type { TranslationAnswer } from '../../contracts/translation.ts';
import { formatVersion } from '../../domain/nlp/translator/index.ts';
import { advanceRollout } from '../../domain/rollout/index.ts';
import { within2s } from '../support/within.ts';
import { type OpenApi, openApi } from './support.ts';

const model = 'translation-en-de';
const path = `/v1/models/${model}/configurations`;
/** The entry of the memory is like it, and misleads a model that has not learnt from similar sentences. */
const text = 'The red door is new.';
const [misled, right] = ['Das rot Wagen ist neu.', 'Das rot Tür ist neu.'];
let api: OpenApi;
let tiny: TinyModel;

async function addVersion(change: number): Promise<number> {
  const bias = tiny.weights['decoder.norm.bias'] as Float32Array;
  const weights = { ...tiny.weights, 'decoder.norm.bias': bias.map((x) => x + change * 1e-6) };
  const artifact = await storeTinyModel(api.artifacts, { ...tiny, weights });
  const { models } = api.database;
  return (await models.add({ model, formatVersion, artifact, metrics: {}, lineage: {}, runId: `run ${change}` }))
    .version;
}

beforeAll(async () => {
  api = await openApi();
  tiny = await trainTinyModel();
  await api.database.models.setAlias(model, 'champion', await addVersion(0), 'test', 'the first');
  await api.call('POST', '/v1/memories', { body: { id: 'shop', source: 'en', target: 'de' } });
  const entries = [{ source: 'The red car is new.', target: 'Das rot Wagen ist neu.' }];
  await api.call('POST', '/v1/memories/shop/entries', { body: { entries } });
});
afterAll(() => api.close());

const add = (settings: object, key = api.keys.operator) =>
  api.call('POST', path, { key, body: { settings, reason: 'fewer misled sentences' } });
const numberOf = async (settings: object) => (await add(settings)).json<ServingConfiguration>().configuration;

async function translate(caller: number, more: object = {}): Promise<TranslationAnswer> {
  const answer = await api.call('POST', '/v1/translate', {
    body: { text, source: 'en', target: 'de', ...more },
    headers: { 'x-affinity-key': `user ${caller}` },
  });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<{ translations: [TranslationAnswer] }>().translations[0];
}
const callers = Array.from({ length: 16 }, (_, i) => i);
async function answers(more: object = {}): Promise<TranslationAnswer[]> {
  const all: TranslationAnswer[] = [];
  for (const caller of callers) all.push(await translate(caller, more));
  return all;
}
const variants = (all: readonly TranslationAnswer[]) => all.map(({ model: by }) => [by?.version, by?.configuration]);
const areAll = (version: number, configuration: number) => (all: TranslationAnswer[]) =>
  variants(all).every(([v, c]) => v === version && c === configuration);

const advance = (id: string) =>
  advanceRollout({ rollouts: api.database.rollouts, clock: { now: () => new Date() } }, id);
async function start(wanted: object, shares: readonly number[], gates?: readonly Gate[]): Promise<RolloutRecord> {
  const steps = shares.map((share) => ({ share, minSeconds: 0, maxSeconds: 3600 }));
  const plan = { steps, comparedPerSecond: 1000, ...(gates && { gates }) };
  const started = await api.call('POST', '/v1/rollouts', { body: { model, ...wanted, plan, reason: 'try it' } });
  expect(started.statusCode, started.body).toBe(202);
  const rollout = started.json<RolloutRecord>();
  await advance(rollout.id);
  return rollout;
}
const tell = (id: string, command: string) =>
  api.call('POST', `/v1/rollouts/${id}/${command}`, { body: { reason: 'enough seen' } });
const traffic = async () =>
  (await api.call('GET', `/v1/models/${model}/traffic`)).json<{ traffic: TrafficRecord[] }>().traffic;

describe('configurations of a model', () => {
  it('are numbered, kept with who and why, and the same settings are the same one', async () => {
    const made = await add({ memoryThreshold: 0.9, beam: 4 });
    expect(made.statusCode).toBe(201);
    expect(made.headers['location']).toBe(`${path}/1`);
    expect(made.json()).toMatchObject({ model, configuration: 1, by: 'operator of the test', settings: { beam: 4 } });
    const again = await add({ beam: 4, memoryThreshold: 0.9 });
    expect([again.statusCode, again.json<ServingConfiguration>().configuration]).toEqual([200, 1]);
    expect(await numberOf({ enforceTerms: false })).toBe(2);
    expect((await add({ beam: 3 }, api.keys.viewer)).statusCode).toBe(403);

    const shown = (await api.call('GET', path, { key: api.keys.viewer })).json();
    expect(shown).toMatchObject({ inForce: 0, configurations: [{ configuration: 2 }, { configuration: 1 }] });
    expect(shown.settings.batchWindowMs).toMatchObject({ default: 2, minimum: 0, maximum: 1000 });
    const one = (await api.call('GET', `${path}/1`)).json();
    expect(one.complete).toEqual({
      ...{ beam: 4, memoryThreshold: 0.9, enforceTerms: true },
      ...{ batchWindowMs: 2, maxBatch: 64 },
    });
    expect((await api.call('GET', `${path}/9`)).statusCode).toBe(404);
    const client = new pg.Client({ connectionString: api.url });
    await client.connect();
    const { rows } = await client.query(
      `select actor, subject, detail from audit_log where action = 'model.configure' order by id`,
    );
    await client.end();
    expect(rows.map(({ actor, subject, detail }) => [actor, subject, detail.settings])).toEqual([
      ['operator of the test', `${model}/1`, { beam: 4, memoryThreshold: 0.9 }],
      ['operator of the test', `${model}/2`, { enforceTerms: false }],
    ]);
  });

  it('are compared setting by setting, with the built-in defaults', async () => {
    const compared = (await api.call('GET', `${path}/compare?a=0&b=1`)).json();
    expect(compared.settings.filter(({ same }: { same: boolean }) => !same)).toMatchObject([
      { name: 'beam', a: 1, b: 4 },
      { name: 'memoryThreshold', a: 0.7, b: 0.9 },
    ]);
    expect(compared.settings).toHaveLength(5);
    expect((await api.call('GET', `${path}/compare?a=0&b=9`)).statusCode).toBe(404);
  });

  it.each([
    [{ beam: 99 }, 'settings.beam', 99, 'must be <= 16'],
    [{ beam: 1.5 }, 'settings.beam', 1.5, 'must be integer'],
    [{ memoryThreshold: 0.2 }, 'settings.memoryThreshold', 0.2, 'must be >= 0.5'],
    [{ maxBatch: '8' }, 'settings.maxBatch', '8', 'must be integer'],
    [{ beem: 2 }, 'settings.beem', 2, 'is no setting of "translation-en-de"; there are beam, memoryThreshold'],
    [{}, 'settings', {}, 'must have a setting: the built-in defaults are configuration 0'],
  ])('are refused with %j, by field, value and remedy', async (settings, field, value, message) => {
    const refused = await add(settings);
    expect(refused.statusCode).toBe(422);
    expect(refused.json()).toMatchObject({
      code: 'PARAMETER_INVALID',
      remedy: `GET ${path} shows the settings with their bounds and defaults.`,
      errors: [{ field, value, message: expect.stringContaining(message) }],
    });
  });

  it('are refused for models of kinds without settings, and for models that are not there', async () => {
    const body = { settings: { beam: 2 }, reason: 'why not' };
    const other = await api.call('POST', '/v1/models/offers-next-products/configurations', { body });
    expect(other.json()).toMatchObject({
      code: 'PARAMETER_INVALID',
      remedy: 'These can be configured: translation-*.',
    });
    expect((await api.call('POST', '/v1/models/translation-xx-yy/configurations', { body })).statusCode).toBe(404);
  });
});

describe('a rollout of a configuration alone', () => {
  it('answers the canary’s callers by it, the others as before, each always by the same; an abort brings all back', async () => {
    const asked = await translate(0, { beam: 4, memory: { threshold: 0.9 } });
    expect(asked).toMatchObject({ text: right, model: { version: 1, configuration: 0 } });
    const rollout = await start({ configuration: 1 }, [0.5, 1]);
    expect(rollout).toMatchObject({ version: 1, configuration: 1, base: 1, baseConfiguration: 0 });
    await within2s(answers, (all) => variants(all).some(([, configuration]) => configuration === 1));
    const seen = await answers();
    const [canary, others] = [1, 0].map((one) => seen.filter(({ model: by }) => by?.configuration === one));
    expect(Math.min(canary!.length, others!.length)).toBeGreaterThan(1);
    for (const answer of canary!) {
      expect(answer).toMatchObject({ text: right, matches: [], model: { version: 1 } });
      expect(answer.confidence).toBeCloseTo(asked.confidence, 6);
    }
    for (const answer of others!) expect(answer).toMatchObject({ text: misled, matches: [{ kind: 'fuzzy' }] });
    expect(variants(await answers())).toEqual(variants(seen));
    // What a request says goes before what is configured.
    for (const answer of await answers({ memory: { threshold: 0.7 } })) expect(answer.text).toBe(misled);
    // Who asks for a version gets it as it was served before the rollout.
    expect(await translate(0, { model: '1' })).toMatchObject({ model: { version: 1, configuration: 0 } });

    const compared = await within2s(
      async () => (await api.database.rollouts.comparisons(rollout.id, 0, '0', 500)).comparisons,
      (comparisons) => new Set(comparisons.map(({ served }) => served)).size === 2,
    );
    for (const { base, candidate } of compared.slice(0, 8))
      expect(candidate.scores['confidence']).toBeGreaterThan(base.scores['confidence'] as number);

    const [now] = await traffic();
    expect(now?.routes).toEqual([
      { version: 1, configuration: 0, share: 0.5 },
      { version: 1, configuration: 1, share: 0.5 },
    ]);
    await tell(rollout.id, 'abort');
    await within2s(answers, areAll(1, 0));
    expect((await api.call('GET', path)).json()).toMatchObject({ inForce: 0 });
  });

  it('is refused for what is in force, for what is not there, and for nothing', async () => {
    const ask = (wanted: object) => api.call('POST', '/v1/rollouts', { body: { model, reason: 'try it', ...wanted } });
    expect((await ask({ configuration: 0 })).json()).toMatchObject({
      status: 400,
      errors: [{ field: 'configuration', value: 0, message: 'is in force already' }],
    });
    expect((await ask({ configuration: 9 })).json()).toMatchObject({
      status: 404,
      errors: [{ field: 'configuration', value: 9, message: 'is none of the model' }],
    });
    expect((await ask({})).json()).toMatchObject({ status: 400, errors: [{ field: 'version' }] });
  });

  it('is taken back by a gate when it answers worse: memories that hardly match mislead the model', async () => {
    const configuration = await numberOf({ memoryThreshold: 0.5 });
    // Enough alike for that threshold, not for the default one.
    const request = { text: 'The old key is clean.' };
    expect(await translate(0, request)).toMatchObject({ text: 'Das alt Schlüssel ist sauber.', matches: [] });
    const gates: Gate[] = [
      { name: 'errors', kind: 'errors', tolerated: 0.001, harmful: 0.01 },
      { name: 'confidence', kind: 'score', tolerated: 0.05, harmful: 0.2 },
    ];
    const { id } = await start({ configuration }, [0, 1], gates);
    let ended: RolloutRecord | null = null;
    for (const from = Date.now(); !ended?.finishedAt && Date.now() - from < 30_000; await delay(100)) {
      for (const answer of await answers(request)) expect(answer.text).toBe('Das alt Schlüssel ist sauber.');
      ended = await advance(id);
    }
    expect(ended).toMatchObject({ status: 'rolled-back', step: 0 });
    expect(ended?.reason).toMatch(
      new RegExp(
        `^Version 1 answers all callers again, version 1 with configuration ${configuration} none. confidence: 0\\.\\d+ lower`,
      ),
    );
  });

  it('costs nobody an answer where a replica does not know its settings, as those of newer code', async () => {
    const [settings, sha256] = [{ warp: 9 }, '9'.repeat(64)];
    const { configuration } = await api.database.configurations.add({
      model,
      settings,
      sha256,
      by: 'x',
      reason: 'new',
    });
    const { id } = await start({ configuration: configuration.configuration }, [1]);
    let ended: RolloutRecord | null = null;
    for (const from = Date.now(); !ended?.finishedAt && Date.now() - from < 20_000; await delay(100)) {
      expect(areAll(1, 0)(await answers())).toBe(true);
      ended = await advance(id);
    }
    expect(ended).toMatchObject({ status: 'rolled-back', reason: expect.stringContaining('100 % more errors') });
  });

  it('that completes leaves it in force, for the next champions too, until somebody says otherwise', async () => {
    const { id } = await start({ configuration: 1 }, [1]);
    expect((await tell(id, 'skip')).json()).toMatchObject({ status: 'completed' });
    await within2s(answers, areAll(1, 1));
    expect((await answers())[0]).toMatchObject({ text: right });
    expect(await translate(0, { model: '1' })).toMatchObject({ model: { version: 1, configuration: 1 } });

    const second = await addVersion(1);
    const champion = `/v1/models/${model}/aliases/champion`;
    const promoted = await api.call('POST', champion, { body: { version: second, reason: 'newer' } });
    expect(promoted.statusCode).toBe(200);
    await within2s(answers, areAll(second, 1));
    await api.call('POST', `${champion}/rollback`, { body: { reason: 'not better' } });
    await within2s(answers, areAll(1, 1));
    await api.call('POST', champion, { body: { version: 1, configuration: 2, reason: 'terms take too long' } });
    await within2s(answers, areAll(1, 2));
    const unknown = await api.call('POST', champion, { body: { version: 1, configuration: 99, reason: 'oh no' } });
    expect(unknown.json()).toMatchObject({ status: 404, errors: [{ field: 'configuration', value: 99 }] });
    const challenger = `/v1/models/${model}/aliases/challenger`;
    const other = await api.call('POST', challenger, { body: { version: 1, configuration: 1, reason: 'oh no' } });
    expect(other.json()).toMatchObject({ status: 422, errors: [{ field: 'configuration' }] });
    await api.call('POST', `${champion}/rollback`, { body: { configuration: 0, reason: 'all as it was' } });
  });

  it('goes together with a version, and is told of afterwards', async () => {
    await api.call('POST', `/v1/models/${model}/aliases/champion`, {
      body: { version: 1, configuration: 0, reason: 'from the start' },
    });
    const { id } = await start({ version: 2, configuration: 1 }, [0.25, 1]);
    const split = await within2s(answers, (all) => new Set(variants(all).map(String)).size === 2);
    expect(new Set(variants(split).map(String))).toEqual(new Set(['1,0', '2,1']));
    const served = async () =>
      (await api.call('GET', `/v1/models/${model}/served`)).json<{ served: ServedVersion[] }>().served;
    expect(
      (await served()).map(({ version, configuration, share }) => [version.version, configuration, share]),
    ).toEqual([
      [1, 0, 0.75],
      [2, 1, 0.25],
    ]);
    expect((await served())[0]?.period).toMatchObject({ kind: 'rollout', rollout: id, until: null });
    await tell(id, 'skip');
    await tell(id, 'skip');
    await within2s(answers, areAll(2, 1));
    expect(
      (await served()).map(({ version, configuration, share }) => [version.version, configuration, share]),
    ).toEqual([[2, 1, 1]]);
    const day = (await served())[0]?.period.at.slice(0, 10);
    const all = (await api.call('GET', `/v1/models/${model}/served?at=${day}`)).json<{ served: ServedVersion[] }>();
    expect(all.served.length).toBeGreaterThan(5);
    expect(all.served.at(-1)).toMatchObject({ configuration: 0, share: 1, period: { reason: 'the first' } });
  });
});
