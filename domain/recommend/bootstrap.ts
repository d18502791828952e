import { Random } from '../nlp/index.ts';

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
