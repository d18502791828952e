import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { type StateFigure, stateMetrics } from '../../../telemetry/metrics/state.ts';

const runs = (value: number): StateFigure => ({
  figure: 'runs_active',
  labels: { pipeline: 'offers', status: 'queued' },
  value,
});

it('asks the stores once in five seconds, and forgets what is no longer there', async () => {
  const registry = new Registry();
  let now = 0;
  let asked = 0;
  let figures: StateFigure[] = [runs(3)];
  const postgres = () => {
    asked += 1;
    return Promise.resolve(figures);
  };
  stateMetrics(registry, { postgres }, () => now);
  expect(await registry.metrics()).toContain('perennial_runs_active{pipeline="offers",status="queued"} 3');
  now = 4_999;
  await registry.metrics();
  expect(asked).toBe(1);
  now = 5_000;
  figures = [];
  expect(await registry.metrics()).not.toContain('perennial_runs_active{');
  expect(asked).toBe(2);
});

it('counts a store that does not answer, and shows the others', async () => {
  const registry = new Registry();
  let now = 0;
  const away = () => Promise.reject(new Error('away'));
  stateMetrics(registry, { redis: away, postgres: () => Promise.resolve([runs(1)]) }, () => now);
  const shown = await registry.metrics();
  expect(shown).toContain('perennial_runs_active{pipeline="offers",status="queued"} 1');
  now = 10_000;
  expect(await registry.metrics()).toContain('perennial_state_read_failures_total{store="redis"}');
});
