/** Counts by bin of the two samples that are compared: `window[b]` of them are of the window, `all[b]` in both together. */
interface Counts {
  readonly window: Int32Array;
  readonly all: Int32Array;
}

/** Rows that a bin is given in each sample, so that an empty one has a logarithm: Krichevsky and Trofimov 1981. */
const half = 0.5;

/**
 * Population stability index: Σ (p − q) ln(p / q), the symmetric relative entropy of Jeffreys 1946, as scorecards are watched
 * by (Lewis 1994, Siddiqi 2006). 0 when the samples are alike; without bound.
 */
export function populationStability({ window, all }: Counts, rows: number, total: number): number {
  const [m, n] = [rows + half * all.length, total - rows + half * all.length];
  let sum = 0;
  for (let b = 0; b < all.length; b++) {
    const p = (window[b]! + half) / m;
    const q = (all[b]! - window[b]! + half) / n;
    sum += (p - q) * Math.log(p / q);
  }
  return sum;
}

/** Jensen–Shannon distance: the root of the divergence to base 2 (Lin 1991, Endres and Schindelin 2003); 0 to 1. */
export function jensenShannon({ window, all }: Counts, rows: number, total: number): number {
  let sum = 0;
  for (let b = 0; b < all.length; b++) {
    const p = window[b]! / rows;
    const q = (all[b]! - window[b]!) / (total - rows);
    const middle = (p + q) / 2;
    if (p > 0) sum += p * Math.log2(p / middle);
    if (q > 0) sum += q * Math.log2(q / middle);
  }
  return Math.sqrt(Math.max(0, sum / 2));
}

/** Pearson's χ² of the two samples' counts (Pearson 1900). */
export function chiSquared({ window, all }: Counts, rows: number, total: number): number {
  let sum = 0;
  for (let b = 0; b < all.length; b++) {
    if (all[b] === 0) continue;
    const expected = (all[b]! * rows) / total;
    sum += (window[b]! - expected) ** 2 / (expected * (1 - rows / total));
  }
  return sum;
}

/** Cohen's w of a χ² (Cohen 1988): as if the reference were the population, so that it does not depend on the samples' sizes. */
export const effectOfChiSquared = (value: number, rows: number, total: number): number =>
  Math.sqrt((value * total) / (rows * (total - rows)));

/** Cohen's h of two shares (Cohen 1988): the distance of their arcsines, 0 to π. */
export const effectOfShares = (p: number, q: number): number =>
  Math.abs(2 * Math.asin(Math.sqrt(p)) - 2 * Math.asin(Math.sqrt(q)));

const scoreBins = 4096;
const [scoresByBin, windowByBin] = [new Int32Array(scoreBins), new Int32Array(scoreBins)];

/**
 * Area under the ROC curve of the scores `from … to`: how often one of the window stands above one of the reference; ties
 * count half, also those of scores nearer than a 4096th of their range, which saves sorting. ½ when one is empty.
 *
 * @param places of the window's scores, at `first … last`.
 */
export function areaOf(
  scores: Float32Array,
  from: number,
  to: number,
  places: Int32Array,
  first: number,
  last: number,
): number {
  const rows = last - first;
  const others = to - from - rows;
  if (rows === 0 || others === 0) return 0.5;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = from; i < to; i++) {
    const score = scores[i]!;
    if (score < low) low = score;
    if (score > high) high = score;
  }
  const scale = high > low ? (scoreBins - 1) / (high - low) : 0;
  scoresByBin.fill(0);
  windowByBin.fill(0);
  for (let i = from; i < to; i++) scoresByBin[((scores[i]! - low) * scale) | 0]!++;
  for (let i = first; i < last; i++) windowByBin[((scores[places[i]!]! - low) * scale) | 0]!++;
  let [below, wins] = [0, 0];
  for (let bin = 0; bin < scoreBins; bin++) {
    const reference = scoresByBin[bin]! - windowByBin[bin]!;
    wins += windowByBin[bin]! * (below + reference / 2);
    below += reference;
  }
  return wins / (rows * others);
}

/**
 * The largest distance of the two samples' distribution functions (Kolmogorov 1933, Smirnov 1939).
 *
 * @param order rows by rising value. @param last 1 where the next value of `order` is greater. @param inWindow by row.
 */
export function kolmogorovSmirnov(order: Int32Array, last: Uint8Array, inWindow: Uint8Array): number {
  let rows = 0;
  for (let i = 0; i < order.length; i++) rows += inWindow[order[i]!]!;
  const others = order.length - rows;
  if (rows === 0 || others === 0) return 0;
  let [seen, most] = [0, 0];
  for (let i = 0; i < order.length; i++) {
    seen += inWindow[order[i]!]!;
    if (last[i] === 0) continue;
    const distance = Math.abs(seen / rows - (i + 1 - seen) / others);
    if (distance > most) most = distance;
  }
  return most;
}
