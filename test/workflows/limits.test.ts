import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taskQueues } from '../../contracts/names.ts';
import type { Priority, RunRecord } from '../../contracts/runs.ts';
import { definePipeline } from '../../domain/dag/index.ts';
import { stepsToRestart } from '../../domain/dag/restart.ts';
import { createGates } from '../support/gates.ts';
import { type RunWorker, runWorker } from '../support/run-worker.ts';

const gates = createGates();
/** Runs in the order in which their steps began. */
const began: string[] = [];
const params = Type.Object({ day: Type.String({ default: '' }), market: Type.String({ default: '' }) });
const held = {
  retry: { attempts: 3, initial: '10ms' },
  heartbeat: '10s',
  async run(context: Parameters<typeof gates.pass>[1] & { runId: string }) {
    began.push(context.runId);
    await gates.pass(context.runId, context);
    return null;
  },
} as const;
const define = (id: string, more: object = {}, step: object = {}) =>
  definePipeline({
    id,
    title: id,
    description: 'One step, held by a gate.',
    params,
    partition: { date: 'day', key: 'market' },
    steps: { work: { ...held, ...step } },
    ...more,
  });

let worker: RunWorker;
beforeAll(async () => {
  worker = await runWorker([
    define('single', { concurrency: { runs: 1 } }),
    define('queue', { concurrency: { runs: 1 } }),
    define('markets', { concurrency: { perKey: 1 } }),
    define('undated', { partition: undefined, concurrency: { perKey: 1, key: 'market' } }),
    define('free'),
    define('pooled', {}, { pool: { name: 'gpu', capacity: 1 } }),
  ]);
});
afterAll(() => worker.close());

const start = async (pipeline: string, more: object = {}): Promise<RunRecord> =>
  (await worker.starter.start({ pipeline, trigger: { kind: 'api', by: 'test' }, ...more })).run;
const waits = (run: RunRecord) =>
  worker
    .until(run.id, () => true)
    .then(async () => {
      // The workflow of the run has asked and was told to wait.
      await untilWaiting(run);
      return (await worker.database.admission.waiting()).find((w) => w.runId === run.id);
    });
const untilWaiting = async (run: RunRecord, times = 1): Promise<void> => {
  let told = 0;
  for await (const { data } of eventsOf(run)) {
    if ((data as { waitsFor?: unknown }).waitsFor) told += 1;
    if (told === times) return;
  }
};
const retry = async (run: RunRecord): Promise<void> => {
  const now = (await worker.database.runs.get(run.id)) as RunRecord;
  const reset = stepsToRestart(now, await worker.database.runs.steps(run.id));
  await worker.launcher.start(
    await worker.database.runs.restart(run.id, { execution: now.execution, reset, skip: [], by: 'ann' }),
  );
};
async function* eventsOf(run: RunRecord) {
  let after = 0;
  let wake: () => void = () => {};
  const stop = await worker.database.runs.watch(run.id, () => wake());
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const events = await worker.database.runs.events(run.id, after, 100);
      for (const event of events) {
        after = event.id;
        yield event;
      }
      if (events.length === 0) await woken;
    }
  } finally {
    await stop();
  }
}

