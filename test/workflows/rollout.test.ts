import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rolloutWorkflowId } from '../../contracts/names.ts';
import type { ComparedAnswer, RolloutEvent, RolloutPlan, RolloutRecord } from '../../contracts/rollouts.ts';
import type { TrafficRecord } from '../../contracts/traffic.ts';
import { definePipeline } from '../../domain/dag/index.ts';
import { Random } from '../../domain/nlp/index.ts';
import { saveHistory, workflowCode } from '../support/dag-worker.ts';
import { type Scheduler, startScheduler } from '../support/scheduler.ts';

/** Makes lists of markets. */
const lists = definePipeline({
  ...{ id: 'lists', title: 'Lists', description: 'For tests.', params: Type.Object({}) },
  models: [{ name: 'lists-*', formatVersion: 1, makesLists: true, parts: async () => [] }],
  steps: { none: { run: async () => null } },
});
let scheduler: Scheduler;
beforeAll(async () => {
  scheduler = await startScheduler(new Map([['lists', lists]]));
});
afterAll(() => scheduler.close());

/** A model with a champion, version 1, and two more versions. */
async function newModel(kind = 'model'): Promise<string> {
  const { models } = scheduler.api.database;
  const model = `${kind}-${randomUUID().slice(0, 8)}`;
  for (let i = 0; i < 3; i++) {
    const artifact = { uri: `artifact:${i}`, sha256: `${i}`.repeat(64), size: 1 };
    await models.add({ model, formatVersion: 1, artifact, metrics: {}, lineage: {}, runId: 'r' } as never);
  }
  await models.setAlias(model, 'champion', 1, 'test', 'the first');
  return model;
}

const plan: Partial<RolloutPlan> = {
  steps: [0, 0.05, 1].map((share) => ({ share, minSeconds: 0, maxSeconds: 3600 })),
};
const good: ComparedAnswer = { error: null, ms: 50, scores: {} };

type Shown = RolloutRecord & { readonly events: RolloutEvent[] };
const show = (id: string) => scheduler.get<Shown>(`/v1/rollouts/${id}`);
const until = (id: string, isWanted: (rollout: Shown) => boolean) => scheduler.until(() => show(id), isWanted);
const start = async (model: string, given: object = {}) =>
  (await scheduler.post<RolloutRecord>('/v1/rollouts', { model, version: 2, plan, reason: 'it is newer', ...given }))
    .body;
const tell = (id: string, command: string) =>
  scheduler.post<RolloutRecord>(`/v1/rollouts/${id}/${command}`, { reason: 'because' });
const traffic = async (model: string) =>
  (await scheduler.get<{ traffic: TrafficRecord[] }>(`/v1/models/${model}/traffic`)).traffic;

/** What replicas would have compared while a step goes on. */
async function compare(
  { id, step }: Pick<RolloutRecord, 'id' | 'step'>,
  count: number,
  candidate: () => ComparedAnswer,
): Promise<void> {
  await scheduler.api.database.rollouts.addComparisons(
    Array.from({ length: count }, () => ({
      rolloutId: id,
      step,
      at: new Date().toISOString(),
      requestId: randomUUID(),
      served: 'base' as const,
      base: good,
      candidate: candidate(),
    })),
  );
}

