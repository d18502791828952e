import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SeededYear, seedYear, yearMarkets, yearRuns } from '../../bench/dashboard/year.ts';
import type { Overview, PartitionMatrix } from '../../contracts/overview.ts';
import type { RunDurations, RunStatistics } from '../../contracts/run-insight.ts';
import type { SearchAnswer } from '../../contracts/search.ts';
import { type OpenApi, openApi } from './support.ts';

const now = new Date('2026-11-26T06:40:00Z');
let api: OpenApi;
let year: SeededYear;
beforeAll(async () => {
  api = await openApi({ clock: { now: () => now } });
  year = await seedYear({ url: api.url, now });
}, 300_000);
afterAll(() => api.close());

it('gives the overview of a year', async () => {
  const body = await api.read<Overview>('/v1/overview');
  expect(body.pipelines).toHaveLength(3);
});

it('gives the matrix of 50 markets and 365 days', async () => {
  const body = await api.read<PartitionMatrix>(
    `/v1/overview/partitions?pipeline=offers&from=${year.from}&to=${year.to}`,
  );
  expect(body.keys).toHaveLength(yearMarkets);
  expect(body.status).toHaveLength(yearMarkets * 365);
  expect(body.status.filter((status) => status !== null).length).toBeGreaterThan(yearMarkets * 300);
  expect(body.version.some((version) => version === 12)).toBe(true);
});

it('gives statistics and 10,000 points of runs', async () => {
  const span = `from=${year.from}&to=2026-11-27`;
  const body = await api.read<RunDurations>(`/v1/runs/durations?from=2025-11-20&to=2026-11-27`);
  expect(body.ids).toHaveLength(yearRuns);
  const { buckets } = await api.read<RunStatistics>(`/v1/runs/statistics?${span}`);
  expect(buckets.length).toBeGreaterThan(300);
});

it.each([
  'sort=newest',
  'sort=longest&status=succeeded',
  'text=france&status=failed,succeeded',
  'pipeline=offers&error=STEP_FAILED',
])('gives a page of runs: %s', async (query) => {
  const body = await api.read<{ runs: unknown[] }>(`/v1/runs?limit=100&${query}`);
  expect(body.runs.length).toBeGreaterThan(5);
});

it.each(['germany', 'offers failed', '12105', 'lunch bag', 'nothing like it'])('finds "%s"', async (query) => {
  const body = await api.read<SearchAnswer>(`/v1/search?q=${encodeURIComponent(query)}`);
  expect(body.hits.length > 0).toBe(query !== 'nothing like it');
});
