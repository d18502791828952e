import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../../domain/calibration/wilson.ts';

describe('the interval of a share', () => {
  it.each([
    // Table I of Newcombe 1998, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [20, 20, 0.8389, 1],
  ])('of %i in %i', (hits, trials, lower, upper) => {
    const { lower95, upper95 } = wilsonInterval(hits, trials);
    expect(lower95).toBeCloseTo(lower, 4);
    expect(upper95).toBeCloseTo(upper, 4);
  });

  it('is everything where nothing is known', () => {
    expect(wilsonInterval(0, 0)).toEqual({ lower95: 0, upper95: 1 });
  });
});
