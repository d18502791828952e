import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { trainSubwords } from '../../../domain/nlp/subwords/index.ts';
import { loadCorpus } from '../corpus.ts';
import { CorporaOutput, SubwordsOutput } from '../outputs.ts';
import { parsePair } from '../pair.ts';
import type { TranslationParams } from '../params.ts';
import { sizes } from '../sizes.ts';

/** Learns the subwords that both languages and both domains share. */
export const subwords: StepDefinition<TranslationParams> = {
  title: 'Learn subwords',
  needs: ['preprocess'],
  isolation: 'process',
  resources: { memoryMiB: 1024 },
  cache: { params: ['pair', 'size'] },
  output: SubwordsOutput,
  async run({ params, inputs, services, metric }) {
    const { source, target } = parsePair(params.pair);
    const { general, domain } = input(inputs, 'preprocess', CorporaOutput);
    const rows = await loadCorpus(general.train, services);
    if (domain) rows.push(...(await loadCorpus(domain.train, services)));
    const vocabulary = trainSubwords(
      [
        { language: source, texts: rows.map((row) => row.source) },
        { language: target, texts: rows.map((row) => row.target) },
      ],
      { size: sizes[params.size].vocabulary },
    );
    metric('subwords', vocabulary.size);
    const ref = await services.artifacts.putBytes(new TextEncoder().encode(vocabulary.serialise()));
    return { subwords: { ...ref }, size: vocabulary.size };
  },
};
