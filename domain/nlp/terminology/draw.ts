import type { Random } from '../random.ts';
import type { Candidate } from './mine.ts';

/** Up to `n` candidates drawn at random, apart from each other on both sides, in the order of the source. */
export function drawApart(candidates: readonly Candidate[], n: number, random: Random): Candidate[] {
  const order = Int32Array.from(candidates, (_, i) => i);
  random.shuffle(order);
  const chosen: Candidate[] = [];
  for (const i of order) {
    const one = candidates[i] as Candidate;
    const apart = chosen.every(
      (other) =>
        (one.end <= other.start || other.end <= one.start) &&
        (one.targetEnd <= other.targetStart || other.targetEnd <= one.targetStart),
    );
    if (apart && chosen.push(one) === n) break;
  }
  return chosen.sort((a, b) => a.start - b.start);
}
