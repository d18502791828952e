import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunComparison, RunDurations, RunStatistics } from '../../contracts/run-insight.ts';
import { type RunBrief, runStatuses } from '../../contracts/runs.ts';
import { runIds, seedMonth } from '../support/month.ts';
import { type OpenApi, openApi } from './support.ts';

const now = new Date('2026-11-26T06:40:00Z');
let api: OpenApi;
beforeAll(async () => {
  api = await openApi({ clock: { now: () => now } });
  await seedMonth(api.database, { url: api.url, now });
});
afterAll(() => api.close());

const list = async (query: string): Promise<RunBrief[]> =>
  (await api.read<{ runs: RunBrief[] }>(`/v1/runs?limit=500&${query}`)).runs;

describe('lists of runs', () => {
  it('are filtered by several statuses, pipelines and kinds of trigger', async () => {
    const ended = await list('status=failed,cancelled');
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['failed', 'cancelled']));
    const two = await list('pipeline=translation,translate-document&status=failed');
    expect(two.map(({ pipeline }) => pipeline).sort()).toEqual(['translate-document', 'translation']);
    const asked = await list('trigger=cli,decision');
    expect(asked.map(({ trigger }) => trigger.kind).sort()).toEqual(['cli', 'decision']);
    expect(await list('priority=2')).toHaveLength(1);
    expect(new Set((await list('error=STEP_CRASHED')).map(({ id }) => id))).toEqual(new Set([runIds.failedMarket]));
  });

  it('are searched for a part of a parameter, the partition or who started them, as it is written', async () => {
    expect((await list('text=EN-FR')).map(({ id }) => id)).toEqual([runIds.failedTranslation]);
    expect((await list('text=germany')).every(({ partition }) => partition?.endsWith('/Germany'))).toBe(true);
    expect((await list('text=bob')).length).toBeGreaterThan(10);
    expect(await list('text=%25')).toEqual([]);
  });

  it.each(['newest', 'oldest', 'longest'])('are paged through in the order of %s, each once', async (sort) => {
    const all = await list(`sort=${sort}`);
    const ids: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await api.read<{ runs: RunBrief[]; next: string | null }>(`/v1/runs?sort=${sort}&limit=20${cursor}`);
      ids.push(...page.runs.map(({ id }) => id));
      if (page.next === null) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(ids).toEqual(all.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    const took = ({ startedAt, finishedAt }: RunBrief): number =>
      startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : -1;
    const keys = all.map((run) =>
      sort === 'longest' ? -took(run) : Date.parse(run.createdAt) * (sort === 'oldest' ? 1 : -1),
    );
    expect(keys).toEqual([...keys].sort((a, b) => a - b));
  });

  it('refuse a status that is none', async () => {
    expect((await api.call('GET', '/v1/runs?status=failed,lost')).json()).toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});

describe('statistics of runs', () => {
  it('count each day by status, and say how long runs took and waited', async () => {
    const { buckets, bucket } = await api.read<RunStatistics>(
      '/v1/runs/statistics?pipeline=offers&from=2026-10-28&to=2026-11-27',
    );
    expect(bucket).toBe('day');
    expect(buckets.map(({ at }) => at.slice(0, 10))).toHaveLength(30);
    const counted = buckets.flatMap(({ counts }) => Object.values(counts)).reduce((a, b) => a + b, 0);
    expect(counted).toBe((await list('pipeline=offers')).length);
    const day = buckets.find(({ at }) => at.startsWith('2026-11-24'));
    expect(day).toMatchObject({ counts: { succeeded: 1 }, queuedSeconds: { p50: 2 } });
    expect(day?.seconds?.p50).toBe(day?.seconds?.max);
    expect(day?.seconds?.p50).toBeGreaterThan(2_000);
  });

  it('have buckets without runs too, of hours and of weeks', async () => {
    const hours = await api.read<RunStatistics>('/v1/runs/statistics?bucket=hour&from=2026-11-20&to=2026-11-21');
    expect(hours.buckets).toHaveLength(24);
    expect(hours.buckets[0]).toEqual({
      at: '2026-11-20T00:00:00.000Z',
      counts: {},
      seconds: null,
      queuedSeconds: null,
    });
    const weeks = await api.read<RunStatistics>('/v1/runs/statistics?bucket=week&from=2026-11-02&to=2026-11-16');
    expect(weeks.buckets.map(({ at }) => at.slice(0, 10))).toEqual(['2026-11-02', '2026-11-09']);
  });

  it('refuse more buckets than a chart can show', async () => {
    const answer = await api.call('GET', '/v1/runs/statistics?bucket=hour&from=2020-01-01&to=2026-01-01');
    expect(answer.json()).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ field: 'from' }] });
  });

  it('give the points of a chart in columns, oldest first', async () => {
    const points = await api.read<RunDurations>('/v1/runs/durations?pipeline=offers&to=2026-11-27');
    expect(points.start).toEqual([...points.start].sort((a, b) => a - b));
    const at = points.ids.indexOf(runIds.ofDay('2026-11-24'));
    expect(points).toMatchObject({ more: false });
    expect(runStatuses[points.status[at] ?? -1]).toBe('succeeded');
    expect(points.partition[at]).toBe('2026-11-24');
    expect(points.queuedSeconds[at]).toBe(2);
    expect(points.seconds[points.ids.indexOf(runIds.ofDay('2026-11-26'))]).toBeNull();
  });
});

describe('two runs beside each other', () => {
  it('differ in what they were given and what became of their steps', async () => {
    const [a, b] = [runIds.ofDay('2026-11-24'), runIds.failedMarket];
    const found = await api.read<RunComparison>(`/v1/runs/${a}/comparison?with=${b}`);
    expect(found.a.id).toBe(a);
    expect(found.params).toEqual([
      { path: 'asOf', a: '2026-11-24', b: '2026-11-25' },
      { path: 'market', a: '', b: 'Germany' },
    ]);
    expect(found.plan).toEqual({ same: true, onlyA: [], onlyB: [], changed: [] });
    const predict = found.steps.find(({ step }) => step === 'predict');
    expect(predict).toMatchObject({
      a: { status: 'succeeded', items: { succeeded: 38 } },
      b: { status: 'failed', items: { failed: 1 }, error: { code: 'STEP_CRASHED' } },
      output: null,
    });
    expect(found.steps.find(({ step }) => step === 'ingest')?.output).toEqual([]);
  });

  it('of different pipelines name the steps that only one has', async () => {
    const path = `/v1/runs/${runIds.ofDay('2026-11-24')}/comparison?with=${runIds.failedTranslation}`;
    const { plan, steps } = await api.read<RunComparison>(path);
    expect(plan.same).toBe(false);
    expect(plan.onlyB).toContain('train-general');
    expect(steps.find(({ step }) => step === 'train-general')).toMatchObject({
      a: null,
      b: { status: 'failed', attempts: 3 },
    });
  });

  it('must both be there', async () => {
    const answer = await api.call('GET', `/v1/runs/${runIds.failedMarket}/comparison?with=none`);
    expect(answer.json()).toMatchObject({ code: 'NOT_FOUND' });
  });
});
