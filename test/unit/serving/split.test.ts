import { describe, expect, it } from 'vitest';
import { variantFor } from '../../../domain/serving/index.ts';

const callers = Array.from({ length: 10_000 }, (_, i) => `caller ${i}`);
const traffic = (share: number, candidate = 2, configuration = 0) => ({
  model: 'translation-en-de',
  routes: [
    { version: 1, configuration: 0, share: 1 - share },
    { version: candidate, configuration, share },
  ],
});
const takenBy = (version: number, share: number, configuration = 0) =>
  callers.filter((caller) => {
    const answers = variantFor(traffic(share, version, configuration), caller);
    return answers.version === version && answers.configuration === configuration;
  });

describe('variantFor', () => {
  it('gives a version its share of the callers, all or none at the ends', () => {
    expect(takenBy(2, 0)).toEqual([]);
    expect(takenBy(2, 1)).toEqual(callers);
    // Four standard deviations.
    expect(Math.abs(takenBy(2, 0.05).length - 500)).toBeLessThan(88);
    expect(Math.abs(takenBy(2, 0.25).length - 2500)).toBeLessThan(174);
  });

  it('keeps who has a version while its share grows', () => {
    const few = takenBy(2, 0.05);
    const more = new Set(takenBy(2, 0.25));
    expect(few.every((caller) => more.has(caller))).toBe(true);
  });

  it('tries candidates on different callers', () => {
    const [one, other] = [new Set(takenBy(2, 0.05)), takenBy(3, 0.05)];
    // By chance 25 of 500 are the same.
    expect(other.filter((caller) => one.has(caller)).length).toBeLessThan(60);
  });

  it('tells configurations of one version apart, and keeps who has one while its share grows', () => {
    const few = takenBy(1, 0.05, 3);
    expect(Math.abs(few.length - 500)).toBeLessThan(88);
    const more = new Set(takenBy(1, 0.25, 3));
    expect(few.every((caller) => more.has(caller))).toBe(true);
    const another = takenBy(1, 0.05, 4);
    expect(another.filter((caller) => few.includes(caller)).length).toBeLessThan(60);
  });
});
