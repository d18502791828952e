import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { promotion } from '../../../domain/registry/promotion.ts';
import { PublishedResponse, ResponseOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { leastCompared } from '../response/against-champion.ts';
import { responseChampion, responseFormat, responseModel } from '../response/registered.ts';

/** Puts the model of the response into the registry, makes it champion if it has earned it, and says which version is used. */
export const publishResponse: StepDefinition<OffersParams> = {
  title: 'Publish the response to the registry',
  needs: ['preprocess', 'train-response'],
  resources: { class: 'light' },
  output: PublishedResponse,
  async run({ runId, stepId, params, inputs, services, log }) {
    const { asOf } = input(inputs, 'preprocess', TablesOutput);
    const learned = input(inputs, 'train-response', ResponseOutput);
    const usable = await responseChampion(services.models, asOf);
    if (!learned.response || !learned.evaluation)
      return { version: null, promoted: false, reason: learned.reason, serving: usable?.version ?? null };
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
    const { promote, reason } =
      usable && againstChampion && !againstChampion.difference
        ? {
            promote: false,
            reason: `${againstChampion.offers} offers are later than what both models have learned from; ${leastCompared} are needed to compare them`,
          }
        : promotion({
            difference: againstChampion?.difference ?? null,
            championUsable: usable !== null,
            metric: 'log likelihood of an outcome',
          });
    await services.models.setAlias(responseModel, promote ? 'champion' : 'challenger', version, `run ${runId}`, reason);
    log('info', `version ${version} of the response ${promote ? 'is the champion' : 'stays a challenger'}: ${reason}`);
    return { version, promoted: promote, reason, serving: promote ? version : (usable?.version ?? version) };
  },
};