describe('a limit on runs', () => {
  it('lets in as many as it says, tells the others what they wait for, and goes on by priority, then age', async () => {
    const first = await start('queue');
    await gates.arrived(first.id);
    const late: RunRecord[] = [];
    for (const priority of [4, 3, 3, 1] as Priority[]) {
      const run = await start('queue', { priority });
      await untilWaiting(run);
      late.push(run);
    }
    const [backfill, normal, second, critical] = late as [RunRecord, RunRecord, RunRecord, RunRecord];
    const queue = (await worker.database.admission.waiting()).filter((w) => late.some((r) => r.id === w.runId));
    expect(queue.map((w) => w.runId)).toEqual([critical.id, normal.id, second.id, backfill.id]);
    expect(queue[1]).toMatchObject({ place: 2, step: null, limits: [{ name: 'queue', active: 1, capacity: 1 }] });
    for (const run of [first, critical, normal, second, backfill]) {
      await gates.arrived(run.id);
      gates.open(run.id);
      expect((await worker.ended(run.id)).status).toBe('succeeded');
    }
    const order = began.filter((id) => [first, ...late].some((run) => run.id === id));
    expect(order).toEqual([first, critical, normal, second, backfill].map((run) => run.id));
  });

  it('raises who waits long above who came with a better priority', async () => {
    const first = await start('queue');
    await gates.arrived(first.id);
    const old = await start('queue', { priority: 4 });
    const fresh = await start('queue', { priority: 3 });
    await untilWaiting(old);
    await untilWaiting(fresh);
    const order = async () =>
      (await worker.database.admission.waiting())
        .filter((w) => [old.id, fresh.id].includes(w.runId))
        .map((w) => w.runId);
    expect(await order()).toEqual([fresh.id, old.id]);
    await worker.query(`update runs set created_at = now() - interval '21 minutes' where id = '${old.id}'`);
    expect(await order()).toEqual([old.id, fresh.id]);
    for (const run of [first, old, fresh]) {
      await gates.arrived(run.id);
      gates.open(run.id);
      await worker.ended(run.id);
    }
  });

  it('counts the waiting of a retried run from its retry: it does not outrank what came in the meantime', async () => {
    const first = await start('queue');
    await gates.arrived(first.id);
    const old = await start('queue', { priority: 4 });
    await untilWaiting(old);
    await worker.launcher.cancel(old);
    await worker.ended(old.id);
    await worker.query(`update runs set created_at = now() - interval '3 days' where id = '${old.id}'`);
    await retry(old);
    const daily = await start('queue', { priority: 3 });
    await untilWaiting(daily);
    await untilWaiting(old, 2);
    const queue = (await worker.database.admission.waiting()).filter((w) => [old.id, daily.id].includes(w.runId));
    expect(queue.map((w) => w.runId)).toEqual([daily.id, old.id]);
    expect(Date.parse(queue[1]?.since ?? '')).toBeGreaterThan(Date.now() - 60_000);
    for (const run of [first, daily, old]) {
      await gates.arrived(run.id);
      gates.open(run.id);
      await worker.ended(run.id);
    }
  });

  it('does not hide a run that fits behind a thousand that do not', async () => {
    const [id] = [`crowd-${Date.now()}`];
    await worker.query(`insert into runs (id, pipeline, status, params, plan, trigger, priority, limits, launched_at)
      select '${id}-' || n, 'crowd', 'queued', '{}', '{"hash":""}', '{}', 1, '{"crowd": 0}', now() from generate_series(1, 1200) n`);
    try {
      const first = await start('queue');
      await gates.arrived(first.id);
      const second = await start('queue', { priority: 5 });
      await untilWaiting(second);
      expect(await worker.database.admission.waiting(second.id)).toMatchObject([
        { place: 1, limits: [{ name: 'queue' }] },
      ]);
      gates.open(first.id);
      await gates.arrived(second.id);
      gates.open(second.id);
      expect((await worker.ended(second.id)).status).toBe('succeeded');
    } finally {
      await worker.query(`delete from runs where id like '${id}-%'`);
    }
  });

  it('counts per key: another market does not wait', async () => {
    const de = await start('markets', { params: { day: '2026-01-01', market: 'DE' } });
    await gates.arrived(de.id);
    const again = await start('markets', { params: { day: '2026-01-02', market: 'DE' } });
    expect(await waits(again)).toMatchObject({ limits: [{ name: 'markets/DE' }] });
    const fr = await start('markets', { params: { day: '2026-01-01', market: 'FR' } });
    await gates.arrived(fr.id);
    for (const run of [de, fr, again]) {
      gates.open(run.id);
      await worker.ended(run.id);
    }
  });

  it('counts per value of any parameter, also where runs have no day', async () => {
    const first = await start('undated', { params: { market: 'DE' } });
    await gates.arrived(first.id);
    const again = await start('undated', { params: { market: 'DE' } });
    expect(await waits(again)).toMatchObject({ limits: [{ name: 'undated/DE' }] });
    const other = await start('undated', { params: { market: 'FR' } });
    await gates.arrived(other.id);
    for (const run of [first, other, again]) {
      gates.open(run.id);
      await worker.ended(run.id);
    }
  });

  it('holds over a restart of the workers, and a waiting run can be paused and cancelled', async () => {
    const first = await start('single');
    await gates.arrived(first.id);
    const [second, third] = [await start('single'), await start('single')];
    await untilWaiting(second);
    await untilWaiting(third);
    await worker.stopWorkers();
    gates.open(first.id);
    await worker.startWorkers();
    // The step was handed on when its worker stopped.
    expect(await worker.ended(first.id)).toMatchObject({ status: 'succeeded' });
    await gates.arrived(second.id);
    await worker.launcher.pause(third, { mode: 'drain', by: 'ann', reason: 'later', at: new Date().toISOString() });
    await worker.until(third.id, (run) => run.status === 'paused');
    gates.open(second.id);
    await worker.ended(second.id);
    expect((await worker.database.runs.get(third.id))?.admittedAt).toBeNull();
    await worker.launcher.cancel((await worker.database.runs.get(third.id)) as RunRecord);
    expect(await worker.ended(third.id)).toMatchObject({ status: 'cancelled', startedAt: null });
  });

  it('can be set at run time: 0 lets nothing in, taking it back lets all in', async () => {
    await worker.database.admission.setLimit('free', 0, 'ann');
    const run = await start('free');
    expect(await waits(run)).toMatchObject({ limits: [{ name: 'free', active: 0, capacity: 0 }] });
    expect(await worker.database.admission.limits()).toContainEqual({
      name: 'free',
      capacity: 0,
      by: 'ann',
      active: 0,
      waiting: 1,
    });
    expect(await worker.database.admission.clearLimit('free')).toBe(true);
    await worker.launcher.admitted((await worker.database.admission.next()).runs);
    await gates.arrived(run.id);
    gates.open(run.id);
    expect((await worker.ended(run.id)).status).toBe('succeeded');
  });
});

