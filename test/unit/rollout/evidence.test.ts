import { describe, expect, it } from 'vitest';
import { Random } from '../../../domain/nlp/index.ts';
import { chanceOf, noEvidence, withDifferences } from '../../../domain/rollout/evidence.ts';

/** Differences of −1, 0 and 1 with a mean. */
const differences = (seed: number, count: number, mean: number, noise = 0.4) => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const u = random.next();
    return u < (noise + mean) / 2 ? 1 : u < noise ? -1 : 0;
  });
};
const chance = (seed: number, mean: number, bound: number) =>
  chanceOf(withDifferences(noEvidence, differences(seed, 2000, mean), bound));

describe('evidence by betting', () => {
  it('keeps its chance of a false alarm, whenever one looks', () => {
    const alarms = Array.from({ length: 400 }, (_, seed) => chance(seed, 0.1, 0.1) <= 0.05);
    // 20 are stated; it is careful, as it must hold for any differences.
    expect(alarms.filter(Boolean).length).toBeLessThanOrEqual(20);
  });

  it('finds a difference, and is the same in one go or bit by bit', () => {
    const found = Array.from({ length: 100 }, (_, seed) => chance(seed, 0.2, 0.1) <= 0.05);
    expect(found.filter(Boolean).length).toBeGreaterThan(95);
    const all = differences(1, 300, 0.2);
    const bits = all.reduce((evidence, difference) => withDifferences(evidence, [difference], 0.1), noEvidence);
    expect(bits).toEqual(withDifferences(noEvidence, all, 0.1));
    // As it is kept between two looks.
    expect(withDifferences(JSON.parse(JSON.stringify(bits)), all, 0.1)).toEqual(withDifferences(bits, all, 0.1));
  });

  it('refuses what is no difference', () => {
    expect(() => withDifferences(noEvidence, [1.5], 0)).toThrow('between −1 and 1');
    expect(() => withDifferences(noEvidence, [Number.NaN], 0)).toThrow(RangeError);
  });
});
