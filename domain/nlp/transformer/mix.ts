import { PerennialError } from '../../../contracts/errors.ts';
import type { Random } from '../random.ts';

/**
 * Which examples of several corpora (language pairs, or a domain beside the general texts) an epoch uses: a corpus of n
 * examples gets a share proportional to n^(1 / temperature) (Arivazhagan et al. 2019), so that small ones are seen more often
 * than their size. Within a corpus no example comes again before all others came as often.
 *
 * @param sizes examples of each corpus.
 * @param temperature 1 = as they are; 5 is usual for very unequal pairs; large = all alike.
 * @param total examples of the epoch; default the sum of the sizes.
 * @returns numbers of the examples of each corpus, in random order.
 * @throws PARAMETER_INVALID for a temperature below 1.
 */
export function mixCorpora(
  sizes: readonly number[],
  temperature: number,
  random: Random,
  total = sizes.reduce((a, b) => a + b, 0),
): Int32Array[] {
  if (!(temperature >= 1))
    throw new PerennialError('PARAMETER_INVALID', `The temperature ${temperature} of mixed corpora is below 1`, {
      remedy: 'Use 1 to take the corpora as they are, more to raise the share of small ones.',
    });
  const weights = sizes.map((size) => (size > 0 ? size ** (1 / temperature) : 0));
  const sum = weights.reduce((a, b) => a + b, 0);
  return sizes.map((size, i) => draw(size, size > 0 ? Math.round((total * (weights[i] as number)) / sum) : 0, random));
}

/** `count` of the numbers below `size`: whole permutations one after the other, the last one cut. */
function draw(size: number, count: number, random: Random): Int32Array {
  const out = new Int32Array(count);
  for (let from = 0; from < count; from += size) {
    const permutation = Int32Array.from({ length: size }, (_, i) => i);
    random.shuffle(permutation);
    out.set(permutation.subarray(0, Math.min(size, count - from)), from);
  }
  return out;
}
