import { Random } from '../nlp/random.ts';
import { type Interval, percentileInterval } from '../recommend/bootstrap.ts';

/** Offers whose holdout was drawn at random. */
export interface UpliftRows {
  /** What the discount is expected to add; only the order counts. */
  readonly score: Float64Array;
  /** 1: offered; 0: held out. */
  readonly treated: Uint8Array;
  readonly sale: Uint8Array;
  /** Rows of one customer are resampled together; default: every row by itself. */
  readonly cluster?: Int32Array;
}

export interface Qini {
  /** Area between the curve and the straight line of a random order; 0 is random, above 0 finds the persuadable. */
  readonly coefficient: number;
  /** Uplift (difference of sale rates) of everybody, and of the tenth with the highest scores; NaN without both groups. */
  readonly uplift: number;
  readonly topDecile: number;
  /** Incremental sales per row offered, when the first `share` of the rows by score get offers. */
  readonly curve: readonly { readonly share: number; readonly gain: number }[];
}

const steps = 20;

/**
 * Qini curve and coefficient, and uplift at the top decile (Radcliffe 2007): rows by falling score; the gain at a depth
 * is the sales of those offered, minus the sales of those held out scaled to as many, over all rows offered.
 */
export function qini({ score, treated, sale }: Omit<UpliftRows, 'cluster'>): Qini {
  const order = Array.from(score.keys()).sort((a, b) => score[b]! - score[a]! || a - b);
  return qiniOf(order, treated, sale);
}

function qiniOf(order: readonly number[], treated: Uint8Array, sale: Uint8Array): Qini {
  const n = order.length;
  let [offered, soldOffered, held, soldHeld] = [0, 0, 0, 0];
  const total = order.reduce((sum, r) => sum + treated[r]!, 0);
  const curve = [{ share: 0, gain: 0 }];
  let [area, gain, topDecile] = [0, 0, Number.NaN];
  const rates = () => soldOffered / offered - soldHeld / held;
  for (let i = 0; i < n; i++) {
    const r = order[i]!;
    if (treated[r] === 1) {
      offered++;
      soldOffered += sale[r]!;
    } else {
      held++;
      soldHeld += sale[r]!;
    }
    const next = (soldOffered - (held > 0 ? (soldHeld * offered) / held : 0)) / Math.max(1, total);
    area += (gain + next) / 2 / n;
    gain = next;
    if (i + 1 === Math.ceil(n / 10)) topDecile = rates();
    if (Math.floor(((i + 1) * steps) / n) > Math.floor((i * steps) / n)) curve.push({ share: (i + 1) / n, gain });
  }
  return { coefficient: area - gain / 2, uplift: rates(), topDecile, curve };
}

/** 95 % percentile intervals of coefficient and top decile by a bootstrap of clusters (Efron and Tibshirani 1993). */
export function qiniIntervals(
  { score, treated, sale, cluster }: UpliftRows,
  { samples = 300, seed = 1 }: { samples?: number; seed?: number } = {},
): { coefficient: Interval; topDecile: Interval } {
  const order = Array.from(score.keys()).sort((a, b) => score[b]! - score[a]! || a - b);
  const keys = cluster ? [...new Set(cluster)].sort((a, b) => a - b) : order;
  const index = new Map(keys.map((key, i) => [key, i]));
  const random = new Random(seed);
  const [coefficients, tops]: [number[], number[]] = [[], []];
  for (let s = 0; s < samples; s++) {
    const times = new Int32Array(keys.length);
    for (let i = 0; i < keys.length; i++) times[random.below(keys.length)]!++;
    const drawn: number[] = [];
    for (const r of order) for (let t = times[index.get(cluster ? cluster[r]! : r)!]!; t > 0; t--) drawn.push(r);
    const one = qiniOf(drawn, treated, sale);
    coefficients.push(one.coefficient);
    if (Number.isFinite(one.topDecile)) tops.push(one.topDecile);
  }
  const whole = qiniOf(order, treated, sale);
  return {
    coefficient: percentileInterval(whole.coefficient, Float64Array.from(coefficients)),
    topDecile: percentileInterval(whole.topDecile, Float64Array.from(tops)),
  };
}
