import { Random } from '../nlp/random.ts';

/** A mean and the bounds of its 95 % percentile interval. */
export type Interval = { readonly mean: number; readonly lower95: number; readonly upper95: number };

/** The 95 % percentile interval of a mean by the means of samples, which are sorted; its bounds are NaN without samples. */
export function percentileInterval(mean: number, samples: Float64Array): Interval {
  samples.sort();
  const at = (share: number) => samples[Math.min(samples.length - 1, Math.floor(share * samples.length))] ?? Number.NaN;
  return { mean, lower95: at(0.025), upper95: at(0.975) };
}

/**
 * Paired bootstrap of the mean of `a − b` (Efron and Tibshirani 1993): resamples customers with replacement.
 *
 * @returns mean difference and the bounds of its 95 % percentile interval; all 0 when the arrays are empty.
 */
export function pairedBootstrap(
  a: Float64Array,
  b: Float64Array,
  options: { samples?: number; seed?: number } = {},
): Interval {
  if (a.length !== b.length) throw new RangeError(`a has ${a.length} values and b ${b.length}: they must be pairs`);
  const n = a.length;
  if (n === 0) return { mean: 0, lower95: 0, upper95: 0 };
  const random = new Random(options.seed ?? 1);
  const difference = a.map((value, i) => value - (b[i] as number));
  const means = new Float64Array(options.samples ?? 1000);
  for (let s = 0; s < means.length; s++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += difference[random.below(n)] as number;
    means[s] = sum / n;
  }
  return percentileInterval(difference.reduce((sum, d) => sum + d, 0) / n, means);
}

/**
 * The 95 % percentile interval of a statistic of sums over customers, who are resampled with replacement, whole.
 *
 * @param columns what is summed, by customer. @param statistic of the sums, in the order of the columns.
 * @returns null when the statistic of all customers is not a number, such as a ratio to nothing; samples in which it is
 *   none are left out.
 */
export function sumsInterval(
  columns: readonly Float64Array[],
  statistic: (sums: Float64Array) => number,
  options: { samples?: number; seed?: number } = {},
): Interval | null {
  const n = columns[0]?.length ?? 0;
  const whole = statistic(Float64Array.from(columns, (column) => column.reduce((sum, value) => sum + value, 0)));
  if (!Number.isFinite(whole)) return null;
  const random = new Random(options.seed ?? 1);
  const found: number[] = [];
  const sums = new Float64Array(columns.length);
  for (let s = 0; s < (options.samples ?? 1000); s++) {
    sums.fill(0);
    for (let i = 0; i < n; i++) {
      const drawn = random.below(n);
      for (let c = 0; c < columns.length; c++) sums[c]! += columns[c]![drawn]!;
    }
    const value = statistic(sums);
    if (Number.isFinite(value)) found.push(value);
  }
  return percentileInterval(whole, Float64Array.from(found));
}
