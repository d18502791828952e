import type { ModelVersion } from '../../../contracts/models.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { promotion } from '../../../domain/registry/promotion.ts';
import { PublishedResponse, ResponseOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { leastCompared } from '../response/against-champion.ts';
import { isUsableResponse, responseFor, responseFormat, responseModel } from '../response/registered.ts';

/** Puts the model of the response into the registry, makes it champion if it has earned it, and says which version is used. */
export const publishResponse: StepDefinition<OffersParams> = {
  title: 'Publish the response to the registry',
  needs: ['preprocess', 'train-response'],
  resources: { class: 'light' },
  output: PublishedResponse,
  async run({ runId, stepId, params, inputs, services, log }) {
    const { asOf } = input(inputs, 'preprocess', TablesOutput);
    const learned = input(inputs, 'train-response', ResponseOutput);
    const serving = await responseFor(services.models, asOf);
    if (!learned.response || !learned.evaluation)
      return { version: null, promoted: false, reason: learned.reason, serving: serving?.version ?? null };
    const { evaluation, againstChampion } = learned;
    const before = await services.models.byAlias(responseModel, 'champion');
    const { version } = await services.models.add({
      model: responseModel,
      formatVersion: responseFormat,
      artifact: learned.response,
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
      lineage: { run: runId, step: stepId, asOf, outcomes: learned.outcomes, params: { ...params } },
    });
    // A repeated attempt finds its own version as the champion.
    if (before?.version === version)
      return { version, promoted: true, reason: 'promoted by an earlier attempt', serving: version };
    const { promote, reason } = verdictOn(before, asOf, againstChampion);
    await services.models.setAlias(responseModel, promote ? 'champion' : 'challenger', version, `run ${runId}`, reason);
    log('info', `version ${version} of the response ${promote ? 'is the champion' : 'stays a challenger'}: ${reason}`);
    return {
      version,
      promoted: promote,
      reason,
      serving: promote ? version : (championOf(before, asOf)?.version ?? version),
    };
  },
};

const championOf = (champion: ModelVersion | null, asOf: string): ModelVersion | null =>
  champion && isUsableResponse(champion, asOf) ? champion : null;

function verdictOn(
  champion: ModelVersion | null,
  asOf: string,
  against: ResponseOutput['againstChampion'],
): { promote: boolean; reason: string } {
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
  });
}
