import { Worker } from '@temporalio/worker';
import pg from 'pg';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackfillShown } from '../../cli/backfills.ts';
import type { RunBrief } from '../../cli/runs.ts';
import type { BackfillForecast, BackfillRecord } from '../../contracts/backfills.ts';
import { backfillWorkflowId } from '../../contracts/names.ts';
import { definePipeline } from '../../domain/dag/index.ts';
import type { StepContext } from '../../domain/ports/step-context.ts';
import { saveHistory, workflowCode } from '../support/dag-worker.ts';
import { type Scheduler, startScheduler } from '../support/scheduler.ts';

type Body = (context: StepContext<{ day: string; market: string }>) => Promise<null> | null;

let body: Body = () => null;
const daily = definePipeline({
  id: 'daily',
  title: 'Daily',
  description: 'For tests.',
  params: Type.Object({
    day: Type.String({ default: '' }),
    market: Type.String({ default: '', maxLength: 10 }),
    n: Type.Integer({ default: 1 }),
  }),
  partition: { date: 'day', key: 'market' },
  steps: { work: { resources: { class: 'light' }, retry: { attempts: 1 }, run: (context) => body(context) } },
});
const limited = definePipeline({ ...daily, id: 'limited', concurrency: { runs: 3, perKey: 1 } });
const undivided = definePipeline({
  id: 'undivided',
  title: 'Undivided',
  description: 'For tests.',
  params: Type.Object({}),
  steps: { work: { run: () => null } },
});

let scheduler: Scheduler;
beforeAll(async () => {
  scheduler = await startScheduler(
    new Map<string, typeof daily | typeof undivided>([
      ['daily', daily],
      ['limited', limited],
      ['undivided', undivided],
    ]),
  );
});
afterAll(() => scheduler.close());

const ask = async (given: object) =>
  (await scheduler.post<BackfillRecord & { created: boolean }>('/v1/backfills', { pipeline: 'daily', ...given })).body;
const show = (id: string) => scheduler.get<BackfillShown>(`/v1/backfills/${id}?limit=500`);
const ended = (id: string) =>
  scheduler.until(
    () => show(id),
    (backfill) => backfill.finishedAt !== null,
  );
const runsOf = async (partition: string, pipeline = 'daily') =>
  (await scheduler.get<{ runs: RunBrief[] }>(`/v1/runs?pipeline=${pipeline}&limit=500`)).runs.filter(
    (run) => run.partition === partition,
  );

