import type { ModelVersion } from '../../../contracts/models.ts';
import type { PromotionMode } from '../../../contracts/promotion.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { filesOf } from '../../../domain/registry/files.ts';
import { lineageOf } from '../../../domain/registry/lineage.ts';
import { promotion, type Verdict } from '../../../domain/registry/promotion.ts';
import { publishVersion } from '../../../domain/registry/publish.ts';
import { datasets } from '../datasets.ts';
import { responseFacts, responseSignature } from '../model-facts.ts';
import { PublishedResponse, ResponseOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { leastCompared } from '../response/against-champion.ts';
import {
  isUsableResponse,
  responseChampion,
  responseFor,
  responseFormat,
  responseModel,
} from '../response/registered.ts';
import { salesTrainedOn } from '../trained-on.ts';

/** Puts the model of the response into the registry, makes it champion if it has earned it, and says which version is used. */
export const publishResponse: StepDefinition<OffersParams> = {
  title: 'Publish the response to the registry',
  needs: ['validate', 'preprocess', 'train-response'],
  resources: { class: 'light' },
  output: PublishedResponse,
  async run(context) {
    const { runId, inputs, params, services, log } = context;
    const { asOf } = input(inputs, 'preprocess', TablesOutput);
    const learned = input(inputs, 'train-response', ResponseOutput);
    const serving = await responseFor(services.models, asOf);
    if (!learned.response || !learned.evaluation)
      return { version: null, promoted: false, reason: learned.reason, serving: serving?.version ?? null };
    const { evaluation, againstChampion } = learned;
    const published = await publishVersion(
      services.models,
      {
        model: responseModel,
        formatVersion: responseFormat,
        artifact: learned.response,
        files: filesOf({ model: learned.response }),
        signature: responseSignature,
        facts: responseFacts,
        runId,
        metrics: {
          offers: learned.offers,
          judgedOn: evaluation.offers,
          calibrationError: evaluation.calibrationError,
          ...(evaluation.auc === null ? {} : { auc: evaluation.auc }),
          ...(evaluation.uplift
            ? { qini: evaluation.uplift.qini.mean, qiniUntargeted: evaluation.uplift.qiniUntargeted }
            : {}),
        },
        lineage: lineageOf(
          context,
          [
            { dataset: datasets.outcomes, rows: learned.offers, sha256: learned.outcomes, asOf },
            ...salesTrainedOn(inputs),
          ],
          { asOf, outcomes: learned.outcomes },
        ),
      },
      (champion) => verdictOn(champion, asOf, againstChampion, params.promote === 'never' ? 'never' : 'auto'),
      { judged: learned.champion },
    );
    const { promote, reason } = published;
    const { version } = published.version;
    log('info', `version ${version} of the response ${promote ? 'is the champion' : 'stays a challenger'}: ${reason}`);
    return {
      version,
      promoted: promote,
      reason,
      serving: promote ? version : ((await responseChampion(services.models, asOf))?.version ?? version),
    };
  },
};

function verdictOn(
  champion: ModelVersion | null,
  asOf: string,
  against: ResponseOutput['againstChampion'],
  mode: PromotionMode,
): Verdict {
  // A day of the past that is run again must not bring back what was known then.
  if (champion?.formatVersion === responseFormat && !isUsableResponse(champion, asOf))
    return {
      promote: false,
      reason: `champion version ${champion.version} has learned from later outcomes; this version is for this day`,
    };
  if (against && !against.difference)
    return {
      promote: false,
      reason: `${against.offers} offers are later than what both models have learned from; ${leastCompared} are needed to compare them`,
    };
  return promotion({
    difference: against?.difference ?? null,
    championUsable: true,
    metric: 'log likelihood of an outcome',
    mode,
  });
}
