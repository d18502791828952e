import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { storeTinyModel, trainTinyModel } from '../../bench/tiny-translation-model.ts';
import type { LoggedPrediction } from '../../contracts/feedback.ts';
import type { RolloutRecord } from '../../contracts/rollouts.ts';
import { requestHeader } from '../../contracts/serving.ts';
import { createCorrections } from '../../domain/feedback/index.ts';
import { Random } from '../../domain/nlp/index.ts';
import { formatVersion } from '../../domain/nlp/translator/index.ts';
import { advanceRollout } from '../../domain/rollout/index.ts';
import { type OpenApi, openApi } from './support.ts';

const model = 'translation-en-de';
const clock = { now: () => new Date() };
let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
  const tiny = await trainTinyModel();
  const bias = tiny.weights['decoder.norm.bias'] as Float32Array;
  for (const change of [0, 1e-6]) {
    const weights = { ...tiny.weights, 'decoder.norm.bias': bias.map((x) => x + change) };
    const artifact = await storeTinyModel(api.artifacts, { ...tiny, weights });
    await api.database.models.add({ model, formatVersion, artifact, metrics: {}, lineage: {}, runId: 'test' });
  }
  await api.database.models.setAlias(model, 'champion', 1, 'test', 'the first');
});
afterAll(() => api.close());

const advance = (id: string) => advanceRollout({ rollouts: api.database.rollouts, clock }, id);
const tell = (id: string, command: string) =>
  api.call('POST', `/v1/rollouts/${id}/${command}`, { body: { reason: 'test' } });
/** A rollout in its first step, with the gates of translation. */
const start = async (shares: readonly number[]): Promise<string> => {
  const steps = shares.map((share) => ({ share, minSeconds: 0, maxSeconds: 3600 }));
  const started = await api.call('POST', '/v1/rollouts', {
    body: { model, version: 2, plan: { steps, comparedPerSecond: 1000 }, reason: 'it is newer' },
  });
  const { id } = started.json<RolloutRecord>();
  await advance(id);
  return id;
};
const sendFile = async (rows: readonly string[]): Promise<void> => {
  const body = Buffer.from(`request_id,index,correction\n${rows.join('\n')}\n`);
  const sent = await api.call('POST', '/v1/feedback/file', { body, headers: { 'content-type': 'text/csv' } });
  expect(sent.json()).toMatchObject({ accepted: rows.length, joined: rows.length });
  await createCorrections({ ...api.database, clock }).settle();
};
const comparedIn = async (id: string) => (await api.database.rollouts.comparisons(id, 0, '0', 500)).comparisons;
const labelsOf = async (id: string) => (await comparedIn(id)).filter(({ base }) => base.ms === null);
/** What others write at the same time hides comparisons for a while. */
const patience = { timeout: 20_000, interval: 20 };
const correctionGate = async (id: string) => (await advance(id))?.readings.find(({ gate }) => gate === 'correction');

interface World {
  /** Words of ten that a version gets wrong. */
  readonly base: number;
  readonly candidate: number;
}

/**
 * Requests that both versions answered, with corrections as people make them: they mend what is wrong in the answer that they got and leave its
 * wording. The versions word right things differently. Only answers with a fault are corrected.
 */
function corrected(rolloutId: string, side: 'base' | 'candidate', wrong: World, random: Random) {
  for (;;) {
    const requestId = randomUUID();
    const concepts = Array.from({ length: 10 }, () => `w${random.below(500)}`);
    const worded = (share: number, ending: string) =>
      concepts.map((concept) => ({ right: `${concept}${ending}`, isWrong: random.next() < share / 10 }));
    const answers = { base: worded(wrong.base, 'lich'), candidate: worded(wrong.candidate, 'sam') };
    if (!answers[side].some(({ isWrong }) => isWrong)) continue;
    const common = {
      ...{ requestId, index: 0, at: new Date().toISOString(), caller: 'k', sourceLanguage: 'en', targetLanguage: 'de' },
      ...{ model, rolloutId, source: `source ${requestId}`, origin: 'model' as const, confidence: 0.5, terms: [] },
    };
    const predictions = (['base', 'candidate'] as const).map(
      (one): LoggedPrediction => ({
        ...common,
        side: one,
        served: one === side,
        modelVersion: one === 'base' ? 1 : 2,
        answer: answers[one].map(({ right, isWrong }) => (isWrong ? 'xxxxx' : right)).join(' '),
      }),
    );
    return { predictions, row: `${requestId},0,${answers[side].map(({ right }) => right).join(' ')}` };
  }
}

async function correct(id: string, sides: readonly ('base' | 'candidate')[], wrong: World, seed: number) {
  const random = new Random(seed);
  const all = sides.map((side) => corrected(id, side, wrong, random));
  await api.database.predictionLog.add(all.flatMap(({ predictions }) => predictions));
  await sendFile(all.map(({ row }) => row));
}

const both = (count: number) => Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? 'base' : 'candidate'));

