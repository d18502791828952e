import { describe, expect, it } from 'vitest';
import type { Comparison, Gate } from '../../../contracts/rollouts.ts';
import { courseOf } from '../../../domain/rollout/course.ts';
import { readGate, withComparisons } from '../../../domain/rollout/gates.ts';

const limits = { falseAlarm: 0.01, miss: 0.05 };
const latency: Gate = { name: 'latency', kind: 'latency', tolerated: 1.1, harmful: 1.5 };
const score: Gate = { name: 'confidence', kind: 'score', tolerated: 0.01, harmful: 0.05 };
const noise = (n: number): number => ((n * 7919) % 101) / 101;
const pairs = (count: number, of: (n: number) => { base: number; candidate: number }, gate: Gate): Comparison[] =>
  Array.from({ length: count }, (_, n) => {
    const { base, candidate } = of(n);
    const answer = (value: number) =>
      gate.kind === 'latency'
        ? { error: null, ms: value, scores: {} }
        : { error: null, ms: 50, scores: { [gate.name]: value } };
    return {
      ...{ rolloutId: 'r', step: 0, requestId: String(n), served: 'base' },
      at: new Date(n * 1000).toISOString(),
      ...{ base: answer(base), candidate: answer(candidate) },
    };
  });

describe('the course of a gate', () => {
  it('gives the means of both versions in the unit of the gate, and an interval around the difference', () => {
    const course = courseOf(
      latency,
      pairs(2000, (n) => ({ base: 100, candidate: 100 * (1 + noise(n)) }), latency),
      limits,
    );
    expect(course.base).toBeCloseTo(100);
    expect(course.candidate).toBeGreaterThan(135);
    const last = course.points.at(-1);
    expect(last).toMatchObject({ count: 2000, at: new Date(1999_000).toISOString() });
    expect(course.points.length).toBeLessThanOrEqual(40);
    expect(last?.low).toBeGreaterThan(1.1);
    expect(last?.low).toBeLessThan(last?.difference as number);
    expect(last?.high).toBeGreaterThan(last?.difference as number);
  });

  it.each([
    ['fine', 0],
    ['worse', 0.08],
    ['open', 0.03],
  ] as const)('agrees with the verdict of the gate: %s', (state, loss) => {
    const compared = pairs(
      state === 'open' ? 60 : 1500,
      (n) => ({ base: 0.8, candidate: 0.7 - loss + 0.2 * noise(n) }),
      score,
    );
    const evidence = withComparisons([score], {}, compared)['confidence'];
    expect(readGate(score, evidence as NonNullable<typeof evidence>, limits).state).toBe(state);
    const last = courseOf(score, compared, limits).points.at(-1);
    expect((last?.low ?? -1) >= score.tolerated).toBe(state === 'worse');
    expect((last?.high ?? 1) <= score.harmful).toBe(state === 'fine');
  });

  it('narrows as pairs come in, and says nothing without any', () => {
    const course = courseOf(
      score,
      pairs(3000, (n) => ({ base: 0.8, candidate: 0.7 + 0.2 * noise(n) }), score),
      limits,
    );
    const widths = course.points.map(({ low, high }) => (high ?? 1) - (low ?? -1));
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(courseOf(score, [], limits)).toEqual({ gate: 'confidence', base: null, candidate: null, points: [] });
  });
});
