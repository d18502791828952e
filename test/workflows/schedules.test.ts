import { Worker } from '@temporalio/worker';
import { Type } from 'typebox';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunBrief } from '../../cli/runs.ts';
import type { ScheduleShown } from '../../cli/schedules.ts';
import type { DefinitionChange } from '../../contracts/definitions.ts';
import type { ScheduleRecord } from '../../contracts/schedules.ts';
import type { PipelineSchedule } from '../../domain/dag/definition.ts';
import { definePipeline } from '../../domain/dag/index.ts';
import { checkSchedule } from '../../domain/schedules/check.ts';
import { applySchedules } from '../../domain/schedules/index.ts';
import { newSchedule } from '../../domain/schedules/service.ts';
import { saveHistory, workflowCode } from '../support/dag-worker.ts';
import { type Scheduler, startScheduler } from '../support/scheduler.ts';

let hold: ((signal: AbortSignal) => Promise<void>) | null = null;
const pipelineWith = (schedules: readonly PipelineSchedule[]) =>
  definePipeline({
    id: 'daily',
    title: 'Daily',
    description: 'For tests.',
    params: Type.Object({ day: Type.String({ default: '' }), n: Type.Integer({ default: 1 }) }),
    partition: { date: 'day' },
    schedules,
    steps: {
      work: {
        resources: { class: 'light' },
        retry: { attempts: 1 },
        run: async ({ signal }) => {
          await hold?.(signal);
          return null;
        },
      },
    },
  });
/** The pipelines of the code; tests change what stands in it. */
const pipelines = new Map([['daily', pipelineWith([])]]);

let scheduler: Scheduler;
beforeAll(async () => {
  scheduler = await startScheduler(pipelines);
});
afterAll(() => scheduler.close());
beforeEach(() => {
  hold = null;
});

const make = (given: object) => scheduler.post<ScheduleRecord>('/v1/schedules', { pipeline: 'daily', ...given });
const show = (id: string) => scheduler.get<ScheduleShown>(`/v1/schedules/${id}`);
const trigger = (id: string, body = {}) => scheduler.post<{ code?: string }>(`/v1/schedules/${id}/trigger`, body);
const runsOf = (id: string, isWanted: (runs: readonly RunBrief[]) => boolean) =>
  scheduler.until(
    async () => (await show(id)).recent,
    (runs) => isWanted(runs),
  );
const apply = () =>
  applySchedules({
    pipelines,
    schedules: scheduler.temporal.schedules,
    lock: scheduler.api.database.lock,
    clock: { now: () => new Date() },
  });

