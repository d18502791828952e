import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { Aligner, alignable } from '../../../domain/nlp/terminology/index.ts';
import { loadCorpus } from '../corpus.ts';
import { CorporaOutput, TermsOutput } from '../outputs.ts';
import { parsePair } from '../pair.ts';
import type { TranslationParams } from '../params.ts';
import { storeTrainingPairs, trainingPairs } from '../training-pairs.ts';

/** Finds in the texts themselves what terminology and a memory could say about them: training needs no glossary for that. */
export const mine: StepDefinition<TranslationParams> = {
  title: 'Find terms and similar sentences',
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
    const mined = trainingPairs(texts, pair, aligner);
    const generalRef = await storeTrainingPairs(mined, services.artifacts);
    progress(2, 3, 'corpora');
    const topical = trainingPairs(topics, pair, aligner);
    const domainRef = domain ? await storeTrainingPairs(topical, services.artifacts) : null;
    progress(3, 3, 'corpora');
    const candidates = [...mined, ...topical].reduce((sum, one) => sum + one.candidates.length, 0);
    metric('term_candidates', candidates);
    return { general: { ...generalRef }, domain: domainRef && { ...domainRef }, candidates };
  },
};
