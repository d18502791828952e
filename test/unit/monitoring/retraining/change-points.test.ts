import { describe, expect, it } from 'vitest';
import { fitBaseline } from '../../../../domain/monitoring/baseline.ts';
import { dayNumber, weekdayOf } from '../../../../domain/monitoring/days.ts';
import { changePoints } from '../../../../domain/monitoring/retraining/change-points.ts';
import { findDegradations } from '../../../../domain/monitoring/retraining/degradations.ts';
import { Random } from '../../../../domain/nlp/random.ts';

/** The cheapest parting of a series, by trying all. */
function bestByHand(values: readonly number[], penalty: number, least: number): number {
  const cost = (from: number, to: number): number => {
    const part = values.slice(from, to);
    const mean = part.reduce((sum, v) => sum + v, 0) / part.length;
    return part.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  };
  const best = [-penalty];
  for (let to = 1; to <= values.length; to++) {
    best[to] = Number.POSITIVE_INFINITY;
    for (let from = 0; from <= to - least; from++)
      best[to] = Math.min(best[to] as number, (best[from] as number) + cost(from, to) + penalty);
  }
  return best.at(-1) as number;
}

describe('changePoints', () => {
  it('finds where the mean changes, and nothing in noise', () => {
    const random = new Random(5);
    const values = Array.from({ length: 200 }, (_, i) => random.normal() - (i >= 80 && i < 120 ? 4 : 0));
    const [first, second, ...more] = changePoints(values);
    expect(Math.abs((first ?? 0) - 80)).toBeLessThanOrEqual(2);
    expect(Math.abs((second ?? 0) - 120)).toBeLessThanOrEqual(2);
    expect(more).toEqual([]);
    expect(changePoints(Array.from({ length: 300 }, () => random.normal()))).toEqual([]);
    expect(changePoints([])).toEqual([]);
  });

  /** What the parting found costs. */
  const costOf = (values: readonly number[], penalty: number, least: number): number => {
    const cuts = [0, ...changePoints(values, { penalty, least }), values.length];
    return cuts.slice(1).reduce((sum, to, i) => {
      const part = values.slice(cuts[i], to);
      const mean = part.reduce((s, v) => s + v, 0) / part.length;
      return sum + part.reduce((s, v) => s + (v - mean) ** 2, 0) + penalty;
    }, -penalty);
  };

  it.each([1, 2, 3])('is as cheap as the best of all partings (seed %i)', (seed) => {
    const random = new Random(seed);
    const values = Array.from({ length: 40 }, (_, i) => random.normal() + 2 * Math.floor(i / 13));
    expect(costOf(values, 4, 3)).toBeCloseTo(bestByHand(values, 4, 3), 6);
  });

  it.each([61, 101, 268])('is so where changes follow each other as closely as they may (seed %i)', (seed) => {
    const random = new Random(seed);
    let level = 0;
    const values = Array.from({ length: 40 }, () => {
      if (random.next() < 0.2) level = 4 * random.normal();
      return level + random.normal();
    });
    expect(costOf(values, 4, 3)).toBeCloseTo(bestByHand(values, 4, 3), 6);
  });
});

describe('findDegradations', () => {
  it('tells a fall from weekdays and the yearly season', () => {
    const random = new Random(9);
    const start = dayNumber('2025-01-01');
    const points = Array.from({ length: 365 }, (_, i) => ({
      day: start + i,
      value:
        0.35 -
        0.005 * weekdayOf(start + i) +
        0.03 * Math.sin((2 * Math.PI * i) / 365) +
        0.01 * random.normal() -
        (i >= 200 && i < 215 ? 0.06 : 0),
    }));
    const found = findDegradations(points, { bad: 'low' }, 'hit');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ kpi: 'hit', from: '2025-07-20', to: '2025-08-03' });
    expect(found[0]!.depth).toBeGreaterThan(4);
    expect(findDegradations(points, { bad: 'high' }, 'hit')).toEqual([]);
  });
});

describe('fitBaseline', () => {
  const start = dayNumber('2026-01-05');
  const exact = (i: number) => 10 + 0.01 * i + [3, 1, 0, 0, -1, -2, -4][weekdayOf(start + i)]!;

  it('goes on with weekday and course, and is not bent by an outage', () => {
    const random = new Random(3);
    const points = Array.from({ length: 56 }, (_, i) => ({
      day: start + i,
      value: i >= 20 && i < 27 ? 0 : exact(i) + 0.1 * random.normal(),
    }));
    const baseline = fitBaseline(points);
    for (const ahead of [57, 60, 63, 70])
      expect(Math.abs(baseline.expected(start + ahead) - exact(ahead))).toBeLessThan(0.4);
    expect(baseline.sigma(start + 60)).toBeGreaterThan(0.08);
    expect(baseline.sigma(start + 60)).toBeLessThan(0.25);
  });

  it('does not follow what is steeper than a season', () => {
    const random = new Random(4);
    const points = Array.from({ length: 56 }, (_, i) => ({
      day: start + i,
      value: 0.1 * random.normal() - (i > 30 ? 0.1 * (i - 30) : 0),
    }));
    const slope = fitBaseline(points).expected(start + 77) - fitBaseline(points).expected(start + 70);
    expect(slope).toBeGreaterThan(-0.3);
  });
});