describe('corrections in a rollout', () => {
  it('are labels of both answers, once both callers’ sides are there, and leave errors and times alone', async () => {
    const id = await start([0.5, 1]);
    const served = new Map<string, string>();
    for (const from = Date.now(); served.size < 2 && Date.now() - from < 20_000; await delay(20)) {
      for (let caller = 0; caller < 8; caller++) {
        const answer = await api.call('POST', '/v1/translate', {
          body: { text: 'The red car is old.', source: 'en', target: 'de', memory: false },
          headers: { 'x-affinity-key': `user ${caller}` },
        });
        const version = answer.json().translations[0].model.version === 1 ? 'base' : 'candidate';
        served.set(version, String(answer.headers[requestHeader]));
      }
    }
    const requests = ['base', 'candidate'].map((side) => served.get(side) as string);
    for (const [i, request] of requests.entries()) {
      const sides = i === 0 ? ['base', 'candidate'] : ['candidate', 'base'];
      await vi.waitFor(async () => {
        const found = await api.database.predictionLog.find(request, 0);
        expect(found.map(({ side, served, rolloutId }) => [side, served, rolloutId])).toEqual([
          [sides[0], true, id],
          [sides[1], false, id],
        ]);
      }, patience);
    }
    const compared = () => comparedIn(id);
    const labels = () => labelsOf(id);
    await sendFile([`${requests[0]},0,Der rote Wagen ist alt.`]);
    expect(await labels()).toEqual([]);
    await sendFile([`${requests[1]},0,Der rote Wagen ist alt.`]);
    const [pair] = await vi.waitFor(async () => {
      const found = await labels();
      expect(found).toHaveLength(1);
      return found;
    }, patience);
    expect(pair?.base.scores['correction']).toBeGreaterThan(0.4);
    expect(pair?.base).toEqual({ error: null, ms: null, scores: { correction: expect.any(Number) } });
    expect(pair?.candidate).toEqual(pair?.base);
    // Twice: nothing more.
    await sendFile(requests.map((request) => `${request},0,Der rote Wagen ist alt.`));
    expect(await labels()).toHaveLength(1);
    await vi.waitFor(async () => expect((await correctionGate(id))?.count).toBe(1), patience);
    await vi.waitFor(async () => {
      const readings = (await advance(id))?.readings ?? [];
      expect(readings.find(({ gate }) => gate === 'errors')?.count).toBe((await compared()).length - 1);
    }, patience);
    await tell(id, 'abort');
  });

  it('that show the candidate worse take it back, also when they come in a later step than the answers', async () => {
    const id = await start([0.1, 0.5, 1]);
    const random = new Random(3);
    const all = both(100).map((side) => corrected(id, side as 'base', { base: 1, candidate: 5 }, random));
    await api.database.predictionLog.add(all.flatMap(({ predictions }) => predictions));
    await tell(id, 'skip');
    expect((await advance(id))?.step).toBe(1);
    await sendFile(all.map(({ row }) => row));
    await vi.waitFor(async () => expect(await labelsOf(id)).toHaveLength(100), patience);
    const ended = await advance(id);
    expect(ended).toMatchObject({ status: 'rolled-back', step: 1 });
    expect(ended?.reason).toMatch(
      /^Version 1 answers all callers again, version 2 none\. correction: 0\.\d+ lower in 100 pairs/,
    );
    // What comes when it has ended changes nothing.
    await correct(id, ['base', 'candidate'], { base: 1, candidate: 5 }, 4);
    expect(await advance(id)).toEqual(ended);
  });

  it('take back no candidate that is as good in other words, though each answer resembles its own corrections', async () => {
    const id = await start([0, 0.5, 1]);
    // All callers have the base's answers: their corrections resemble it, and wait.
    await correct(
      id,
      Array.from({ length: 60 }, () => 'base' as const),
      { base: 1, candidate: 1 },
      5,
    );
    expect(await correctionGate(id)).toMatchObject({ count: 0, state: 'open' });
    await tell(id, 'skip');
    await correct(id, both(100) as 'base'[], { base: 1, candidate: 1 }, 6);
    await vi.waitFor(async () => {
      expect(await correctionGate(id)).toMatchObject({ count: 100, state: 'fine' });
    }, patience);
    expect(await advance(id)).toMatchObject({ status: 'running' });
    await tell(id, 'abort');
  });

  it('hold no step up that has only few of them', async () => {
    const id = await start([0.5, 1]);
    await correct(id, both(2) as 'base'[], { base: 1, candidate: 1 }, 7);
    const good = { error: null, ms: 50, scores: {} };
    await api.database.rollouts.addComparisons(
      Array.from({ length: 700 }, () => ({
        ...{ rolloutId: id, step: 0, at: new Date().toISOString(), requestId: randomUUID() },
        ...{ served: 'base' as const, base: good, candidate: good },
      })),
    );
    await vi.waitFor(async () => expect((await advance(id))?.step).toBe(1), patience);
    await tell(id, 'abort');
  });
});
