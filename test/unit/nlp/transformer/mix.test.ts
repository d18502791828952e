import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../domain/nlp/index.ts';
import { mixCorpora } from '../../../../domain/nlp/transformer/index.ts';

const countsOf = (numbers: Int32Array, size: number) => {
  const counts = new Array<number>(size).fill(0);
  for (const number of numbers) counts[number] = (counts[number] as number) + 1;
  return counts;
};

describe('mixCorpora', () => {
  it('takes every example once at temperature 1', () => {
    const [large, small] = mixCorpora([50, 7], 1, new Random(1)) as [Int32Array, Int32Array];
    expect(countsOf(large, 50)).toEqual(new Array(50).fill(1));
    expect(countsOf(small, 7)).toEqual(new Array(7).fill(1));
  });

  it('raises the share of small corpora with the temperature', () => {
    const share = (temperature: number) =>
      (mixCorpora([10_000, 100], temperature, new Random(1))[1] as Int32Array).length;
    expect(share(1)).toBe(100);
    expect(share(2)).toBe(918);
    expect(share(1e9)).toBe(5050);
  });

  it('uses the examples of a corpus equally often, give or take one', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        fc.nat({ max: 200 }),
        (all, temperature, seed, total) => {
          mixCorpora(all, temperature, new Random(seed), total).forEach((numbers, i) => {
            const counts = countsOf(numbers, all[i] as number);
            expect(Math.max(0, ...counts) - Math.min(Infinity, ...counts)).toBeLessThanOrEqual(1);
            expect(counts).toHaveLength(all[i] as number);
          });
        },
      ),
    );
  });

  it('refuses a temperature below 1', () => {
    expect(() => mixCorpora([1, 2], 0.5, new Random(1))).toThrow(/temperature 0.5/);
  });
});
