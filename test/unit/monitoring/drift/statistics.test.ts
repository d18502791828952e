import { describe, expect, it } from 'vitest';
import { areaUnderCurve } from '../../../../domain/calibration/reliability.ts';
import { orderOf } from '../../../../domain/monitoring/drift/bins.ts';
import {
  areaOf,
  chiSquared,
  effectOfShares,
  jensenShannon,
  kolmogorovSmirnov,
  populationStability,
} from '../../../../domain/monitoring/drift/statistics.ts';
import { Random } from '../../../../domain/nlp/random.ts';

const window = Int32Array.of(12, 30, 8, 0);
const reference = [40, 50, 25, 5];
const counts = { window, all: window.map((n, bin) => n + reference[bin]!) };

// The expected figures are SciPy's 1.17: ks_2samp, chi2_contingency without correction, jensenshannon to base 2.
describe('statistics of two samples', () => {
  it('are those of SciPy', () => {
    expect(chiSquared(counts, 50, 170)).toBeCloseTo(6.034042346542346, 10);
    expect(jensenShannon(counts, 50, 170)).toBeCloseTo(0.20154735717517033, 12);
    const [a, b] = [
      [0.1, 0.4, 0.4, 0.9, 1.5, 2.2, 2.2, 3.1],
      [0.4, 0.5, 1.1, 1.6, 2.2, 2.9, 3.3, 3.4, 4.0, 4.0],
    ];
    const { rows, last } = orderOf({ type: 'numeric', values: Float64Array.from([...a!, ...b!, Number.NaN]) });
    const inWindow = Uint8Array.from({ length: 19 }, (_, row) => (row < 8 ? 1 : 0));
    expect(kolmogorovSmirnov(rows, last, inWindow)).toBeCloseTo(0.4, 12);
  });

  it('are finite where a bin is empty', () => {
    // Half a row is added to each bin: what NumPy gives for the same.
    expect(populationStability(counts, 50, 170)).toBeCloseTo(0.15571932656834428, 12);
  });

  it('are 0 where the samples are alike', () => {
    const alike = { window: Int32Array.of(10, 20, 30), all: Int32Array.of(20, 40, 60) };
    for (const of of [chiSquared, jensenShannon, populationStability]) expect(of(alike, 60, 120)).toBe(0);
    expect(effectOfShares(0.3, 0.3)).toBe(0);
  });

  it('take the distance of shares by their arcsines', () => {
    expect(effectOfShares(0.5, 0.25)).toBeCloseTo(0.5236, 4);
    expect(effectOfShares(0, 1)).toBeCloseTo(Math.PI, 12);
  });
});

it('finds the area under the curve without sorting, up to ties', () => {
  const random = new Random(1);
  const scores = Float32Array.from({ length: 500 }, () => random.normal());
  const places = Int32Array.from({ length: 80 }, (_, i) => 6 * i + 3);
  for (const place of places) scores[place]! += 0.7;
  const label = new Uint8Array(500);
  for (const place of places) label[place] = 1;
  expect(areaOf(scores, 0, 500, places, 0, 80)).toBeCloseTo(areaUnderCurve(Float64Array.from(scores), label), 3);
  expect(areaOf(new Float32Array(500), 0, 500, places, 0, 80)).toBe(0.5);
  expect(areaOf(scores, 0, 500, places, 0, 0)).toBe(0.5);
});
