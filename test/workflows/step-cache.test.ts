import { rmSync } from 'node:fs';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../contracts/runs.ts';
import { definePipeline } from '../../domain/dag/index.ts';
import { prepareRerun } from '../../domain/dag/rerun.ts';
import { stepsToRestart } from '../../domain/dag/restart.ts';
import { type RunWorker, runWorker } from '../support/run-worker.ts';

const params = Type.Object({ seed: Type.Integer({ default: 1 }), note: Type.String({ default: '' }) });
/** How often each step's code ran, by name and seed. */
const ran: string[] = [];
const define = (version: string) =>
  definePipeline({
    id: 'cached',
    title: 'Cached',
    description: 'Training that depends on its seed and its data only.',
    params,
    steps: {
      data: { run: ({ params: { seed } }) => ({ sha256: `data-${seed}` }) },
      train: {
        version,
        needs: ['data'],
        cache: { params: ['seed'], maxAge: '1h' },
        async run({ params: { seed }, services }) {
          ran.push(`train-${seed}`);
          return { model: (await services.artifacts.putBytes(new TextEncoder().encode(`weights ${seed}`))) as never };
        },
      },
      items: {
        needs: ['train'],
        map: { over: '["DE", "FR"]' },
        cache: { params: [] },
        run: ({ item }) => {
          ran.push(`item-${item?.key}`);
          return `${item?.key}!`;
        },
      },
    },
  });

let worker: RunWorker;
beforeAll(async () => {
  worker = await runWorker([define('1')]);
});
afterAll(() => worker.close());

const run = async (more: object = {}) => {
  ran.length = 0;
  const { run } = await worker.starter.start({ pipeline: 'cached', trigger: { kind: 'api', by: 'test' }, ...more });
  expect((await worker.ended(run.id)).status).toBe('succeeded');
  return run;
};

describe('the step cache', () => {
  it('gives what an earlier run made of the same, and says which run that was', async () => {
    const first = await run();
    expect([...ran].sort()).toEqual(['item-DE', 'item-FR', 'train-1']);
    const second = await run({ params: { note: 'parameters that do not count may differ' } });
    expect(ran).toEqual([]);
    const [made, taken] = [await worker.stepOf(first.id, 'train'), await worker.stepOf(second.id, 'train')];
    expect(made?.cachedFrom).toBeNull();
    expect(taken).toMatchObject({
      status: 'succeeded',
      output: made?.output,
      cachedFrom: { runId: first.id, stepId: 'train', mapKey: '' },
      attempts: [{ attempt: 1, status: 'succeeded' }],
    });
    expect(await worker.stepOf(second.id, 'items', 'FR')).toMatchObject({
      output: 'FR!',
      cachedFrom: { runId: first.id, stepId: 'items', mapKey: 'FR' },
    });
    const told = (await worker.database.runs.events(second.id, 0, 100)).map((event) => event.data);
    expect(told).toContainEqual(expect.objectContaining({ stepId: 'train', cachedFrom: expect.anything() }));
  });

  it('computes again for other parameters, other code, and when a run asks for it', async () => {
    await run({ params: { seed: 2 } });
    expect(ran).toContain('train-2');
    await run({ cache: false });
    expect([...ran].sort()).toEqual(['item-DE', 'item-FR', 'train-1']);
    (worker.pipelines as Map<string, unknown>).set('cached', define('2'));
    await run();
    expect(ran).toContain('train-1');
    (worker.pipelines as Map<string, unknown>).set('cached', define('1'));
  });

  it('computes again in a retry and in a re-run that ask for it', async () => {
    const first = await run();
    expect(ran).toEqual([]);
    const { runs } = worker.database;
    const record = (await runs.get(first.id)) as RunRecord;
    const reset = stepsToRestart(record, await runs.steps(first.id), ['train']);
    const next = await runs.restart(first.id, { execution: 1, reset, skip: [], by: 'ann', cache: false });
    await worker.launcher.start(next);
    await worker.ended(first.id);
    expect([...ran].sort()).toEqual(['item-DE', 'item-FR', 'train-1']);
    expect(await worker.stepOf(first.id, 'train')).toMatchObject({ status: 'succeeded', cachedFrom: null });
    const again = { cache: true, trigger: { kind: 'rerun', by: 'ann' } } as const;
    const prepared = prepareRerun(define('1'), { ...record, cache: false }, await runs.steps(first.id), again);
    expect(prepared.cache).toBe(true);
  });

  it('computes again when an artifact of the output is gone, or the output is too old', async () => {
    await run();
    expect(ran).toEqual([]);
    rmSync(worker.artifacts, { recursive: true });
    await run();
    expect(ran).toEqual(['train-1']);
    await worker.query(`update step_cache set created_at = now() - interval '61 minutes'`);
    await run();
    expect(ran).toEqual(['train-1']);
  });

  it('drops what nobody used for long, then the least used until it is small enough', async () => {
    await run();
    const { cache } = worker.database;
    const entries = async () => (await cache.use()).reduce((sum, use) => sum + use.entries, 0);
    const all = await entries();
    expect(await cache.evict(new Date(0), 2 ** 30)).toBe(0);
    await worker.query(`update step_cache set used_at = now() - interval '40 days' where step_id = 'items'`);
    const dropped = await cache.evict(new Date(Date.now() - 30 * 86_400_000), 2 ** 30);
    expect(dropped).toBeGreaterThanOrEqual(2);
    expect(await entries()).toBe(all - dropped);
    const size = (await cache.use()).reduce((sum, use) => sum + use.bytes, 0);
    expect(await cache.evict(new Date(0), size - 1)).toBe(1);
    await cache.clear('cached', 'train');
    expect(await entries()).toBe(0);
    expect((await run()).id).toBeTruthy();
    expect(ran).toContain('train-1');
  });
});
