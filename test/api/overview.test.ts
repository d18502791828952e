import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PerennialError } from '../../contracts/errors.ts';
import { cellStatuses, type Overview, type PartitionMatrix } from '../../contracts/overview.ts';
import { alertIds, backfillId, rolloutIds, runIds, type SeededMonth, seedMonth } from '../support/month.ts';
import { type OpenApi, openApi } from './support.ts';

const now = new Date('2026-11-26T06:40:00Z');
let api: OpenApi;
let month: SeededMonth;
let overview: Overview;
beforeAll(async () => {
  api = await openApi({ clock: { now: () => now } });
  month = await seedMonth(api.database, { url: api.url, now });
  overview = (await api.call('GET', '/v1/overview', { key: api.keys.viewer })).json<Overview>();
});
afterAll(() => api.close());

const healthOf = (id: string) => overview.pipelines.find(({ pipeline }) => pipeline === id);

describe('the overview', () => {
  it('says in a sentence how the day stands, and what it waits for', () => {
    const offers = healthOf('offers');
    expect(offers).toMatchObject({ state: 'late', running: 1, queued: 1, paused: 1 });
    const { done = 0, total = 0 } = offers?.day ?? {};
    expect(total).toBe(month.markets.length);
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(total);
    expect(offers?.sentence).toContain(`Offers of 2026-11-26 for ${done} of 38 markets are done; `);
    expect(offers?.sentence).toContain('it was due at 06:20, and will probably be done by 07:00');
    expect(offers?.deadlines).toMatchObject([{ deadline: 'offers-by-morning', status: 'missed' }]);
  });

  it('tells times of day in the zone of whoever asks', async () => {
    const path = '/v1/overview?timeZone=';
    const there = (await api.call('GET', `${path}Asia/Tokyo`)).json<Overview>();
    expect(there.pipelines[0]?.sentence).toContain('it was due at 15:20, and will probably be done by 16:00');
    expect((await api.call('GET', `${path}Mars`)).json()).toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('shows the newest runs and how long one takes', () => {
    const offers = healthOf('offers');
    expect(offers?.recent).toHaveLength(20);
    const times = offers?.recent.map(({ createdAt }) => createdAt) ?? [];
    expect(times).toEqual([...times].sort().reverse());
    expect(offers?.lastRun?.id).toBe(offers?.recent[0]?.id);
    expect(offers?.lastSuccess?.status).toBe('succeeded');
    expect(offers?.typicalSeconds).toBeGreaterThan(200);
    expect(healthOf('translation')).toMatchObject({ state: 'running', running: 1, queued: 1, failures: 1, day: null });
  });

  it('names each thing that needs a person once, and what nobody takes care of first', () => {
    const { attention } = overview;
    const links = attention.map(({ link }) => `${link.kind} ${link.id}`);
    expect(new Set(links).size).toBe(links.length);
    expect(attention[0]).toMatchObject({ kind: 'alert', severity: 'critical', link: { id: alertIds.deadline } });
    expect(attention.at(-1)).toMatchObject({ acknowledged: true, link: { id: alertIds.acknowledged } });
    // The alert says it already.
    expect(links).not.toContain(`run ${runIds.failedMarket}`);
    expect(links).not.toContain('deadline offers-by-morning');
    for (const link of [
      `alert ${alertIds.run}`,
      `run ${runIds.failedTranslation}`,
      `rollout ${rolloutIds.paused}`,
      `backfill ${backfillId}`,
      'dead-letters ',
      'notifications ',
      'worker gpu@batch-2:4712',
    ])
      expect(links).toContain(link);
    expect(attention.find(({ kind }) => kind === 'override')).toMatchObject({
      title: 'bob asks to retrain offers-next-products: it waits for approval',
      link: { kind: 'decision' },
    });
    expect(links).not.toContain(`rollout ${rolloutIds.running}`);
  });

  it('gives the newest key figures with what was before and what is normal', () => {
    const revenue = overview.results.find(({ name }) => name === 'expected_revenue');
    expect(revenue).toMatchObject({
      pipeline: 'offers',
      label: 'Expected revenue',
      unit: 'amount',
      date: '2026-11-25',
    });
    const { value = 0, previous, change, normal } = revenue ?? {};
    expect(previous).toBeGreaterThan(0);
    expect(change).toBeCloseTo(value / (previous ?? 1) - 1, 10);
    expect(normal?.from).toBeLessThan(value);
    expect(normal?.to).toBeGreaterThan(value);
    expect(revenue?.series.at(-1)).toEqual({ date: '2026-11-25', value });
  });

  it('is whole while the workflow server is away, but for starts to come', async () => {
    const away = { list: () => Promise.reject(new PerennialError('UNAVAILABLE', 'Temporal is away.')) };
    const app = await api.rebuild({ schedules: away as never });
    const answer = await app.inject({ url: '/v1/overview', headers: { authorization: `Bearer ${api.keys.viewer}` } });
    const { pipelines, attention } = answer.json<Overview>();
    expect(pipelines.map(({ nextStart }) => nextStart)).toEqual([null, null, null]);
    expect(attention.length).toBe(overview.attention.length);
    await app.close();
  });
});

describe('the matrix of markets and days', () => {
  const read = async (query = ''): Promise<PartitionMatrix> =>
    (await api.call('GET', `/v1/overview/partitions?pipeline=offers${query}`, { key: api.keys.viewer })).json();
  const cellOf = (matrix: PartitionMatrix, key: string, day: string) => {
    const place = matrix.keys.indexOf(key) * matrix.days.length + matrix.days.indexOf(day);
    return {
      run: matrix.runs[matrix.run[place] ?? -1],
      status: cellStatuses[matrix.status[place] ?? -1],
      fresh: matrix.fresh[place],
      quality: matrix.quality[place],
      drift: matrix.drift[place],
      figures: matrix.figures[place],
      version: matrix.version[place],
    };
  };

  it('has a cell for each market of each day, whether a run did the day or a market of it', async () => {
    const matrix = await read();
    expect(matrix.days).toEqual(month.days);
    expect(matrix.keys).toEqual([...month.markets].sort());
    for (const column of ['run', 'status', 'fresh', 'quality', 'drift', 'figures', 'version'] as const)
      expect(matrix[column]).toHaveLength(30 * 38);
    expect(cellOf(matrix, 'France', '2026-11-24')).toEqual({
      ...{
        run: runIds.ofDay('2026-11-24'),
        status: 'succeeded',
        fresh: 1,
        quality: 0,
        drift: 0,
        figures: 0,
        version: 5,
      },
    });
    // A backfill did it again; where that failed, what was there counts.
    expect(cellOf(matrix, 'Germany', '2026-10-28')).toMatchObject({ run: runIds.backfill(0), status: 'succeeded' });
    expect(cellOf(matrix, 'Germany', '2026-10-29')).toMatchObject({
      run: runIds.ofDay('2026-10-29'),
      status: 'succeeded',
    });
    const today = matrix.keys.map((key) => cellOf(matrix, key, '2026-11-26').status);
    expect(new Set(today)).toEqual(new Set(['succeeded', 'running', 'queued']));
    expect(today.filter((status) => status === 'succeeded')).toHaveLength(healthOf('offers')?.day?.done ?? -1);
  });

  it('says which data were stale, had drifted, or gave unusual figures', async () => {
    const matrix = await read('&from=2026-11-22&to=2026-11-25');
    expect(matrix.days).toHaveLength(4);
    expect(cellOf(matrix, 'Belgium', '2026-11-23')).toMatchObject({ fresh: 0, quality: 1 });
    expect(cellOf(matrix, 'Spain', '2026-11-25')).toMatchObject({ fresh: 1, drift: 1, quality: 0 });
    expect(cellOf(matrix, 'France', '2026-11-25')).toMatchObject({ figures: 1 });
  });

  it('is refused for a pipeline that is not there, and for too many days', async () => {
    expect((await api.call('GET', '/v1/overview/partitions?pipeline=nope')).json()).toMatchObject({
      code: 'PIPELINE_UNKNOWN',
    });
    const tooLong = await api.call('GET', '/v1/overview/partitions?pipeline=offers&from=2020-01-01&to=2026-01-01');
    expect(tooLong.json()).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ field: 'from' }] });
  });

  it('is empty for a pipeline without partitions', async () => {
    const matrix = (await api.call('GET', '/v1/overview/partitions?pipeline=translation')).json<PartitionMatrix>();
    expect(matrix).toMatchObject({ keys: [], runs: [], status: [] });
  });
});
