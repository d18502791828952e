import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AliasHistory, ModelList } from '../../contracts/models.ts';
import type { GateCourses, RolloutDefaults, RolloutRecord } from '../../contracts/rollouts.ts';
import type { TrafficNow } from '../../contracts/traffic.ts';
import { rolloutIds, seedMonth } from '../support/month.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
  await seedMonth(api.database, { url: api.url });
});
afterAll(() => api.close());
it('tells what gates have seen: both versions, and an interval that agrees with their verdicts', async () => {
  const { step, gates, pairs, more } = await api.read<GateCourses>(`/v1/rollouts/${rolloutIds.running}/gates`);
  expect({ step, pairs, more }).toEqual({ step: 1, pairs: 640, more: false });
  const { readings, plan } = await api.read<RolloutRecord>(`/v1/rollouts/${rolloutIds.running}`);
  expect(gates.map(({ gate }) => gate)).toEqual(plan.gates.map(({ name }) => name));
  for (const gate of plan.gates) {
    const reading = readings.find((one) => one.gate === gate.name);
    const course = gates.find((one) => one.gate === gate.name);
    const last = course?.points.at(-1);
    expect(last?.count ?? 0).toBe(reading?.count);
    if (!last) continue;
    expect(last.difference).toBeCloseTo(reading?.difference as number);
    expect(last.high !== null && last.high <= gate.harmful).toBe(reading?.state === 'fine');
  }
  const latency = gates.find(({ gate }) => gate === 'latency');
  expect(latency?.base).toBeGreaterThan(40);
  expect(latency?.candidate).toBeGreaterThan(latency?.base as number);
  expect((await api.call('GET', '/v1/rollouts/none/gates')).statusCode).toBe(404);
});

it('tells which versions answer now, and how a model is rolled out by default', async () => {
  const { traffic } = await api.read<TrafficNow>('/v1/traffic');
  expect(traffic.find(({ model }) => model === 'translation-en-de')?.routes).toEqual([
    { version: 3, configuration: 0, share: 0.95 },
    { version: 4, configuration: 0, share: 0.05 },
  ]);
  const lists = await api.read<RolloutDefaults>('/v1/models/offers-next-products/rollout-plan');
  expect(lists).toMatchObject({ makesLists: true, plan: { steps: [{ share: 0 }] } });
  expect(lists.markets).toContain('France');
  const translation = await api.read<RolloutDefaults>('/v1/models/translation-en-de/rollout-plan');
  expect(translation).toMatchObject({ makesLists: false, markets: [] });
  expect(translation.plan.gates.map(({ name }) => name)).toContain('terms');
});

it('tells what an alias would be rolled back to, and who may move it', async () => {
  expect((await api.read<AliasHistory>('/v1/models/offers-next-products/history')).backTo).toEqual({
    champion: 3,
    challenger: null,
  });
  expect((await api.read<ModelList>('/v1/models')).protectedAliases).toEqual({ champion: 'admin' });
});

it('finds the decisions whose overrides wait', async () => {
  const { decisions } = await api.read<{ decisions: { overrides: { status: string }[] }[] }>(
    '/v1/decisions?override=pending',
  );
  expect(decisions.map(({ overrides }) => overrides.map(({ status }) => status))).toEqual([['pending']]);
  expect((await api.read<{ decisions: unknown[] }>('/v1/decisions?override=declined')).decisions).toHaveLength(1);
});
