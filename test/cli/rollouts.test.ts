import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CustomerPrediction } from '../../contracts/offers.ts';
import type { RolloutRecord } from '../../contracts/rollouts.ts';
import type { TrafficRecord } from '../../contracts/traffic.ts';
import { advanceRollout } from '../../domain/rollout/index.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { type Answered, commandOn } from '../support/command.ts';
import { storeTraining } from '../support/retraining.ts';

const model = 'offers-next-products';
const clock = { now: () => new Date() };
let api: OpenApi;
let perennial: (...args: string[]) => Promise<Answered>;

beforeAll(async () => {
  api = await openApi();
  perennial = await commandOn(api);
  const { database } = api;
  const day = (date: string) => `2026-06-${date}T00:00:00.000Z`;
  for (const at of [day('01'), day('08')]) {
    const run = await storeTraining(api, model, {
      ...{ at, endedAt: at, outcome: at === day('01') ? 'promoted' : 'rejected', dataEnd: at.slice(0, 10), rows: 100 },
      promotedAt: at === day('01') ? at : null,
    });
    await database.decisions.save({
      ...{ id: `d-${at.slice(8, 10)}`, pipeline: 'offers', model, runId: null, at, day: at.slice(0, 10) },
      ...{ verdict: 'retrain', summary: 'because', reasons: [], inputs: {}, alert: null },
      ...{ policy: { name: 'offers', version: '1', thresholds: {} }, occasion: { kind: 'daily', ref: at } },
    });
    await database.decisions.attachRun(`d-${at.slice(8, 10)}`, run);
  }
  for (const market of ['DE', 'FR'])
    await database.predictions.replaceMarket(market, '2026-06-10', [
      {
        ...{ market, asOf: '2026-06-10', customerId: `${market}-1`, runId: 'r', modelVersion: 1, horizonDays: 31 },
        ...{ products: [], newProducts: [] },
      } satisfies CustomerPrediction,
    ]);
});
afterAll(() => api.close());

const list = async (): Promise<RolloutRecord[]> =>
  (await api.call('GET', `/v1/rollouts?model=${model}`)).json<{ rollouts: RolloutRecord[] }>().rollouts;

it('deploys lists market by market: one, or each', async () => {
  expect((await perennial('deploy', model, '--market', 'ZZ')).error).toMatch(/^VALIDATION_FAILED: No lists .*"ZZ"/);
  expect((await perennial('deploy', model, '--market', 'DE', '--canary', '5')).error).toContain('must be 0 or 1');
  const one = await perennial('deploy', model, '--market', 'DE', '--reason', 'the pilot');
  expect(one.error).toBe('');
  const [de] = await list();
  expect(one.out).toContain(`Rollout ${de!.id} brings version 2 of ${model} in DE in, in place of version 1.`);
  expect(de).toMatchObject({
    market: 'DE',
    version: 2,
    base: 1,
    plan: { gates: [{ name: 'ndcg' }, { name: 'hit' }, { name: 'listed' }] },
  });
  expect(de!.plan.steps).toEqual([{ share: 0, minSeconds: 7 * 86_400, maxSeconds: 28 * 86_400 }]);
  expect((await perennial('deploy', model)).error).toMatch(
    new RegExp(`^CONFLICT: Rollout ${de!.id} of "${model}" in DE goes on, with version 2`),
  );
  expect(await list()).toHaveLength(1);
  expect((await perennial('rollouts', 'abort', de!.id, '--reason', 'too early')).out).toContain(
    `${model} in DE version 2: aborted. Version 1 answers all customers of DE again`,
  );

  const all = await perennial('deploy', model, '--bake', '0', '--limit', '60');
  expect(all.out).toContain(`Follow it: perennial rollouts ls --model ${model}`);
  const started = (await list()).filter(({ status }) => status === 'queued');
  expect(started.map(({ market, plan }) => [market, plan.steps]).sort()).toEqual(
    ['DE', 'FR'].map((market) => [market, [{ share: 0, minSeconds: 0, maxSeconds: 60 }]]),
  );
  expect((await perennial('rollouts', 'ls')).out).toMatch(/offers-next-products\s+FR\s+2\s+1\s+queued/);
});

it('shows what makes the lists of a market, and which rollout a decision led to', async () => {
  const [fr] = (await list()).filter(({ market, status }) => market === 'FR' && status === 'queued');
  await advanceRollout({ rollouts: api.database.rollouts, clock }, fr!.id);
  await perennial('rollouts', 'skip', fr!.id, '--reason', 'we know it from DE');
  expect((await perennial('rollouts', 'show', fr!.id)).out).toContain(
    `${model} in FR version 2, in place of version 1: completed`,
  );
  const traffic = await api.call('GET', `/v1/models/${model}/traffic?market=FR`);
  expect(traffic.json<{ traffic: TrafficRecord[] }>().traffic[0]).toMatchObject({
    ...{ model: `${model}@FR`, routes: [{ version: 2, share: 1 }], rollout: null },
    ...{ by: 'admin of the test', reason: expect.stringContaining('has taken over from version 1 in FR') },
  });
  expect(
    (await api.call('GET', `/v1/models/${model}/traffic`)).json<{ traffic: TrafficRecord[] }>().traffic,
  ).toHaveLength(1);

  await api.database.decisions.settle('d-08', clock.now());
  const shown = await perennial('decisions', 'show', 'd-08');
  expect(shown.out).toMatch(/→ rollout [0-9a-f-]{36}/);
  expect(shown.out).toContain('→ promoted: Version 2 has taken over in FR; 1 of its 3 rollouts completed.');
  // A person's choice for all markets ends what markets had of their own, once their rollouts have ended.
  const promote = ['models', 'promote', model, '--version', '2', '--reason', 'for all'];
  expect((await perennial(...promote)).error).toMatch(
    /^CONFLICT: Rollout .* decides by what "offers-next-products" is served/,
  );
  const [de] = (await list()).filter(({ market, status }) => market === 'DE' && status === 'queued');
  await perennial('rollouts', 'abort', de!.id, '--reason', 'for all now');
  expect((await perennial(...promote)).error).toBe('');
  for (const market of ['DE', 'FR']) {
    const { traffic } = (await api.call('GET', `/v1/models/${model}/traffic?market=${market}`)).json<{
      traffic: TrafficRecord[];
    }>();
    expect(traffic[0]?.routes).toEqual([]);
  }
  expect((await perennial('deploy', 'translation-en-de', '--market', 'DE')).error).toContain('makes no lists');
});
