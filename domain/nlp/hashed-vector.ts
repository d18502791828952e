import { hashedNgrams } from './ngrams.ts';
import { Random } from './random.ts';

/** Buckets and most n-grams of a text. */
const [buckets, mostGrams] = [65_536, 64] as const;

/**
 * A text as the mean of its n-grams' vectors, each drawn by its hash: texts that share words and subwords lie near each other,
 * without anything learned (random indexing: Kanerva, Kristoferson and Holst 2000).
 *
 * @returns `width` numbers of mean square about 1 / width; zeros for a text without letters and digits.
 */
export function hashedVector(text: string, width: number): Float32Array {
  const grams = hashedNgrams(text, buckets, mostGrams);
  const out = new Float32Array(width);
  for (const gram of grams) {
    const random = new Random(gram);
    for (let d = 0; d < width; d++) out[d]! += random.normal() / Math.sqrt(width * grams.length);
  }
  return out;
}
