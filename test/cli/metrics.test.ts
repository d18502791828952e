import { expect, it } from 'vitest';
import { seriesText } from '../../cli/metrics.ts';
import type { MetricPoint } from '../../contracts/metrics.ts';

const point = (day: number, value: number, more: Partial<MetricPoint> = {}): MetricPoint => ({
  ...{
    pipeline: 'offers',
    market: '',
    name: 'kpi.coverage',
    subject: '',
    value,
    threshold: null,
    alarm: null,
    text: null,
  },
  ...{ at: `2026-06-0${day}T00:00:00.000Z`, model: null, modelVersion: null, runId: null },
  ...more,
});

it('shows each figure in a line: its newest value and bound, how it went, and in words what is wrong', () => {
  const drift = {
    name: 'drift.ks',
    subject: 'price',
    threshold: 0.1,
    alarm: 'warning',
    text: 'price: KS 0.4.',
  } as const;
  const points = [
    point(3, 0.4, drift),
    point(3, 0.5),
    point(2, 0.25),
    point(2, 0.01, { ...drift, alarm: null }),
    point(1, 0),
  ];
  const lines = seriesText(points)
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/));
  expect(lines).toEqual([
    ['figure', 'of', 'market', 'newest', 'value', 'bound', 'trend'],
    ['drift.ks', 'price', '2026-06-03', '0.4', '0.1', '!', '▁█'],
    ['kpi.coverage', '2026-06-03', '0.5', '▁▅█'],
    [''],
    ['! price: KS 0.4.'],
  ]);
  expect(seriesText([])).toBe('There are no such figures.');
});
