import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PerennialError } from '../../contracts/errors.ts';
import type { RunRecord } from '../../contracts/runs.ts';
import { definePipeline } from '../../domain/dag/index.ts';
import { prepareRerun } from '../../domain/dag/rerun.ts';
import { stepsToRestart } from '../../domain/dag/restart.ts';
import { createGates } from '../support/gates.ts';
import { type RunWorker, runWorker } from '../support/run-worker.ts';

const gates = createGates();
/** Steps of a run that fail, by `run/step`; taken out, they succeed. */
const broken = new Set<string>();
const params = Type.Object({ tag: Type.String({ default: '' }) });
const once = { retry: { attempts: 1 } } as const;
const failIf = (key: string): void => {
  if (broken.has(key)) throw new PerennialError('DATA_MISSING', `${key} has no data.`);
};

const line = definePipeline({
  id: 'line',
  title: 'Line',
  description: 'Two steps, the first held by a gate.',
  params,
  steps: {
    first: {
      ...once,
      heartbeat: '10s',
      async run(context) {
        await gates.pass(`${context.runId}/first/${context.attempt}`, context);
        return context.attempt;
      },
    },
    second: { ...once, needs: ['first'], run: ({ inputs }) => inputs['first'] ?? 'nothing' },
  },
});

const training = definePipeline({
  id: 'training',
  title: 'Training',
  description: 'A step that goes on from its checkpoint.',
  params,
  steps: {
    train: {
      ...once,
      heartbeat: '10s',
      async run(context) {
        const { checkpoints } = context.services;
        const key = `${context.runId}/epoch`;
        const done = Number(new TextDecoder().decode((await checkpoints.load(key)) ?? new Uint8Array()) || 0);
        if (done === 0) {
          await checkpoints.save(key, new TextEncoder().encode('7'));
          await gates.pass(`${context.runId}/epoch`, context);
        }
        return { from: done, attempt: context.attempt };
      },
    },
  },
});

const long = definePipeline({
  id: 'long',
  title: 'Long',
  description: 'A chain of 40, of which one may fail.',
  params,
  steps: Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [
      `s${i}`,
      {
        ...once,
        ...(i === 0 ? {} : { needs: [`s${i - 1}`] }),
        run: ({ runId }: { runId: string }) => {
          failIf(`${runId}/s${i}`);
          return i;
        },
      },
    ]),
  ),
});

const mapped = definePipeline({
  id: 'mapped',
  title: 'Mapped',
  description: 'A list, its items, their sum.',
  params,
  steps: {
    list: { ...once, run: () => ['a', 'b', 'c', 'd'] },
    each: {
      ...once,
      heartbeat: '10s',
      needs: ['list'],
      map: { over: 'steps.list.output', concurrency: 1, toleratedFailures: 0 },
      async run(context) {
        const key = `${context.runId}/${context.item?.key}`;
        failIf(key);
        if (context.params.tag === 'held') await gates.pass(key, context);
        return context.attempt;
      },
    },
    sum: { ...once, needs: ['each'], run: ({ inputs }) => Object.keys(inputs['each'] as object).length },
  },
});

let worker: RunWorker;
beforeAll(async () => {
  worker = await runWorker([line, training, long, mapped]);
});
afterAll(() => worker.close());

const start = async (pipeline: string, more: object = {}): Promise<RunRecord> =>
  (await worker.starter.start({ pipeline, trigger: { kind: 'api', by: 'test' }, ...more })).run;
const pauseOf = (mode: 'drain' | 'checkpoint') =>
  ({ mode, by: 'ann', reason: 'maintenance', at: new Date().toISOString() }) as const;
const paused = (run: RunRecord) => worker.until(run.id, ({ status }) => status === 'paused');
const stepsOf = async (run: RunRecord) =>
  Object.fromEntries((await worker.database.runs.steps(run.id)).map((s) => [`${s.stepId}${s.mapKey}`, s]));
