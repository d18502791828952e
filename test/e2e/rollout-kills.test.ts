import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ComparedAnswer, RolloutRecord } from '../../contracts/rollouts.ts';
import { forkedWorker } from '../support/forked-worker.ts';
import { type Scheduler, startScheduler } from '../support/scheduler.ts';
import { temporalAddress } from '../support/servers.ts';

let scheduler: Scheduler;
const worker = forkedWorker('rollout-worker.mjs', () => ({
  url: scheduler.api.url,
  address: temporalAddress(),
  namespace: scheduler.temporal.client.options.namespace,
}));

beforeAll(async () => {
  scheduler = await startScheduler(new Map(), { worker: false });
  await worker.start();
});
afterAll(async () => {
  await worker.kill();
  await scheduler.close();
});

const good: ComparedAnswer = { error: null, ms: 50, scores: {} };
const shares = [0, 0.05, 0.25, 1];

it('goes on after its worker is killed in each step, and callers are always answered by a version', async () => {
  const { models, rollouts, traffic } = scheduler.api.database;
  for (const sha256 of ['a', 'b'])
    await models.add({
      model: 'm',
      formatVersion: 1,
      artifact: { uri: `file:${sha256}`, sha256, bytes: 1 },
      metrics: {},
      lineage: {},
      runId: 'test',
    });
  await models.setAlias('m', 'champion', 1, 'test', 'the first');
  const steps = shares.map((share) => ({ share, minSeconds: 0, maxSeconds: 3600 }));
  const { body } = await scheduler.post<RolloutRecord>('/v1/rollouts', {
    model: 'm',
    version: 2,
    plan: { steps },
    reason: 'it is newer',
  });
  const until = (isWanted: (rollout: RolloutRecord) => boolean) =>
    scheduler.until(() => scheduler.get<RolloutRecord>(`/v1/rollouts/${body.id}`), isWanted);
  for (const step of shares.keys()) {
    await until((rollout) => rollout.status === 'running' && rollout.step === step);
    await worker.kill();
    // Callers go on being answered, and compared, with nobody there to watch.
    await rollouts.addComparisons(
      Array.from({ length: 700 }, () => ({
        rolloutId: body.id,
        step,
        at: new Date().toISOString(),
        requestId: randomUUID(),
        served: 'base' as const,
        base: good,
        candidate: good,
      })),
    );
    expect((await traffic.list())[0]?.routes.map(({ share }) => share)).toEqual([
      1 - (shares[step] as number),
      shares[step],
    ]);
    await worker.start();
  }
  expect(await until((rollout) => rollout.finishedAt !== null)).toMatchObject({ status: 'completed' });
  const states = await traffic.history('m', { limit: 100 });
  for (const { routes } of states) expect(routes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  // Each step was taken once.
  expect(states.map(({ routes }) => routes.at(-1)?.share)).toEqual([1, 1, 0.25, 0.05, 0, 1]);
  expect(await models.byAlias('m', 'champion')).toMatchObject({ version: 2 });
}, 180_000);