describe('a pool', () => {
  it('gives its slots to steps of any run by priority, says who waits, and takes them back from cancelled ones', async () => {
    const first = await start('pooled');
    await gates.arrived(first.id);
    const low = await start('pooled', { priority: 5 });
    const gone = await start('pooled', { priority: 2 });
    const high = await start('pooled', { priority: 1 });
    const queue = async () => (await worker.database.admission.waiting()).filter((w) => w.step !== null);
    while ((await queue()).length < 3) await worker.until(high.id, () => true);
    expect((await queue()).map((w) => w.runId)).toEqual([high.id, gone.id, low.id]);
    expect((await queue())[2]).toMatchObject({
      place: 3,
      step: { stepId: 'work', mapKey: '' },
      limits: [{ name: 'pool:gpu', active: 1, capacity: 1 }],
    });
    // A release that another execution repeats takes nothing away.
    await worker.database.admission.release({ runId: first.id, stepId: 'work', mapKey: '', execution: 2 });
    expect((await queue()).length).toBe(3);
    await worker.launcher.cancel(gone);
    expect((await worker.ended(gone.id)).status).toBe('cancelled');
    for (const run of [first, high, low]) {
      await gates.arrived(run.id);
      gates.open(run.id);
      await worker.ended(run.id);
    }
    expect(await queue()).toEqual([]);
    await worker.replay(low.id, { saveAs: 'slot-and-admission' });
  });
});

describe('a step that waits for a slot', () => {
  it('does not begin while its run is paused: the slot goes to others', async () => {
    const queue = async () => (await worker.database.admission.waiting()).filter((w) => w.step !== null);
    const until = async (length: number): Promise<void> => {
      while ((await queue()).length !== length) await new Promise(setImmediate);
    };
    const first = await start('pooled');
    await gates.arrived(first.id);
    const held = await start('pooled', { priority: 1 });
    await until(1);
    const next = await start('pooled');
    await until(2);
    await worker.launcher.pause(held, { mode: 'drain', by: 'ann', reason: 'later', at: new Date().toISOString() });
    await worker.until(held.id, ({ status }) => status === 'paused');
    gates.open(first.id);
    await gates.arrived(next.id);
    expect(began).not.toContain(held.id);
    expect(await queue()).toEqual([]);
    await worker.launcher.resume(held);
    await until(1);
    gates.open(next.id);
    await gates.arrived(held.id);
    gates.open(held.id);
    expect((await worker.ended(held.id)).status).toBe('succeeded');
    await worker.replay(held.id, { saveAs: 'slot-while-paused' });
  });
});

describe('priority', () => {
  it('is Temporal’s where workers are short: the better run’s step goes first', async () => {
    const short = await runWorker([define('busy')], { cpuSlots: 1 });
    try {
      const go = async (priority: Priority) =>
        (await short.starter.start({ pipeline: 'busy', trigger: { kind: 'api', by: 'test' }, priority })).run;
      const first = await go(3);
      await gates.arrived(first.id);
      const others: RunRecord[] = [];
      for (const priority of [5, 4, 4, 2] as Priority[]) {
        const run = await go(priority);
        await short.until(run.id, ({ status }) => status === 'running');
        others.push(run);
      }
      await untilBacklog(short, others.length);
      for (const run of [first, ...others]) gates.open(run.id);
      for (const run of others) await short.ended(run.id);
      const [five, four, fourToo, two] = others.map((run) => run.id);
      const order = began.filter((id) => others.some((run) => run.id === id));
      expect(order[0]).toBe(two);
      expect(order.at(-1)).toBe(five);
      expect(new Set(order.slice(1, 3))).toEqual(new Set([four, fourToo]));
    } finally {
      await short.close();
    }
  });
});

/** Resolves when that many steps stand in Temporal's queue. */
async function untilBacklog({ client }: RunWorker, steps: number): Promise<void> {
  const { namespace } = client.options;
  const queue = { namespace, taskQueue: { name: taskQueues.cpu }, taskQueueType: 2, reportStats: true };
  for (;;) {
    const { stats } = await client.workflowService.describeTaskQueue(queue);
    if (Number(stats?.approximateBacklogCount ?? 0) >= steps) return;
  }
}
