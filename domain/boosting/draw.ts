import type { Random } from '../nlp/random.ts';

/** `wanted` of the numbers from 0 to below `n`, ascending, every set as likely (Knuth's algorithm S). */
export function draw(n: number, wanted: number, random: Random): Int32Array {
  const out = new Int32Array(wanted);
  if (wanted === n) {
    for (let i = 0; i < n; i++) out[i] = i;
    return out;
  }
  for (let i = 0, at = 0; at < wanted; i++) {
    if (random.next() * (n - i) < wanted - at) out[at++] = i;
  }
  return out;
}

/** The share of `n`, at least one. */
export const shareOf = (n: number, fraction: number): number => Math.max(1, Math.round(n * fraction));