describe('a rollout', () => {
  it('brings a version in step by step, and makes it the champion', async () => {
    const model = await newModel();
    const { id } = await start(model);
    for (let step = 0; step < 3; step++) {
      const rollout = await until(id, (r) => r.status === 'running' && r.step === step);
      const [now] = await traffic(model);
      expect(now).toMatchObject({ rollout: { id, step, comparedPerSecond: 10 } });
      expect(now!.routes.map(({ share }) => share)).toEqual(
        [
          [1, 0],
          [0.95, 0.05],
          [0, 1],
        ][step],
      );
      await compare(rollout, 700, () => good);
    }
    const done = await until(id, (r) => r.finishedAt !== null);
    expect(done.status).toBe('completed');
    expect(done.events.map(({ type }) => type)).toEqual(['created', 'step', 'step', 'step', 'completed']);
    expect((await traffic(model))[0]).toMatchObject({
      routes: [{ version: 2, configuration: 0, share: 1 }],
      rollout: null,
    });
    expect(await scheduler.api.database.models.byAlias(model, 'champion')).toMatchObject({ version: 2 });
    const history = await scheduler.temporal.client.workflow.getHandle(rolloutWorkflowId(id)).fetchHistory();
    saveHistory('rollout', history);
  });

  it('brings a configuration in alone, which stays in force when another version is promoted', async () => {
    const model = await newModel();
    const { configurations, models } = scheduler.api.database;
    const given = { model, settings: { beam: 2 }, sha256: 'a'.repeat(64), by: 'test', reason: 'wider' };
    const { configuration: made } = await configurations.add(given);
    const { id } = await start(model, { version: undefined, configuration: made.configuration });
    for (let step = 0; step < 3; step++)
      await compare(await until(id, (r) => r.status === 'running' && r.step === step), 700, () => good);
    const done = await until(id, (r) => r.finishedAt !== null);
    expect(done).toMatchObject({ status: 'completed', version: 1, configuration: 1, base: 1, baseConfiguration: 0 });
    expect(done.reason).toMatch(/^Version 1 with configuration 1 has taken over from version 1\. /);
    expect(await configurations.inForce(model)).toBe(1);
    // The champion is the one it was: its history has no more entries.
    expect(await models.history(model, 'champion')).toHaveLength(1);
    await models.setAlias(model, 'champion', 2, 'test', 'newer');
    expect((await traffic(model))[0]).toMatchObject({ routes: [{ version: 2, configuration: 1, share: 1 }] });
    const next = await start(model, { version: 3, configuration: 0 });
    expect(next).toMatchObject({ version: 3, configuration: 0, base: 2, baseConfiguration: 1 });
    await until(next.id, (r) => r.status === 'running');
    expect(await configurations.inForce(model)).toBe(1);
    await expect(models.setAlias(model, 'champion', 2, 'test', 'now', { configuration: 0 })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(next.id),
    });
    await tell(next.id, 'abort');
    expect((await traffic(model))[0]).toMatchObject({ routes: [{ version: 2, configuration: 1, share: 1 }] });
  });

  it('gives all callers back when a gate shows the version worse, and says why', async () => {
    const model = await newModel();
    const random = new Random(1);
    const { id } = await start(model);
    const rollout = await until(id, (r) => r.status === 'running');
    await compare(rollout, 800, () => ({ ...good, error: random.next() < 0.04 ? 'INTERNAL' : null }));
    const done = await until(id, (r) => r.finishedAt !== null);
    expect(done).toMatchObject({ status: 'rolled-back', step: 0 });
    expect(done.reason).toMatch(
      /^Version 1 answers all callers again, version 2 none. errors: \d+(?:\.\d+)? % more errors in 800 pairs/,
    );
    expect((await traffic(model))[0]).toMatchObject({
      routes: [{ version: 1, configuration: 0, share: 1 }],
      rollout: null,
    });
    expect(await scheduler.api.database.models.byAlias(model, 'champion')).toMatchObject({ version: 1 });

    const { rollouts } = scheduler.api.database;
    const kept = async () => (await rollouts.comparisons(id, 0, '0', 1000)).comparisons.length;
    await rollouts.forgetComparisons(new Date(Date.parse(done.finishedAt as string)));
    expect(await kept()).toBe(800);
    await rollouts.forgetComparisons(new Date(Date.parse(done.finishedAt as string) + 1));
    expect(await kept()).toBe(0);
  });

  it('is paused, skipped and aborted by people; a paused one is guarded but does not go on', async () => {
    const model = await newModel();
    const { id } = await start(model);
    await until(id, (r) => r.status === 'running');
    await tell(id, 'skip');
    expect((await show(id)).step).toBe(1);
    expect((await tell(id, 'pause')).body.status).toBe('paused');
    await compare({ id, step: 1 }, 700, () => good);
    const guarded = await until(id, (r) => r.readings.length > 0 && r.readings.every(({ state }) => state === 'fine'));
    expect(guarded).toMatchObject({ status: 'paused', step: 1 });
    await tell(id, 'resume');
    await until(id, (r) => r.step === 2);
    expect((await tell(id, 'abort')).body.status).toBe('aborted');
    expect((await traffic(model))[0]?.routes).toEqual([{ version: 1, configuration: 0, share: 1 }]);
    expect((await tell(id, 'abort')).status).toBe(409);
    expect((await show(id)).events.map(({ type }) => type)).toEqual([
      'created',
      'step',
      'step',
      'pause',
      'resume',
      'step',
      'aborted',
    ]);
  });

  it('of a market begins by itself, waits between two looks, and leaves other markets alone', async () => {
    const model = await newModel('lists');
    const { database } = scheduler.api;
    for (const market of ['DE', 'FR'])
      await database.predictions.replaceMarket(market, '2026-06-10', [
        {
          ...{ market, asOf: '2026-06-10', customerId: market, runId: 'r', modelVersion: 1, horizonDays: 31 },
          ...{ products: [], newProducts: [] },
        },
      ]);
    const steps = [{ share: 0, minSeconds: 0, maxSeconds: 3600 }];
    const { id } = await start(model, { market: 'DE', plan: { steps } });
    await until(id, (r) => r.status === 'running');
    const history = await scheduler.until(
      () => scheduler.temporal.client.workflow.getHandle(rolloutWorkflowId(id)).fetchHistory(),
      ({ events }) => (events ?? []).some(({ timerStartedEventAttributes }) => timerStartedEventAttributes),
    );
    saveHistory('rollout-of-market', history);
    await Worker.runReplayHistory(await workflowCode(), history);
    expect((await traffic(`${model}@DE`))[0]).toMatchObject({ rollout: { id, step: 0 }, routes: [{ share: 1 }, {}] });
    expect((await tell(id, 'skip')).body).toMatchObject({ status: 'completed', market: 'DE' });
    expect((await traffic(`${model}@DE`))[0]?.routes).toEqual([{ version: 2, configuration: 0, share: 1 }]);
    expect(await traffic(`${model}@FR`)).toEqual([]);
    expect(await database.models.byAlias(model, 'champion')).toMatchObject({ version: 1 });
  });

  it('is refused for what cannot be: a second one, the champion itself, no champion, a plan that does not hold', async () => {
    const model = await newModel();
    const { id } = await start(model);
    const ask = (given: object) =>
      scheduler.post<{ status: number; detail: string }>('/v1/rollouts', {
        model,
        version: 3,
        reason: 'it is newer',
        ...given,
      });
    expect((await ask({})).body).toMatchObject({ status: 409 });
    await expect(scheduler.api.database.models.setAlias(model, 'champion', 3, 'test', 'now')).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await until(id, (r) => r.status === 'running');
    await tell(id, 'abort');
    expect((await ask({ version: 1 })).status).toBe(400);
    expect((await ask({ version: 9 })).status).toBe(404);
    expect((await ask({ model: 'none' })).status).toBe(409);
    const bad = await ask({ plan: { steps: [{ share: 0.5, minSeconds: 0, maxSeconds: 10 }] } });
    expect(bad.body.detail).toContain('steps[0].share must be 1: a rollout ends with all callers');
  });
});