/** Runs wait until they are released or cancelled. */
function gate(): () => void {
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  hold = async (signal) => {
    await Promise.race([released, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
    signal.throwIfAborted();
  };
  return release;
}

describe('a schedule', () => {
  it('makes a run at its time, with parameters of that time', async () => {
    await make({
      id: 'each-second',
      every: '1s',
      timeZone: 'Europe/Berlin',
      params: { day: '{{ previousDate }}', n: 7 },
    });
    const [run] = await runsOf('each-second', (runs) => runs.some((r) => r.status === 'succeeded'));
    expect((await scheduler.api.call('DELETE', '/v1/schedules/each-second')).statusCode).toBe(204);
    const scheduledAt = run?.idempotencyKey?.split('/').at(-1) ?? '';
    const local = new Date(Date.parse(scheduledAt) - 86_400_000).toLocaleDateString('sv', {
      timeZone: 'Europe/Berlin',
    });
    expect(run).toMatchObject({
      trigger: { kind: 'schedule', by: 'each-second' },
      params: { day: local, n: 7 },
      partition: local,
    });
    const handle = scheduler.temporal.client.workflow.getHandle(
      `schedule-each-second-${scheduledAt.replace('.000', '')}`,
    );
    await handle.result();
    const history = await handle.fetchHistory();
    saveHistory('scheduled-run', history);
    await Worker.runReplayHistory(await workflowCode(), history);
  });

  it('shows its next ten starts, and the same before it is made', async () => {
    const given = { id: 'mornings', pipeline: 'daily', cron: '30 6 * * MON-FRI', timeZone: 'America/New_York' };
    const preview = await scheduler.post<{ next: string[] }>('/v1/schedules/preview', given);
    expect(preview.body.next).toHaveLength(10);
    expect((await make(given)).status).toBe(201);
    const shown = await show('mornings');
    expect(shown.next).toEqual(preview.body.next);
    expect(shown).toMatchObject({
      origin: 'api',
      paused: false,
      definition: { overlap: 'skip', catchUpWindow: '1h', priority: 3, params: {} },
    });
    expect((await make(given)).status).toBe(409);
    await scheduler.until(
      async () => (await scheduler.get<{ schedules: ScheduleRecord[] }>('/v1/schedules')).schedules.map((s) => s.id),
      (ids) => ids.includes('mornings'),
    );
  });

  it('starts nothing while it is paused, and stays paused when it is replaced', async () => {
    await make({ id: 'paused', every: '1s', paused: true, note: 'until the data are here' });
    const replaced = await scheduler.api.call('PUT', '/v1/schedules/paused', {
      body: { pipeline: 'daily', every: '1s', paused: true, params: { n: 2 } },
    });
    expect(replaced.json()).toMatchObject({ created: false, paused: true });
    expect(await scheduler.post('/v1/schedules/paused/pause', { note: 'moving house' })).toMatchObject({
      status: 200,
      body: { paused: true, note: 'moving house' },
    });
    expect((await show('paused')).counts.started).toBe(0);
    await trigger('paused');
    await runsOf('paused', ([run]) => run?.status === 'succeeded');
    await scheduler.post('/v1/schedules/paused/resume', { note: 'moved' });
    await runsOf('paused', (runs) => runs.length > 1);
    expect((await show('paused')).note).toBe('moved');
    await scheduler.api.call('DELETE', '/v1/schedules/paused');
    expect((await scheduler.api.call('GET', '/v1/schedules/paused')).statusCode).toBe(404);
  });

  it('is refused with the reason when Temporal does not know its zone', async () => {
    const made = await scheduler.post<{ code: string; detail: string; remedy: string }>('/v1/schedules', {
      ...{ id: 'nowhere', pipeline: 'daily', cron: '@daily', timeZone: 'asia/kolkata' },
    });
    expect(made.body).toMatchObject({ code: 'VALIDATION_FAILED', detail: expect.stringContaining('asia/kolkata') });
    expect((await make({ id: 'somewhere', cron: '@yearly' })).status).toBe(201);
    const replaced = await scheduler.api.call('PUT', '/v1/schedules/somewhere', {
      body: { pipeline: 'daily', cron: '@daily', timeZone: 'asia/kolkata' },
    });
    expect(replaced.json()).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect((await show('somewhere')).definition.cron).toBe('@yearly');
  });

  it('keeps why a start made no run', async () => {
    await make({ id: 'broken', cron: '@yearly' });
    const daily = pipelines.get('daily') ?? pipelineWith([]);
    pipelines.delete('daily');
    try {
      await trigger('broken');
      const { faults } = await scheduler.until(
        () => show('broken'),
        (s) => s.faults.length > 0,
      );
      expect(faults[0]?.error.message).toContain('There is no pipeline "daily"');
      const { events } = await scheduler.get<{ events: unknown[] }>('/v1/events?type=schedule.failed');
      expect(events).toMatchObject([
        {
          source: '/schedules/broken',
          subject: faults[0]?.scheduledAt,
          data: { schedule: 'broken', pipeline: 'daily', error: { code: 'PIPELINE_UNKNOWN' } },
        },
      ]);
    } finally {
      pipelines.set('daily', daily);
    }
  });
});

describe('a run that is due while an earlier one is under way', () => {
  it('is refused by hand when the policy is skip, and starts when told allow-all', async () => {
    const release = gate();
    await make({ id: 'skips', cron: '@yearly' });
    await trigger('skips');
    await runsOf('skips', ([run]) => run?.status === 'running');
    expect((await show('skips')).running).toHaveLength(1);
    expect((await trigger('skips')).body.code).toBe('CONFLICT');
    expect((await trigger('skips', { overlap: 'allow-all' })).status).toBe(202);
    await runsOf('skips', (runs) => runs.filter((r) => r.status === 'running').length === 2);
    release();
    await runsOf('skips', (runs) => runs.every((r) => r.status === 'succeeded'));
  });

  it('waits for it when the policy is buffer-one', async () => {
    const release = gate();
    await make({ id: 'buffers', cron: '@yearly', overlap: 'buffer-one' });
    await trigger('buffers');
    await runsOf('buffers', ([run]) => run?.status === 'running');
    expect((await trigger('buffers')).status).toBe(202);
    expect((await show('buffers')).recent).toHaveLength(1);
    release();
    await runsOf('buffers', (runs) => runs.length === 2 && runs.every((r) => r.status === 'succeeded'));
  });

  it.each(['cancel-other', 'terminate-other'])('takes its place when the policy is %s', async (overlap) => {
    const release = gate();
    await make({ id: overlap, cron: '@yearly', overlap });
    await trigger(overlap);
    await runsOf(overlap, ([run]) => run?.status === 'running');
    await trigger(overlap);
    await runsOf(overlap, (runs) => runs.length === 2 && runs[1]?.status === 'cancelled');
    release();
    await runsOf(overlap, ([run]) => run?.status === 'succeeded');
  });
});

describe('schedules of the code', () => {
  const nightly = { id: 'nightly', cron: '0 3 * * *', timeZone: 'Europe/Berlin', params: { day: '{{ date }}' } };

  it('are applied once, by whoever comes first, and removed when they go', async () => {
    pipelines.set('daily', pipelineWith([nightly]));
    const { changes } = await scheduler.get<{ changes: DefinitionChange[] }>('/v1/schedules/diff');
    expect(changes.map(({ id, kind }) => ({ id, kind }))).toEqual([{ id: 'nightly', kind: 'add' }]);
    const applied = await Promise.all([apply(), apply(), apply()]);
    expect(applied.flat().filter((change) => change.kind === 'add').length).toBeGreaterThan(0);
    expect(await show('nightly')).toMatchObject({ origin: 'code', definition: { cron: '0 3 * * *' } });
    await scheduler.until(apply, (found) => found.length === 0);

    pipelines.set('daily', pipelineWith([]));
    expect(await apply()).toMatchObject([{ id: 'nightly', kind: 'remove' }]);
    expect((await scheduler.api.call('GET', '/v1/schedules/nightly')).statusCode).toBe(404);
    // What was made by API stays.
    expect((await show('mornings')).origin).toBe('api');
  });

  it('leave one of the API alone that was made a moment ago', async () => {
    await make({ id: 'taken', cron: '0 1 * * *' });
    pipelines.set('daily', pipelineWith([{ ...nightly, id: 'taken' }]));
    expect(await apply()).toEqual([{ id: 'taken', kind: 'conflict', fields: [] }]);
    expect(await show('taken')).toMatchObject({ origin: 'api', definition: { cron: '0 1 * * *' } });
    pipelines.set('daily', pipelineWith([]));
  });

  it('are worked out again, with those of the API, when the rules of the time zones have changed', async () => {
    const { schedules } = scheduler.temporal;
    const old = async (id: string, params: Record<string, unknown>) => {
      const { input, ...rest } = newSchedule(
        checkSchedule({ id, pipeline: 'daily', cron: '30 2 * * *', timeZone: 'Europe/Berlin' }, pipelines),
        'api',
        new Date(),
      );
      const definition = { ...input.definition, params };
      await schedules.create({ ...rest, input: { ...input, definition, zoneRules: '1999a' } });
      await schedules.pause(id, 'for now');
    };
    // The first does not fit the pipeline any more, which keeps nobody else from being worked out.
    await old('aged-a', { gone: 1 });
    await old('aged-b', { n: 2 });
    await scheduler.until(
      async () => (await schedules.list()).map(({ id }) => id),
      (ids) => ids.includes('aged-a') && ids.includes('aged-b'),
    );
    expect(await apply()).toEqual([]);
    expect(await schedules.get('aged-a')).toMatchObject({ zoneRules: '1999a' });
    expect(await schedules.get('aged-b')).toMatchObject({
      ...{ zoneRules: process.versions.tz, paused: true, note: 'for now', origin: 'api' },
      definition: { params: { n: 2 } },
    });
  });

  it('stay paused when a person paused them, and are changed in the code only', async () => {
    pipelines.set('daily', pipelineWith([nightly]));
    await apply();
    await scheduler.post('/v1/schedules/nightly/pause', { note: 'stocktaking' });
    await scheduler.until(apply, (found) => found.length === 0);
    pipelines.set('daily', pipelineWith([{ ...nightly, cron: '0 4 * * *' }]));
    expect(await apply()).toEqual([
      { id: 'nightly', kind: 'change', fields: [{ field: 'cron', from: '0 3 * * *', to: '0 4 * * *' }] },
    ]);
    expect(await show('nightly')).toMatchObject({
      paused: true,
      note: 'stocktaking',
      definition: { cron: '0 4 * * *' },
    });
    const put = await scheduler.api.call('PUT', '/v1/schedules/nightly', { body: { pipeline: 'daily', every: '1h' } });
    expect(put.json()).toMatchObject({ code: 'CONFLICT', detail: expect.stringContaining('stands in the code') });
    expect((await scheduler.api.call('DELETE', '/v1/schedules/nightly')).statusCode).toBe(409);
    pipelines.set('daily', pipelineWith([]));
    await apply();
  });
});