const retry = async (run: RunRecord, from?: string[], skip: { stepId: string; reason: string }[] = []) => {
  const now = (await worker.database.runs.get(run.id)) as RunRecord;
  const reset = stepsToRestart(now, await worker.database.runs.steps(run.id), from);
  const next = await worker.database.runs.restart(run.id, { execution: now.execution, reset, skip, by: 'ann' });
  await worker.launcher.start(next);
  return next;
};

describe('a paused run', () => {
  it('lets the running step finish, starts no other, and goes on when resumed', async () => {
    const run = await start('line');
    await gates.arrived(`${run.id}/first/1`);
    await worker.launcher.pause(run, pauseOf('drain'));
    expect(await paused(run)).toMatchObject({ pause: { by: 'ann', reason: 'maintenance', mode: 'drain' } });
    gates.open(`${run.id}/first/1`);
    await worker.until(run.id, (_, steps) => steps.find((s) => s.stepId === 'first')?.status === 'succeeded');
    expect(await worker.stepOf(run.id, 'second')).toMatchObject({ status: 'pending', attempts: [] });
    await worker.launcher.resume(run);
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded', pause: null });
    expect(await stepsOf(run)).toMatchObject({ first: { attempts: [{ attempt: 1 }] }, second: { output: 1 } });
  });

  it('can be told to stop at its checkpoint after all, and says so', async () => {
    const run = await start('training');
    await gates.arrived(`${run.id}/epoch`);
    await worker.launcher.pause(run, pauseOf('drain'));
    await paused(run);
    await worker.launcher.pause(run, { ...pauseOf('checkpoint'), by: 'bob', reason: 'it takes too long' });
    await worker.until(run.id, (_, steps) => steps[0]?.status === 'pending');
    expect(await paused(run)).toMatchObject({ pause: { by: 'bob', mode: 'checkpoint', reason: 'it takes too long' } });
    await worker.launcher.resume(run);
    expect((await worker.ended(run.id)).status).toBe('succeeded');
  });

  it('stops a step at its checkpoint on request, and goes on from there', async () => {
    const run = await start('training');
    await gates.arrived(`${run.id}/epoch`);
    await worker.launcher.pause(run, pauseOf('checkpoint'));
    await worker.until(run.id, (_, steps) => steps[0]?.status === 'pending');
    expect((await paused(run)).status).toBe('paused');
    await worker.launcher.resume(run);
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded' });
    const step = await worker.stepOf(run.id, 'train');
    expect(step?.output).toEqual({ from: 7, attempt: 2 });
    expect(step?.attempts.map((a) => a.status)).toEqual(['cancelled', 'succeeded']);
  });

  it('holds the items of a mapped step, and does none of them twice', async () => {
    const run = await start('mapped', { params: { tag: 'held' } });
    await gates.arrived(`${run.id}/a`);
    gates.open(`${run.id}/a`);
    await gates.arrived(`${run.id}/b`);
    await worker.launcher.pause(run, pauseOf('checkpoint'));
    await worker.until(run.id, (_, steps) => steps.find((s) => s.mapKey === 'b')?.status === 'pending');
    await worker.launcher.resume(run);
    for (const key of ['b', 'c', 'd']) gates.open(`${run.id}/${key}`);
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded' });
    const steps = await stepsOf(run);
    expect(steps['sum']?.output).toBe(4);
    expect(['a', 'b', 'c', 'd'].map((key) => steps[`each${key}`]?.attempts.length)).toEqual([1, 2, 1, 1]);
  });

  it('can be cancelled', async () => {
    const run = await start('line');
    await gates.arrived(`${run.id}/first/1`);
    await worker.launcher.pause(run, pauseOf('drain'));
    await paused(run);
    gates.open(`${run.id}/first/1`);
    await worker.launcher.cancel((await worker.database.runs.get(run.id)) as RunRecord);
    expect(await worker.ended(run.id)).toMatchObject({ status: 'cancelled' });
  });

  it('stays paused when its workers are replaced', async () => {
    const run = await start('line');
    await gates.arrived(`${run.id}/first/1`);
    await worker.launcher.pause(run, pauseOf('drain'));
    await paused(run);
    gates.open(`${run.id}/first/1`);
    await worker.until(run.id, (_, steps) => steps.find((s) => s.stepId === 'first')?.status === 'succeeded');
    await worker.stopWorkers();
    await worker.startWorkers();
    expect((await worker.database.runs.get(run.id))?.status).toBe('paused');
    await worker.launcher.resume(run);
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded' });
  });
});

