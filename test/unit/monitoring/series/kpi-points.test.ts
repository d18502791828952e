import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../../../contracts/metrics.ts';
import { dateOf, dayNumber } from '../../../../domain/monitoring/days.ts';
import { kpiPoints } from '../../../../domain/monitoring/series/index.ts';
import { Random } from '../../../../domain/nlp/random.ts';

const first = dayNumber('2026-01-05');
const kpi = (day: number, value: number, market = '') => ({
  ...{ pipeline: 'offers', market, name: 'coverage', runId: 'r' },
  date: dateOf(first + day),
  value,
});

/** Figures day by day, each judged by those before it. */
async function follow(values: readonly number[]): Promise<MetricPoint[]> {
  const points: MetricPoint[] = [];
  const series = { list: async () => points.toReversed() };
  for (const [day, value] of values.entries()) points.push(...(await kpiPoints([kpi(day, value)], series)));
  return points;
}

const week = [0, 0.02, 0.01, 0, -0.01, -0.1, -0.12];
const usual = (day: number, random: Random) => 0.6 + (week[day % 7] as number) + 0.01 * random.normal();

describe('key figures over time', () => {
  it('raise hardly any alarm while they go as their weekdays let expect', async () => {
    let alarms = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = new Random(seed);
      const points = await follow(Array.from({ length: 80 }, (_, day) => usual(day, random)));
      alarms += points.filter(({ alarm }) => alarm !== null).length;
    }
    // 40 figures over 51 days that are judged: 1 in 200 at most.
    expect(alarms).toBeLessThanOrEqual(10);
  });

  it('raise one on the second day beyond what is usual, and say so with the numbers', async () => {
    const random = new Random(1);
    const points = await follow(Array.from({ length: 72 }, (_, day) => usual(day, random) - (day >= 70 ? 0.2 : 0)));
    expect(points.slice(-2).map(({ alarm }) => alarm)).toEqual([null, 'warning']);
    const last = points.at(-1)!;
    expect(last.threshold).toBeGreaterThan(last.value);
    expect(last.text).toMatch(
      /^coverage: 0\.\d+ on 2026-03-17, 0\.\d+ on 2026-03-16; 0\.\d+ is usual, at least 0\.\d+ /,
    );
  });

  it('judge each market by its own past, and nothing by too short a one', async () => {
    const past = (await follow(Array.from({ length: 10 }, () => 0.6))).map((point) => ({ ...point, market: 'DE' }));
    const points = await kpiPoints([kpi(10, 0.1, 'DE'), kpi(10, 0.1, 'FR')], { list: async () => past });
    expect(points.map(({ market, threshold, alarm }) => [market, threshold, alarm])).toEqual([
      ['DE', null, null],
      ['FR', null, null],
    ]);
    expect(await kpiPoints([], { list: () => Promise.reject(new Error('nothing is read')) })).toEqual([]);
  });
});
