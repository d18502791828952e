import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Overview, PartitionMatrix } from '../../contracts/overview.ts';
import type { RunDurations, RunStatistics } from '../../contracts/run-insight.ts';
import type { SearchAnswer } from '../../contracts/search.ts';
import { type SeededYear, seedYear, yearMarkets, yearRuns } from '../support/year.ts';
import { type OpenApi, openApi } from './support.ts';

const now = new Date('2026-11-26T06:40:00Z');
let api: OpenApi;
let year: SeededYear;
beforeAll(async () => {
  api = await openApi({ clock: { now: () => now } });
  year = await seedYear({ url: api.url, now });
}, 300_000);
afterAll(() => api.close());

/** The answer of the last call, and the milliseconds of the fastest of three: other work on the machine is none of the route's.
 * Limits are several times what an idle machine of two cores needs. */
async function timed<T>(path: string): Promise<{ body: T; ms: number }> {
  let ms = Number.POSITIVE_INFINITY;
  let body: T | undefined;
  for (let n = 0; n < 3; n++) {
    const began = performance.now();
    const answer = await api.call('GET', path, { key: api.keys.viewer });
    ms = Math.min(ms, performance.now() - began);
    expect(answer.statusCode, answer.body).toBe(200);
    body = answer.json<T>();
  }
  console.log(`${path}: ${Math.round(ms)} ms`);
  return { body: body as T, ms };
}

it('gives the overview of a year while a page opens', async () => {
  const { body, ms } = await timed<Overview>('/v1/overview');
  expect(body.pipelines).toHaveLength(3);
  expect(ms).toBeLessThan(1_500);
});

it('gives the matrix of 50 markets and 365 days while a page opens', async () => {
  const { body, ms } = await timed<PartitionMatrix>(
    `/v1/overview/partitions?pipeline=offers&from=${year.from}&to=${year.to}`,
  );
  expect(body.keys).toHaveLength(yearMarkets);
  expect(body.status).toHaveLength(yearMarkets * 365);
  expect(body.status.filter((status) => status !== null).length).toBeGreaterThan(yearMarkets * 300);
  expect(body.version.some((version) => version === 12)).toBe(true);
  expect(ms).toBeLessThan(3_000);
});

it('gives statistics and 10,000 points of runs while a page opens', async () => {
  const span = `from=${year.from}&to=2026-11-27`;
  const { body, ms } = await timed<RunDurations>(`/v1/runs/durations?from=2025-11-20&to=2026-11-27`);
  expect(body.ids).toHaveLength(yearRuns);
  expect(ms).toBeLessThan(1_500);
  expect((await timed<RunStatistics>(`/v1/runs/statistics?${span}`)).ms).toBeLessThan(1_500);
});

it.each([
  'sort=newest',
  'sort=longest&status=succeeded',
  'text=france&status=failed,succeeded',
  'pipeline=offers&error=STEP_FAILED',
])('gives a page of runs at once: %s', async (query) => {
  const { body, ms } = await timed<{ runs: unknown[] }>(`/v1/runs?limit=100&${query}`);
  expect(body.runs.length).toBeGreaterThan(5);
  expect(ms).toBeLessThan(1_000);
});

it.each(['germany', 'offers failed', '12105', 'lunch bag', 'nothing like it'])(
  'finds "%s" while one types',
  async (query) => {
    const { body, ms } = await timed<SearchAnswer>(`/v1/search?q=${encodeURIComponent(query)}`);
    expect(body.hits.length > 0).toBe(query !== 'nothing like it');
    expect(ms).toBeLessThan(1_000);
  },
);
