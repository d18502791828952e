import type { Static } from 'typebox';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, optionalInput } from '../../../domain/dag/step-inputs.ts';
import { formatVersion, modelNameOf, storeTranslationModel } from '../../../domain/nlp/translator/index.ts';
import { filesOf } from '../../../domain/registry/files.ts';
import { lineageOf } from '../../../domain/registry/lineage.ts';
import { promotion } from '../../../domain/registry/promotion.ts';
import { publishedText, publishVersion } from '../../../domain/registry/publish.ts';
import { generalDomain } from '../datasets.ts';
import { factsOf, metricsOf, signatureOf, trainedOn } from '../model-facts.ts';
import {
  CorporaOutput,
  EvaluateOutput,
  IngestOutput,
  PublishOutput,
  SubwordsOutput,
  TermsOutput,
  TrainOutput,
} from '../outputs.ts';
import { parsePair } from '../pair.ts';
import type { TranslationParams } from '../params.ts';
import { shapeOf } from '../training.ts';

/** Puts the adapted model (without a domain the general one) into the registry, and makes it champion if it has earned it. */
export const publish: StepDefinition<TranslationParams> = {
  title: 'Publish to the registry',
  version: '2',
  needs: ['ingest', 'preprocess', 'subwords', 'mine-terms', 'train-general', 'adapt', 'evaluate'],
  resources: { class: 'light' },
  output: PublishOutput,
  async run(context) {
    const { runId, params, inputs, services, log } = context;
    const pair = parsePair(params.pair);
    const model = modelNameOf(pair);
    const { subwords, size } = input(inputs, 'subwords', SubwordsOutput);
    const corpora = input(inputs, 'preprocess', CorporaOutput);
    const { weights } = optionalInput(inputs, 'adapt', TrainOutput) ?? input(inputs, 'train-general', TrainOutput);
    const { sets, againstChampion, champion: judged } = input(inputs, 'evaluate', EvaluateOutput);
    const { aligner } = input(inputs, 'mine-terms', TermsOutput);
    const shape = shapeOf(params.size, size);
    const parts = { weights, subwords, aligner };
    const artifact = await storeTranslationModel(services.artifacts, { pairs: [pair], shape, ...parts });
    const { version, promote, reason, rollouts } = await publishVersion(
      services.models,
      {
        model,
        formatVersion,
        artifact,
        files: filesOf({ model: artifact, weights, tokenizer: subwords, aligner }),
        signature: signatureOf(pair),
        facts: factsOf(pair, params.memories),
        runId,
        metrics: metricsOf(sets),
        lineage: lineageOf(context, trainedOn(corpora, params.memories), {
          pairs: corpora.general.trainPairs + (corpora.domain?.trainPairs ?? 0),
          // Entries of memories, which are what people label.
          rows: entriesOf(input(inputs, 'ingest', IngestOutput)),
        }),
      },
      () =>
        promotion({
          difference: againstChampion,
          championUsable: true,
          metric: 'BLEU',
          mode: params.promote,
        }),
      { judged, rollout: { starter: services.rolloutStarter } },
    );
    log('info', publishedText({ version, promote, reason, rollouts }));
    return { model, version: version.version, promoted: promote, reason, rollouts: [...rollouts] };
  },
};

function entriesOf({ parts }: Static<typeof IngestOutput>): number {
  return parts.reduce((sum, { domain, rows, refused }) => sum + (domain === generalDomain ? 0 : rows + refused), 0);
}
