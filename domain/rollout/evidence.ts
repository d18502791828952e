/**
 * Evidence against the claim that differences have a mean of at most some bound, whatever was seen before: the wealth of
 * gamblers who bet on larger ones. Were the claim true, no gambler could expect to win, so wealth ever reaching 1/p has a chance
 * of at most p (Ville 1939): one may look after each difference. Bets of many sizes are mixed, as the right one isn't
 * known beforehand (Waudby-Smith and Ramdas 2024, "Estimating means of bounded random variables by betting").
 */
export interface Evidence {
  readonly count: number;
  readonly sum: number;
  /** Natural logarithm of each gambler's wealth. */
  readonly logWealth: readonly number[];
  /** Largest logarithm of the mean wealth so far. */
  readonly peak: number;
}

/** Sizes of the bets as shares of the largest that cannot lose more than all: halved every second time, down to 1/500. */
export const sizes: readonly number[] = Array.from({ length: 19 }, (_, i) => 0.98 * 2 ** (-i / 2));

export const noEvidence: Evidence = { count: 0, sum: 0, logWealth: sizes.map(() => 0), peak: 0 };

/**
 * Evidence with more differences, each of −1 to 1, in the order in which they were seen.
 *
 * @param bound what their mean is at most, by the claim; more than −1, less than 1.
 * @throws RangeError for a difference beyond −1 to 1, or none at all (NaN).
 */
export function withDifferences(evidence: Evidence, differences: Iterable<number>, bound: number): Evidence {
  const logWealth = [...evidence.logWealth];
  let { count, sum, peak } = evidence;
  // The worst that can come is −1.
  const largest = 1 / (1 + bound);
  for (const difference of differences) {
    if (!(Math.abs(difference) <= 1)) throw new RangeError(`A difference is ${difference}, not between −1 and 1`);
    count++;
    sum += difference;
    for (const [i, size] of sizes.entries())
      logWealth[i] = (logWealth[i] as number) + Math.log1p(size * largest * (difference - bound));
    peak = Math.max(peak, logMean(logWealth));
  }
  return { count, sum, logWealth, peak };
}

/** Chance, at most, of ever seeing this much evidence were the claim true. */
export function chanceOf({ peak }: Evidence): number {
  return Math.min(1, Math.exp(-peak));
}

export function logMean(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0) / logs.length);
}
