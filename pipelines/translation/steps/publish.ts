import type { Static } from 'typebox';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, optionalInput } from '../../../domain/dag/step-inputs.ts';
import { formatVersion, modelNameOf, storeTranslationModel } from '../../../domain/nlp/translator/index.ts';
import { promotion } from '../../../domain/registry/promotion.ts';
import { generalDomain } from '../datasets.ts';
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
  async run({ runId, stepId, params, inputs, services, log }) {
    const pair = parsePair(params.pair);
    const model = modelNameOf(pair);
    const { subwords, size } = input(inputs, 'subwords', SubwordsOutput);
    const corpora = input(inputs, 'preprocess', CorporaOutput);
    const trained = optionalInput(inputs, 'adapt', TrainOutput) ?? input(inputs, 'train-general', TrainOutput);
    const { sets, againstChampion } = input(inputs, 'evaluate', EvaluateOutput);
    const artifact = await storeTranslationModel(services.artifacts, {
      pairs: [pair],
      shape: shapeOf(params.size, size),
      weights: trained.weights,
      subwords,
      aligner: input(inputs, 'mine-terms', TermsOutput).aligner,
    });
    const before = await services.models.byAlias(model, 'champion');
    const version = await services.models.add({
      model,
      formatVersion,
      artifact,
      runId,
      metrics: { sets },
      lineage: {
        run: runId,
        step: stepId,
        pairs: corpora.general.trainPairs + (corpora.domain?.trainPairs ?? 0),
        // Entries of memories, which are what people label.
        rows: entriesOf(input(inputs, 'ingest', IngestOutput)),
        inputs: [corpora.general.train.sha256, ...(corpora.domain ? [corpora.domain.train.sha256] : [])],
        params: { ...params },
      },
    });
    // A repeated attempt finds its own version as the champion.
    if (before?.version === version.version)
      return { model, version: version.version, promoted: true, reason: 'promoted by an earlier attempt' };
    const { promote, reason } = promotion({
      difference: againstChampion,
      championUsable: true,
      metric: 'BLEU',
      allowed: params.promote !== 'never',
    });
    await services.models.setAlias(model, promote ? 'champion' : 'challenger', version.version, `run ${runId}`, reason);
    log('info', `version ${version.version} ${promote ? 'is the champion' : 'stays a challenger'}: ${reason}`);
    return { model, version: version.version, promoted: promote, reason };
  },
};

function entriesOf({ parts }: Static<typeof IngestOutput>): number {
  return parts.reduce((sum, { domain, rows, refused }) => sum + (domain === generalDomain ? 0 : rows + refused), 0);
}
