/** What a rank counts, 1 / log2(rank + 1), for the first `ranks`. */
export const discounts = (ranks: number): Float64Array =>
  Float64Array.from({ length: ranks }, (_, i) => 1 / Math.log2(i + 2));

/** DCG of the labels `from … to` in the best order at rank `k`; the gain of a grade is 2^grade − 1. */
export function idealDcg(label: Uint8Array, from: number, to: number, k: number, discount: Float64Array): number {
  const best = label.slice(from, to).sort().reverse();
  let sum = 0;
  for (let i = 0; i < Math.min(k, best.length); i++) sum += (2 ** best[i]! - 1) * discount[i]!;
  return sum;
}
