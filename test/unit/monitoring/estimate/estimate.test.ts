import { describe, expect, it } from 'vitest';
import { areaUnderCurve } from '../../../../domain/calibration/reliability.ts';
import { estimatePerformance, measurePerformance } from '../../../../domain/monitoring/estimate/index.ts';
import { Random } from '../../../../domain/nlp/random.ts';

const odds = (x: number): number => 1 / (1 + Math.exp(-x));

/** Predictions around log odds of `centre`; what is true has log odds of `distort` of them. */
function world(rows: number, random: Random, { centre = -1, distort = (x: number) => x } = {}) {
  const logits = Float64Array.from({ length: rows }, () => centre + 1.5 * random.normal());
  return {
    probabilities: logits.map(odds),
    label: Uint8Array.from(logits, (x) => (random.next() < odds(distort(x)) ? 1 : 0)),
  };
}

/** How often the labels show what lies within the interval, over 120 windows of 500 rows. */
function coverage(make: (random: Random) => ReturnType<typeof world>, reference?: ReturnType<typeof world>) {
  const random = new Random(8);
  const inside: Record<string, number> = {};
  for (let w = 0; w < 120; w++) {
    const { probabilities, label } = make(random);
    const own = estimatePerformance(probabilities, { samples: 200, seed: w, ...(reference ? { reference } : {}) });
    const shown = measurePerformance({ probabilities, label });
    for (const [metric, estimated] of Object.entries(own.metrics)) {
      const value = shown[metric as keyof typeof shown]!;
      inside[metric] =
        (inside[metric] ?? 0) + (value >= estimated!.lower95 && value <= estimated!.upper95 ? 1 / 120 : 0);
    }
  }
  return inside;
}

const all = ['accuracy', 'auc', 'brier', 'f1', 'precision', 'recall'];

describe('estimatePerformance', () => {
  it('gives intervals that hold what labels show in about 95 % of windows, for every metric', () => {
    const inside = coverage((random) => world(500, random));
    expect(Object.keys(inside).sort()).toEqual(all);
    // 95 % less three standard deviations of 120 windows.
    for (const share of Object.values(inside)) expect(share).toBeGreaterThan(0.89);
  });

  it('does so for a model that is too sure of itself, when a labelled reference tells', { timeout: 60_000 }, () => {
    const distort = (x: number) => 0.3 + 0.5 * x;
    const reference = world(1500, new Random(9), { distort });
    const moved = (random: Random) => world(500, random, { centre: 0.5, distort });
    for (const share of Object.values(coverage(moved, reference))) expect(share).toBeGreaterThan(0.89);
    // Its own word alone is far off.
    expect(coverage(moved)['brier']).toBeLessThan(0.2);
  });

  it('sees a fall that comes with harder rows', () => {
    const reference = world(3000, new Random(1), { centre: -2 });
    const { probabilities, label } = world(2000, new Random(2), { centre: 0 });
    const { metrics, reference: before } = estimatePerformance(probabilities, { reference });
    expect(metrics.accuracy!.upper95).toBeLessThan(before!.accuracy - 0.03);
    expect(measurePerformance({ probabilities, label }).accuracy).toBeCloseTo(metrics.accuracy!.value, 1);
  });

  it('is surer with a larger reference', () => {
    const { probabilities } = world(5000, new Random(3));
    const width = (rows: number) => {
      const { lower95, upper95 } = estimatePerformance(probabilities, { reference: world(rows, new Random(4)) }).metrics
        .recall!;
      return upper95 - lower95;
    };
    expect(width(200)).toBeGreaterThan(1.5 * width(8000));
  });

  it('becomes the measured performance as labels arrive', () => {
    const { probabilities, label } = world(800, new Random(5));
    const measured = measurePerformance({ probabilities, label });
    const arrived = (rows: number) =>
      estimatePerformance(probabilities, { label: Int8Array.from(label, (one, row) => (row < rows ? one : -1)) });
    const width = ({ metrics }: ReturnType<typeof arrived>) => metrics.auc!.upper95 - metrics.auc!.lower95;
    const [none, half, whole] = [arrived(0), arrived(400), arrived(800)];
    expect([none.labelled, half.labelled, whole.labelled]).toEqual([0, 400, 800]);
    expect(width(half)).toBeLessThan(0.85 * width(none));
    for (const [metric, value] of Object.entries(measured)) {
      const own = whole.metrics[metric as keyof typeof measured]!;
      expect([own.value, own.lower95, own.upper95]).toEqual([value, value, value]);
    }
  });

  it('says nothing of precision where the model never says yes', () => {
    const { metrics } = estimatePerformance(Float64Array.of(0.1, 0.2, 0.3));
    expect(metrics.precision).toBeNull();
    expect(metrics.accuracy!.value).toBeCloseTo(0.8, 12);
    expect(metrics.brier!.value).toBeCloseTo((0.09 + 0.16 + 0.21) / 3, 12);
  });

  it('refuses what is no probability, and arrays of other rows', () => {
    expect(() => estimatePerformance(Float64Array.of(0.5, 1.2))).toThrow('probabilities: 1.2 is not between 0 and 1');
    expect(() => estimatePerformance(Float64Array.of(0.5), { label: Int8Array.of(1, 0) })).toThrow(
      'label has length 2',
    );
    expect(() => estimatePerformance(new Float64Array(0))).toThrow('probabilities has no rows');
  });
});

describe('measurePerformance', () => {
  it('counts hits, misses and pairs', () => {
    const probabilities = Float64Array.of(0.9, 0.8, 0.6, 0.6, 0.4, 0.2);
    const label = Uint8Array.of(1, 0, 1, 0, 1, 0);
    expect(measurePerformance({ probabilities, label })).toEqual({
      accuracy: 0.5,
      precision: 0.5,
      recall: 2 / 3,
      f1: 4 / 7,
      auc: areaUnderCurve(probabilities, label),
      brier: expect.closeTo((0.01 + 0.64 + 0.16 + 0.36 + 0.36 + 0.04) / 6, 12),
    });
  });
});
