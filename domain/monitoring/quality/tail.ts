/**
 * An upper bound of the chance that `count` or more of `rows` have what each has with chance `share` (Chernoff 1952):
 * exp(−rows · KL(count / rows ‖ share)); 1 when that many are no more than expected.
 */
export function tailBound(count: number, rows: number, share: number): number {
  const p = count / rows;
  if (rows === 0 || p <= share) return 1;
  if (share <= 0) return 0;
  const rest = p < 1 ? (1 - p) * Math.log((1 - p) / (1 - share)) : 0;
  return Math.exp(-rows * (p * Math.log(p / share) + rest));
}
