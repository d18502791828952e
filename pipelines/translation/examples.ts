import type { Subwords } from '../../domain/nlp/subwords/index.ts';
import { type MinedPair, TermSampler } from '../../domain/nlp/terminology/index.ts';
import type { Example } from '../../domain/nlp/transformer/index.ts';
import type { LanguagePair } from '../../domain/nlp/translator/index.ts';
import type { TextPairRow } from './corpus.ts';

/** Longest side of an example in subwords; longer ones are left out of training. */
const longest = 200;

/** Examples without annotations, as a development set is judged on. */
export function plainExamples(rows: readonly TextPairRow[], subwords: Subwords, pair: LanguagePair): Example[] {
  return rows.map(({ source, target }) => ({
    source: subwords.encodeSource(source, { language: pair.source }).source,
    target: subwords.encodeTarget(target, { language: pair.target }),
  }));
}

export interface EpochOptions {
  readonly subwords: Subwords;
  readonly pair: LanguagePair;
  readonly seed: number;
  readonly epoch: number;
  /** Share of sentences that are annotated with target terms, 0 to 1. */
  readonly annotated: number;
}

/**
 * The examples of an epoch: a share of them annotated with terms found in them (Dinu et al. 2019; Bergmanis and Pinnis
 * 2021), drawn anew for each epoch, the same for the same seed.
 */
export function epochExamples(
  mined: readonly MinedPair[],
  { subwords, pair, seed, epoch, annotated }: EpochOptions,
): Example[] {
  const sampler = new TermSampler(mined, { seed, epoch, share: annotated });
  const examples: Example[] = [];
  for (let i = 0; i < mined.length; i++) {
    const { source, target } = sampler.draw(i);
    const example = {
      ...subwords.encodeSource(source, { language: pair.source }),
      target: subwords.encodeTarget(target, { language: pair.target }),
    };
    if (example.source.length <= longest && example.target.length <= longest) examples.push(example);
  }
  return examples;
}
