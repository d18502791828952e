import { Random } from '../../domain/nlp/random.ts';
import type { Subwords } from '../../domain/nlp/subwords/index.ts';
import { TermSampler } from '../../domain/nlp/terminology/index.ts';
import type { Example } from '../../domain/nlp/transformer/index.ts';
import type { LanguagePair } from '../../domain/nlp/translator/index.ts';
import type { TextPairRow } from './corpus.ts';
import type { TrainingPair } from './training-pairs.ts';

/** Longest side of an example in subwords; longer ones are left out of training. */
const longest = 200;

/** Examples without annotations, as a development set is judged on. */
export function plainExamples(rows: readonly TextPairRow[], subwords: Subwords, pair: LanguagePair): Example[] {
  return rows.map(({ source, target }) => ({
    source: subwords.encodeSource(source, { language: pair.source }).source,
    target: subwords.encodeTarget(target, { language: pair.target }),
  }));
}

/** Shares of sentences, 0 to 1, that are shown with something beside them. */
export interface Shown {
  /** Target terms within the source (Dinu et al. 2019; Bergmanis and Pinnis 2021). */
  readonly terms: number;
  /** Of those with a similar sentence: its translation behind the source (Bulte and Tezcan 2019). */
  readonly fuzzy: number;
}

export interface EpochOptions {
  readonly subwords: Subwords;
  readonly pair: LanguagePair;
  readonly seed: number;
  readonly epoch: number;
  readonly shown: Shown;
}

/** The examples of an epoch; what is shown beside the sentences is drawn anew for each, the same for the same seed. */
export function epochExamples(
  pairs: readonly TrainingPair[],
  { subwords, pair, seed, epoch, shown }: EpochOptions,
): Example[] {
  const sampler = new TermSampler(pairs, { seed, epoch, share: shown.terms });
  const random = new Random(Math.imul(seed + 1, 0x27d4eb2f) + epoch);
  const examples: Example[] = [];
  for (const [i, { fuzzy }] of pairs.entries()) {
    const { source, target } = sampler.draw(i);
    const parts = random.next() < shown.fuzzy && fuzzy ? [...source, ...fuzzy] : source;
    const example = {
      ...subwords.encodeSource(parts, { language: pair.source }),
      target: subwords.encodeTarget(target, { language: pair.target }),
    };
    if (example.source.length <= longest && example.target.length <= longest) examples.push(example);
  }
  return examples;
}
