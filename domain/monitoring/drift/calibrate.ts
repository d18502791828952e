/** What permutations say of a family of statistics. */
export interface Calibration {
  /** By statistic: share of choices whose value is at least that observed, itself among them. */
  readonly p: Float64Array;
  /** The same corrected for the number of statistics. */
  readonly adjusted: Float64Array;
  /** By statistic: only beyond it is `adjusted` at most the level. */
  readonly threshold: Float64Array;
}

/** Makes a statistic's values about normal and back, so that no statistic of a family has the longer tail. */
export interface Scale {
  readonly to: (value: number) => number;
  readonly from: (scaled: number) => number;
}

/**
 * Permutation p-values (Phipson and Smyth 2010) and their correction by the greatest statistic (Westfall and Young 1993): each
 * is brought to mean 0 and deviation 1 over all choices, and compared with what the greatest of all comes to by chance. This
 * is exact for the family whatever statistics have to do with each other. Holm's correction holds too, but is as cautious with
 * dependent ones as with independent ones, and its least p-values need thousands of permutations.
 *
 * @param values row-major [statistics × choices]; choice 0 is that observed. @param level e.g. 0.05.
 */
export function calibrate(values: Float64Array, scales: readonly Scale[], choices: number, level: number): Calibration {
  const n = scales.length;
  const p = new Float64Array(n);
  const greatest = new Float64Array(choices).fill(Number.NEGATIVE_INFINITY);
  const standard = scales.map(({ to }, s) => {
    const own = values.subarray(s * choices, (s + 1) * choices);
    p[s] = own.reduce((sum, value) => sum + (value >= own[0]! ? 1 : 0), 0) / choices;
    const scaled = own.map(to);
    const mean = scaled.reduce((sum, value) => sum + value, 0) / choices;
    const deviation = Math.sqrt(scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / choices);
    for (let c = 0; c < choices; c++) {
      // Rounding must not make differences of what is the same in every choice.
      const z = deviation > 1e-9 * Math.abs(mean) ? (scaled[c]! - mean) / deviation : 0;
      greatest[c] = Math.max(greatest[c]!, z);
      scaled[c] = z;
    }
    return { mean, deviation, observed: scaled[0] ?? 0 };
  });
  const adjusted = Float64Array.from(standard, ({ observed }) => {
    // The observed choice counts once, as one that reaches the value.
    const others = greatest.subarray(1).reduce((sum, z) => sum + (z >= observed ? 1 : 0), 0);
    return (1 + others) / choices;
  });
  const falling = greatest.slice(1).sort().reverse();
  const allowed = Math.floor(level * choices + 1e-9);
  const limit = allowed < 1 ? Number.POSITIVE_INFINITY : (falling[allowed - 1] ?? Number.NEGATIVE_INFINITY);
  return {
    p,
    adjusted,
    threshold: Float64Array.from(standard, ({ mean, deviation }, s) => scales[s]!.from(mean + limit * deviation)),
  };
}