describe('a retry', () => {
  it('runs the failed step of 40 and what comes after it; the others keep their one attempt', async () => {
    const id = randomUUID();
    const run = await start('long', { idempotencyKey: id });
    broken.add(`${run.id}/s39`);
    expect(await worker.ended(run.id)).toMatchObject({ status: 'failed', error: { code: 'DATA_MISSING' } });
    broken.clear();
    const before = await stepsOf(run);
    expect(await retry(run)).toMatchObject({ status: 'queued', execution: 2, error: null });
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded', execution: 2, error: null });
    const after = await stepsOf(run);
    for (let i = 0; i < 39; i++) expect(after[`s${i}`]).toEqual(before[`s${i}`]);
    expect(after['s39']?.attempts.map((a) => [a.attempt, a.status])).toEqual([
      [1, 'failed'],
      [2, 'succeeded'],
    ]);
  });

  it('runs only the items of a mapped step that failed', async () => {
    const run = await start('mapped');
    for (const key of ['b', 'c']) broken.add(`${run.id}/${key}`);
    await worker.ended(run.id);
    broken.clear();
    await retry(run);
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded' });
    const steps = await stepsOf(run);
    expect(steps['sum']?.output).toBe(4);
    expect(['a', 'b', 'c', 'd'].map((key) => steps[`each${key}`]?.attempts.length)).toEqual([1, 2, 1, 1]);
    expect(steps['list']?.attempts).toHaveLength(1);
  });

  it('runs from a named step, with all behind it, when asked', async () => {
    const run = await start('mapped');
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded' });
    await retry(run, ['each']);
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded', execution: 2 });
    const steps = await stepsOf(run);
    expect([steps['list'], steps['eacha'], steps['sum']].map((s) => s?.attempts.length)).toEqual([1, 2, 2]);
  });

  it('goes on without a step that is skipped by hand', async () => {
    const run = await start('long');
    broken.add(`${run.id}/s5`);
    await worker.ended(run.id);
    await retry(run, undefined, [{ stepId: 's5', reason: 'known hole' }]);
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded' });
    broken.clear();
    const steps = await stepsOf(run);
    expect(steps['s5']).toMatchObject({ status: 'skipped', reason: 'skipped by ann: known hole' });
    expect(steps['s39']).toMatchObject({ status: 'succeeded' });
  });

  it('leaves out again what was skipped by hand', async () => {
    const run = await start('long');
    broken.add(`${run.id}/s5`);
    await worker.launcher.pause(run, pauseOf('drain'));
    await worker.launcher.skip(run, { stepId: 's6', by: 'ann', reason: 'known hole' });
    await worker.launcher.resume(run);
    expect((await worker.ended(run.id)).status).toBe('failed');
    broken.clear();
    await retry(run);
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded', execution: 2 });
    expect(await stepsOf(run)).toMatchObject({
      s5: { status: 'succeeded' },
      s6: { status: 'skipped', reason: 'skipped by ann: known hole', attempts: [] },
      s39: { status: 'succeeded' },
    });
  });

  it('ends well when all that was missing had succeeded after all', async () => {
    const run = await start('line');
    await gates.arrived(`${run.id}/first/1`);
    gates.open(`${run.id}/first/1`);
    await worker.ended(run.id);
    // As it stands when an only attempt wrote down its success and died before it could tell.
    await worker.query(`update runs set status = 'failed' where id = '${run.id}'`);
    await worker.query(`update step_runs set status = 'skipped', reason = 'needs "first", which failed', output = null
      where run_id = '${run.id}' and step_id = 'second'`);
    await retry(run);
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded', execution: 2 });
    expect(await stepsOf(run)).toMatchObject({ first: { attempts: [{ attempt: 1 }] }, second: { output: 1 } });
  });

  it('is refused while the run goes on, and when another was faster', async () => {
    const run = await start('line');
    await gates.arrived(`${run.id}/first/1`);
    const restart = { execution: 1, reset: [], skip: [], by: 'ann' };
    await expect(worker.database.runs.restart(run.id, restart)).rejects.toMatchObject({ code: 'CONFLICT' });
    gates.open(`${run.id}/first/1`);
    await worker.ended(run.id);
    const both = await Promise.allSettled([1, 2].map(() => worker.database.runs.restart(run.id, restart)));
    expect(both.map((b) => b.status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('a skip by hand', () => {
  it('leaves out a step that has not begun, and stops one that runs', async () => {
    const run = await start('line');
    await gates.arrived(`${run.id}/first/1`);
    await worker.launcher.skip(run, { stepId: 'first', by: 'ann', reason: 'hangs' });
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded' });
    expect(await stepsOf(run)).toMatchObject({
      first: { status: 'skipped', reason: 'skipped by ann: hangs', output: null },
      second: { status: 'succeeded', output: 'nothing' },
    });
    const other = await start('line');
    await gates.arrived(`${other.id}/first/1`);
    await worker.launcher.skip(other, { stepId: 'second', by: 'ann', reason: 'not today' });
    gates.open(`${other.id}/first/1`);
    await worker.ended(other.id);
    expect(await stepsOf(other)).toMatchObject({ second: { status: 'skipped', attempts: [] } });
  });
});

describe('a re-run', () => {
  const rerun = async (parent: RunRecord, request: object, pipeline = mapped) => {
    const steps = await worker.database.runs.steps(parent.id);
    const trigger = { kind: 'rerun', by: 'ann' } as const;
    const { run } = await worker.database.runs.create(prepareRerun(pipeline, parent, steps, { trigger, ...request }));
    await worker.launcher.start(run);
    return run;
  };

  it('takes over the outputs before the named step, says from where, and runs the rest', async () => {
    const parent = await worker.ended((await start('mapped')).id);
    const run = await rerun(parent, { from: ['sum'] });
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded', parentId: parent.id });
    const steps = await stepsOf(run);
    const from = { runId: parent.id, stepId: 'each', mapKey: 'b' };
    expect(steps['eachb']).toMatchObject({ status: 'succeeded', attempts: [], cachedFrom: from });
    expect(steps['sum']).toMatchObject({ output: 4, cachedFrom: null });
  });

  it('is refused with the reason where the newest code does not fit the earlier outputs', async () => {
    const parent = await worker.ended((await start('mapped')).id);
    const newer = {
      ...mapped,
      steps: { ...mapped.steps, list: { ...mapped.steps.list, version: '2' } },
    } as typeof mapped;
    await expect(rerun(parent, { from: ['sum'] }, newer)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('steps.list was version 1 then and is version 2 now'),
    });
    const run = await rerun(parent, { from: ['sum'], code: 'run' }, newer);
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded' });
  });

  it('takes other parameters only when every step runs', async () => {
    const parent = await worker.ended((await start('mapped')).id);
    await expect(rerun(parent, { from: ['sum'], params: { tag: 'x' } })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    const run = await rerun(parent, { params: { tag: 'x' } });
    expect(await worker.ended(run.id)).toMatchObject({ status: 'succeeded', params: { tag: 'x' } });
    expect((await stepsOf(run))['list']?.attempts).toHaveLength(1);
  });
});
