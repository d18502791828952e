import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Alert } from '../../contracts/alerts.ts';
import type { MetricPoint } from '../../contracts/metrics.ts';
import { type AlertBench, alertBench } from '../support/alerts.ts';

let bench: AlertBench;
beforeAll(async () => {
  bench = await alertBench();
  await bench.define();
});
afterAll(() => bench.close());

const ids = async () => (await bench.open()).map(({ definition, key }) => `${definition} ${key}`).sort();
const one = async (definition: string): Promise<Alert> =>
  (await bench.open()).find((alert) => alert.definition === definition) as Alert;
const at = (day: number): string => new Date(Date.UTC(2026, 5, day)).toISOString();
const point = (name: string, day: number, more: Partial<MetricPoint> = {}): MetricPoint => ({
  ...{
    pipeline: 'sales',
    market: '',
    name,
    subject: 'price',
    at: at(day),
    value: 0.4,
    threshold: 0.1,
    alarm: 'warning',
  },
  ...{ text: 'price: KS 0.4, at most 0.1 by chance.', model: null, modelVersion: null, runId: null },
  ...more,
});

it('figures over time are alerts while the newest window is beyond bounds of its own, one for a pipeline and market', async () => {
  const missing = point('quality.missing', 2, {
    market: 'France',
    alarm: 'error',
    text: 'price: no row has a value.',
  });
  await bench.database.metricSeries.save([
    point('drift.ks', 1, { subject: 'hour' }),
    point('drift.ks', 2),
    point('drift.psi', 2),
    point('drift.psi', 2, { subject: 'hour', alarm: null }),
    missing,
  ]);
  await bench.look();
  expect(await ids()).toEqual(['data-drift sales/all', 'data-quality sales/France']);
  const drift = await one('data-drift');
  // Of the newest window only, and a column once.
  expect(drift).toMatchObject({ severity: 'warning', findingCount: 1 });
  expect(drift.text.what).toBe('price: KS 0.4, at most 0.1 by chance. (sales, up to 2026-06-02 00:00:00 UTC)');
  expect(await one('data-quality')).toMatchObject({ severity: 'critical', market: 'France' });

  await bench.database.metricSeries.save([point('drift.ks', 3, { alarm: null, text: null })]);
  await bench.look();
  expect(await ids()).toEqual(['data-quality sales/France']);
  // What is so long ago says nothing about now.
  await bench.database.metricSeries.save([point('kpi.coverage', 20, { alarm: null })]);
  await bench.look();
  expect(await ids()).toEqual([]);
});
