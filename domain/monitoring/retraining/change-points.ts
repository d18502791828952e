/**
 * Days at which the mean of a series changes, found exactly by PELT (Killick, Fearnhead and Eckley 2012) with the squared
 * error as its cost: for values with a standard deviation of 1.
 *
 * @param penalty what a change costs; default 3 · ln n, the modified BIC of Zhang and Siegmund (2007).
 * @param least fewest values between two changes.
 * @returns indexes at which a new segment begins, ascending, without 0.
 */
export function changePoints(
  values: readonly number[],
  { penalty = 3 * Math.log(Math.max(2, values.length)), least = 3 }: { penalty?: number; least?: number } = {},
): number[] {
  const n = values.length;
  const sums = new Float64Array(n + 1);
  const squares = new Float64Array(n + 1);
  values.forEach((value, i) => {
    sums[i + 1] = (sums[i] as number) + value;
    squares[i + 1] = (squares[i] as number) + value * value;
  });
  const cost = (from: number, to: number): number => {
    const sum = (sums[to] as number) - (sums[from] as number);
    return (squares[to] as number) - (squares[from] as number) - (sum * sum) / (to - from);
  };
  const best = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  best[0] = -penalty;
  const cut = new Int32Array(n + 1);
  let candidates = [0];
  for (let to = least; to <= n; to++) {
    for (const from of candidates) {
      if (to - from < least) continue;
      const total = (best[from] as number) + cost(from, to) + penalty;
      if (total < (best[to] as number)) {
        best[to] = total;
        cut[to] = from;
      }
    }
    // What cost more at a place without a penalty than the best did with one is never the best again, as soon as a segment
    // from that place on is long enough.
    const begin = to - least + 1;
    candidates = candidates.filter(
      (from) => begin - from < least || (best[from] as number) + cost(from, begin) <= (best[begin] as number),
    );
    if (begin >= least) candidates.push(begin);
  }
  const found: number[] = [];
  for (let at = n; at > 0 && (cut[at] as number) > 0; at = cut[at] as number) found.unshift(cut[at] as number);
  return found;
}
