import type { JsonObject } from '../../contracts/json.ts';
import type { ModelFacts, ModelSignature, TrainedOn } from '../../contracts/models.ts';
import type { LanguagePair } from '../../domain/nlp/translator/index.ts';
import * as datasets from './datasets.ts';
import type { CorporaOutput, EvaluateOutput } from './outputs.ts';

/** What goes into the model of a pair and what comes out. */
export function signatureOf({ source, target }: LanguagePair): ModelSignature {
  return {
    inputs: [
      {
        name: 'tokens',
        type: 'int32',
        shape: 'sentences × subwords',
        means: `Sentences in ${source} as ids of the tokenizer, with tags and variables masked.`,
      },
      {
        name: 'factors',
        type: 'int32',
        shape: 'sentences × subwords',
        means: 'What each subword is: source text, a term shown beside it, or a similar sentence’s translation.',
      },
    ],
    outputs: [
      {
        name: 'tokens',
        type: 'int32',
        shape: 'sentences × subwords',
        means: `The translations in ${target}, as ids of the tokenizer.`,
      },
      {
        name: 'score',
        type: 'float32',
        shape: 'one a sentence',
        means: 'Logarithm of the probability of the translation.',
      },
    ],
  };
}

const names = new Intl.DisplayNames('en', { type: 'language' });
const languageName = (tag: string): string => names.of(tag) ?? tag;

export function factsOf({ source, target }: LanguagePair, memories: readonly string[]): ModelFacts {
  const domain = memories.length > 0 ? `, adapted to ${memories.join(', ')}` : '';
  return {
    title: `Translation from ${languageName(source)} to ${languageName(target)}`,
    use: [
      `Translates sentences from ${languageName(source)} to ${languageName(target)}${domain}, with the terms of a glossary and similar sentences shown to it.`,
    ],
    limits: [
      'It sees one sentence at a time: what “it” or “they” stands for in the sentence before, it does not know.',
      memories.length > 0
        ? 'It is best on texts like its memories; on others see the figures for general text.'
        : 'It is adapted to no domain.',
      'Scores are of held-out sentences of the texts it was trained on; on other texts they are lower.',
    ],
    metrics: {
      bleu: { title: 'BLEU', better: 'higher', digits: 2 },
      chrf: { title: 'chrF', better: 'higher', digits: 2 },
      bleuGeneral: { title: 'BLEU, general text', better: 'higher', digits: 2 },
      chrfGeneral: { title: 'chrF, general text', better: 'higher', digits: 2 },
      termsLemmatised: { title: 'Terms of the glossary', better: 'higher' },
      bleuTerms: { title: 'BLEU with terms', better: 'higher', digits: 2 },
    },
  };
}

/**
 * The figures of a version: those of the domain's held-out texts, of the model alone and with the terms of the glossary; where
 * there is a domain those of general text too. All of them stand under `sets`.
 */
export function metricsOf(sets: EvaluateOutput['sets']): JsonObject {
  const last = sets.at(-1)?.variants;
  const alone = (variants: typeof last) => variants?.findLast(({ name }) => !name.includes('+'));
  const terms = last?.find(({ name }) => name.endsWith('+ terms'));
  const [own, general] = [alone(last), sets.length > 1 ? alone(sets[0]?.variants) : undefined];
  return {
    ...(own && { bleu: own.bleu, chrf: own.chrf }),
    ...(general && { bleuGeneral: general.bleu, chrfGeneral: general.chrf }),
    ...(terms && { bleuTerms: terms.bleu }),
    ...(terms && terms.termsLemmatised !== null && { termsLemmatised: terms.termsLemmatised }),
    sets,
  };
}

/** What a run's model has learned from. */
export function trainedOn({ general, domain }: CorporaOutput, memories: readonly string[]): TrainedOn[] {
  const part = (name: string, { train, trainPairs }: CorporaOutput['general']): TrainedOn => ({
    dataset: `${datasets.parallel}/${name}`,
    rows: trainPairs,
    sha256: train.sha256,
  });
  return [part(datasets.generalDomain, general), ...(domain ? [part(memories.join('+'), domain)] : [])];
}
