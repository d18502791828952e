import { Random } from '../random.ts';
import { bleuOf, bleuStatistics } from './bleu.ts';
import { chrfOf, chrfStatistics } from './chrf.ts';
import { checkPairs } from './counts.ts';

export interface Comparison {
  /** Score of the first list of translations minus that of the second. */
  readonly difference: number;
  /** Bounds of the 95 % percentile interval of the difference. */
  readonly lower95: number;
  readonly upper95: number;
}

/**
 * Paired bootstrap of a corpus score (Koehn 2004): draws test sets with replacement, the same for both systems. With
 * 1,000 sentences and 1,000 draws under a second.
 *
 * @param metric default `bleu`, cased.
 * @throws DATA_MISSING when the lists differ in length.
 */
export function compareTranslations(
  a: readonly string[],
  b: readonly string[],
  references: readonly string[],
  options: { readonly metric?: 'bleu' | 'chrf'; readonly samples?: number; readonly seed?: number } = {},
): Comparison {
  checkPairs(a, references);
  checkPairs(b, references);
  const { metric = 'bleu', samples = 1000, seed = 1 } = options;
  const statistics = metric === 'bleu' ? bleuStatistics : chrfStatistics;
  const score = (rows: readonly Int32Array[]): number => (metric === 'bleu' ? bleuOf(rows).score : chrfOf(rows));
  const [left, right] = [a, b].map((list) => list.map((text, i) => statistics(text, references[i] as string)));
  if (!left || !right || left.length === 0) return { difference: 0, lower95: 0, upper95: 0 };
  const random = new Random(seed);
  const differences = new Float64Array(samples).map(() => {
    const drawn = Array.from({ length: left.length }, () => random.below(left.length));
    return score(drawn.map((i) => left[i] as Int32Array)) - score(drawn.map((i) => right[i] as Int32Array));
  });
  differences.sort();
  const at = (share: number) => differences[Math.min(samples - 1, Math.floor(share * samples))] ?? 0;
  return { difference: score(left) - score(right), lower95: at(0.025), upper95: at(0.975) };
}
