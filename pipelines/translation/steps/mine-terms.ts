import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { Aligner, alignable, type Term } from '../../../domain/nlp/terminology/index.ts';
import { loadCorpus, type TextPairRow } from '../corpus.ts';
import { loadTerms } from '../glossary.ts';
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
  output: TermsOutput,
  async run({ params, inputs, services, metric, progress }) {
    const pair = parsePair(params.pair);
    const terms = await loadTerms(params.glossaries, pair, services);
    const { general, domain } = input(inputs, 'preprocess', CorporaOutput);
    const texts = await loadCorpus(general.train, services);
    const topics = domain ? await loadCorpus(domain.train, services) : [];
    // Of all texts, since the words of a small domain are too rare to be aligned by themselves.
    const aligner = Aligner.train([...texts, ...topics].map((row) => alignable(row, pair)));
    const alignerRef = await services.artifacts.putBytes(aligner.toBytes());
    let done = 0;
    const find = async (rows: readonly TextPairRow[], known: readonly Term[]) => {
      const pairs = trainingPairs(rows, pair, aligner, known);
      progress(++done, domain ? 4 : 2, 'corpora');
      return { pairs, ref: { ...(await storeTrainingPairs(pairs, services.artifacts)) } };
    };
    const found = await find(texts, []);
    const foundDev = await find(await loadCorpus(general.dev, services), []);
    const topical = domain && (await find(topics, terms));
    const topicalDev = domain && (await find(await loadCorpus(domain.dev, services), terms));
    const candidates = [...found.pairs, ...(topical?.pairs ?? [])].reduce((sum, one) => sum + one.candidates.length, 0);
    metric('term_candidates', candidates);
    return {
      general: found.ref,
      generalDev: foundDev.ref,
      domain: topical?.ref ?? null,
      domainDev: topicalDev?.ref ?? null,
      aligner: { ...alignerRef },
      candidates,
    };
  },
};
