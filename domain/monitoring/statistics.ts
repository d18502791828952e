/** The middle of some values; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

/** 1 / Φ⁻¹(3/4): makes the MAD of normal values their standard deviation. */
const madScale = 1.4826;

/** Standard deviation by the median absolute deviation (Hampel 1974): half of the values may be anything. */
export function robustSigma(values: readonly number[]): number {
  const centre = median(values);
  return madScale * median(values.map((value) => Math.abs(value - centre)));
}

/**
 * Slope of a line by the median of the slopes of all pairs within a group (Theil 1950, Sen 1968): 29 % of the values may
 * be anything. 0 without a pair.
 */
export function theilSen(groups: readonly (readonly { readonly x: number; readonly y: number }[])[]): number {
  const slopes: number[] = [];
  for (const points of groups)
    points.forEach((a, i) => {
      for (let j = i + 1; j < points.length; j++) {
        const b = points[j] as { x: number; y: number };
        if (a.x !== b.x) slopes.push((b.y - a.y) / (b.x - a.x));
      }
    });
  return slopes.length === 0 ? 0 : median(slopes);
}
