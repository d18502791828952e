import { Random } from '../random.ts';
import { bleuOf } from './bleu.ts';

/** Mean and 95 % bounds of a difference of corpus BLEU, in points. */
export interface BleuDifference {
  readonly mean: number;
  readonly lower95: number;
  readonly upper95: number;
}

/**
 * Paired bootstrap of corpus BLEU (Koehn 2004): ours minus theirs over corpora drawn from the sentences with repetition.
 *
 * @param ours statistics by sentence (`bleuStatistics`), of the same sentences as `theirs`.
 * @param draws default 1,000. @param seed default 1.
 */
export function pairedBleuBootstrap(
  ours: readonly Int32Array[],
  theirs: readonly Int32Array[],
  { draws = 1000, seed = 1 }: { readonly draws?: number; readonly seed?: number } = {},
): BleuDifference {
  const random = new Random(seed);
  const differences = Float64Array.from({ length: draws }, () => {
    const drawn = Array.from(ours, () => random.below(ours.length));
    const score = (statistics: readonly Int32Array[]) => bleuOf(drawn.map((i) => statistics[i] as Int32Array)).score;
    return score(ours) - score(theirs);
  }).sort();
  const at = (share: number) => differences[Math.min(draws - 1, Math.floor(share * draws))] ?? 0;
  const mean = differences.reduce((sum, value) => sum + value, 0) / draws;
  return { mean, lower95: at(0.025), upper95: at(0.975) };
}