/** Lets steps of some days wait until they are released; `reached` resolves when the first does. */
function gate(isHeld: (day: string) => boolean) {
  let [release, arrive]: (() => void)[] = [];
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  body = async ({ params, signal }) => {
    if (!isHeld(params.day)) return null;
    arrive?.();
    await Promise.race([released, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
    signal.throwIfAborted();
    return null;
  };
  return { reached, release: () => release?.() };
}

describe('a backfill', () => {
  it('does each partition once, newest first, no more at a time than asked for', async () => {
    const done: string[] = [];
    let [now, most] = [0, 0];
    body = async ({ params }) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      done.push(params.day);
      now--;
      return null;
    };
    const asked = await ask({ from: '2026-01-01', to: '2026-01-04', keys: ['DE', 'FR'], concurrency: 2 });
    expect(asked).toMatchObject({ created: true, status: 'queued', total: 8 });
    const { status, counts, partitions } = await ended(asked.id);
    expect({ status, counts }).toEqual({ status: 'succeeded', counts: { succeeded: 8 } });
    expect(partitions.map((p) => p.partition).slice(0, 3)).toEqual(['2026-01-04/DE', '2026-01-04/FR', '2026-01-03/DE']);
    expect(most).toBeLessThanOrEqual(2);
    expect(done.slice(0, 2)).toEqual(['2026-01-04', '2026-01-04']);
    const [run] = await runsOf('2026-01-04/FR');
    expect(run).toMatchObject({
      backfillId: asked.id,
      priority: 4,
      trigger: { kind: 'backfill', by: asked.id },
      params: { day: '2026-01-04', market: 'FR', n: 1 },
    });
    const handle = scheduler.temporal.client.workflow.getHandle(backfillWorkflowId(asked.id));
    const history = await handle.fetchHistory();
    saveHistory('backfill', history);
    await Worker.runReplayHistory(await workflowCode(), history);
  });

  it('leaves out what has been done, says by which run, and does it again when told all', async () => {
    body = () => null;
    const first = await ask({ from: '2026-02-01', to: '2026-02-02', order: 'oldest' });
    await ended(first.id);
    const second = await ask({ from: '2026-02-01', to: '2026-02-03', keys: ['DE'] });
    const { partitions, counts } = await ended(second.id);
    expect(counts).toEqual({ succeeded: 1, skipped: 2 });
    // A run of a whole day has done all its keys.
    expect(partitions.at(-1)).toMatchObject({
      partition: '2026-02-01/DE',
      status: 'skipped',
      reason: expect.stringMatching(/^run \S+ of 2026-02-01 has done it$/),
    });
    const third = await ask({ from: '2026-02-01', to: '2026-02-01', mode: 'all', params: { n: 2 } });
    expect((await ended(third.id)).counts).toEqual({ succeeded: 1 });
    expect((await runsOf('2026-02-01')).map((run) => run.params['n'])).toEqual([2, 1]);
  });

  it('goes on when a partition fails, and does only that one again when told failed', async () => {
    body = ({ params }) => {
      if (params.day === '2026-03-02') throw new Error('no data');
      return null;
    };
    const first = await ask({ from: '2026-03-01', to: '2026-03-03' });
    expect(await ended(first.id)).toMatchObject({ status: 'failed', counts: { succeeded: 2, failed: 1 } });
    body = () => null;
    const again = await ask({ from: '2026-03-01', to: '2026-03-04', mode: 'failed' });
    expect(await ended(again.id)).toMatchObject({ status: 'succeeded', counts: { succeeded: 1, skipped: 3 } });
    expect(await runsOf('2026-03-02')).toHaveLength(2);
    expect(await runsOf('2026-03-04')).toHaveLength(0);
  });

  it('is the same one when asked twice, and leaves a day to the other when they overlap', async () => {
    const { reached, release } = gate((day) => day === '2026-04-02');
    const first = await ask({ from: '2026-04-01', to: '2026-04-02' });
    await reached;
    const same = await ask({ from: '2026-04-01', to: '2026-04-02', concurrency: 5 });
    expect(same).toMatchObject({ id: first.id, created: false });
    const other = await ask({ from: '2026-04-02', to: '2026-04-03', mode: 'all', concurrency: 1, order: 'oldest' });
    await scheduler.until(
      () => show(other.id),
      ({ counts }) => counts.waiting === 1,
    );
    release();
    const { partitions } = await ended(other.id);
    expect(partitions[0]).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('has done it meanwhile'),
    });
    expect(await runsOf('2026-04-02')).toHaveLength(1);
    expect((await ended(first.id)).status).toBe('succeeded');
  });

  it('stops its runs when it is cancelled, and starts no further one', async () => {
    const { reached } = gate(() => true);
    const { id } = await ask({ from: '2026-05-01', to: '2026-05-09', concurrency: 2 });
    await reached;
    expect((await scheduler.post(`/v1/backfills/${id}/cancel`)).status).toBe(202);
    const { status, counts } = await ended(id);
    expect(status).toBe('cancelled');
    expect(counts).toEqual({ cancelled: 9 });
    expect((await scheduler.post<{ code: string }>(`/v1/backfills/${id}/cancel`)).body.code).toBe('CONFLICT');
  });

  it('does a whole day after the runs of its keys that are under way', async () => {
    const { reached, release } = gate((day) => day === '2026-07-01');
    const keys = await ask({ from: '2026-07-01', to: '2026-07-01', keys: ['DE', 'FR'], concurrency: 1 });
    await reached;
    const [active] = await runsOf('2026-07-01/DE');
    const whole = await ask({ from: '2026-07-01', to: '2026-07-01' });
    const { partitions } = await scheduler.until(
      () => show(whole.id),
      ({ counts }) => counts.waiting === 1,
    );
    expect(partitions[0]?.reason).toBe(`run ${active?.id} of 2026-07-01/DE is under way`);
    release();
    expect((await ended(whole.id)).counts).toEqual({ succeeded: 1 });
    expect((await ended(keys.id)).status).toBe('succeeded');
  });

  it('can be cancelled, and asked for again, when its workflow was ended from outside', async () => {
    const { reached } = gate(() => true);
    const given = { from: '2026-08-01', to: '2026-08-03', concurrency: 1 };
    const { id } = await ask(given);
    await reached;
    await scheduler.temporal.client.workflow.getHandle(backfillWorkflowId(id)).terminate('by hand');
    expect((await ask(given)).id).toBe(id);
    await scheduler.post(`/v1/backfills/${id}/cancel`);
    expect(await ended(id)).toMatchObject({ status: 'cancelled' });
    await scheduler.until(
      () => show(id),
      ({ counts }) => counts.cancelled === 3,
    );
    body = () => null;
    const again = await ask(given);
    expect(again.created).toBe(true);
    expect(await ended(again.id)).toMatchObject({ status: 'succeeded', counts: { succeeded: 3 } });
  });

  it('says before what it would do and how long it takes, from past runs', async () => {
    body = () => null;
    await ended((await ask({ from: '2026-06-01', to: '2026-06-02' })).id);
    const { body: forecast } = await scheduler.post<BackfillForecast>('/v1/backfills', {
      pipeline: 'daily',
      from: '2026-06-01',
      to: '2026-06-10',
      concurrency: 4,
      dryRun: true,
    });
    expect(forecast).toMatchObject({ total: 10, toRun: 8 });
    expect(forecast.partitions.filter((p) => p.action === 'skip')).toHaveLength(2);
    const { seconds = 0, medianRunSeconds = 0, basedOnRuns = 0 } = forecast.estimate ?? {};
    expect(basedOnRuns).toBeGreaterThan(1);
    expect(seconds).toBeCloseTo(2 * medianRunSeconds);
    expect(await runsOf('2026-06-05')).toHaveLength(0);
  });

  it('takes its time from runs of its own kind, and from the limits of the pipeline', async () => {
    const took = async (partition: string, seconds: number) => {
      const [run] = await runsOf(partition, 'limited');
      const client = new pg.Client({ connectionString: scheduler.api.url });
      await client.connect();
      await client.query("update runs set finished_at = started_at + $1 * interval '1 s' where id = $2", [
        seconds,
        run?.id,
      ]);
      await client.end();
    };
    body = () => null;
    const limited = { pipeline: 'limited', from: '2026-01-01', to: '2026-01-01' };
    await ended((await ask(limited)).id);
    await ended((await ask({ ...limited, mode: 'all', keys: ['DE'] })).id);
    await took('2026-01-01', 600);
    await took('2026-01-01/DE', 60);
    const estimateOf = async (given: object) =>
      (
        await scheduler.post<BackfillForecast>('/v1/backfills', {
          ...{ pipeline: 'limited', from: '2026-02-01', to: '2026-02-04', concurrency: 4, dryRun: true },
          ...given,
        })
      ).body.estimate;
    // One run of a key at a time: two of both keys.
    expect(await estimateOf({ keys: ['DE', 'FR'] })).toEqual({ seconds: 240, medianRunSeconds: 60, basedOnRuns: 1 });
    // Three runs at a time.
    expect(await estimateOf({})).toEqual({ seconds: 1200, medianRunSeconds: 600, basedOnRuns: 1 });
  });

  it.each([
    ['a pipeline without partitions', { pipeline: 'undivided' }, 'pipeline', /partition/],
    ['a range that goes backwards', { from: '2026-02-01', to: '2026-01-01' }, 'to', /before/],
    ['too many partitions', { from: '1990-01-01', to: '2026-01-01' }, 'from', /10000 are the most/],
    ['a key twice', { keys: ['DE', 'DE'] }, 'keys', /twice/],
    ['a key that the pipeline refuses', { keys: ['DE', 'a-market-too-long'] }, 'market', /fewer|10/],
    ['a parameter that the partition gives', { params: { day: '2026-01-01' } }, 'params.day', /given by the partition/],
    ['a parameter that the pipeline refuses', { params: { n: 'many' } }, 'n', /integer/],
    ['a day that there is not', { from: '2026-02-30' }, 'from', /./],
  ])('refuses %s, naming the field', async (_what, given, field, message) => {
    const { status, body: problem } = await scheduler.post<{ errors: { field: string; message: string }[] }>(
      '/v1/backfills',
      { pipeline: 'daily', from: '2026-01-01', to: '2026-01-02', ...given },
    );
    expect(status).toBeGreaterThanOrEqual(400);
    expect(problem.errors.find((e) => e.field.endsWith(field))?.message).toMatch(message);
  });
});
