import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { Aligner, alignable, mineTerms } from '../../../domain/nlp/terminology/index.ts';
import { loadCorpus } from '../corpus.ts';
import { storeMined } from '../mined.ts';
import { CorporaOutput, TermsOutput } from '../outputs.ts';
import { parsePair } from '../pair.ts';
import type { TranslationParams } from '../params.ts';

/** Finds in the texts themselves what terminology could say about them, so that training needs no glossary. */
export const mine: StepDefinition<TranslationParams> = {
  title: 'Find terms in the texts',
  needs: ['preprocess'],
  isolation: 'process',
  timeout: '2h',
  resources: { memoryMiB: 2048 },
  cache: { params: ['pair'] },
  output: TermsOutput,
  async run({ params, inputs, services, metric, progress }) {
    const pair = parsePair(params.pair);
    const { general, domain } = input(inputs, 'preprocess', CorporaOutput);
    const texts = await loadCorpus(general.train, services);
    const topics = domain ? await loadCorpus(domain.train, services) : [];
    // Of all texts, since the words of a small domain are seldom enough to be aligned by themselves.
    const aligner = Aligner.train([...texts, ...topics].map((row) => alignable(row, pair)));
    progress(1, 3, 'corpora');
    const mined = mineTerms(texts, { ...pair, aligner });
    const generalRef = await storeMined(mined, services.artifacts);
    progress(2, 3, 'corpora');
    const topical = mineTerms(topics, { ...pair, aligner });
    const domainRef = domain ? await storeMined(topical, services.artifacts) : null;
    progress(3, 3, 'corpora');
    const candidates = [...mined, ...topical].reduce((sum, one) => sum + one.candidates.length, 0);
    metric('term_candidates', candidates);
    return { general: { ...generalRef }, domain: domainRef && { ...domainRef }, candidates };
  },
};
