import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { promotion } from '../../../domain/registry/promotion.ts';
import { offersModel } from '../datasets.ts';
import { formatVersion, isUsable, storeModel, trainedParts } from '../model.ts';
import { EvaluateOutput, PublishOutput, ServingRankerOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/** Puts the model into the registry with its metrics and lineage, and makes it champion if it has earned it. */
export const publish: StepDefinition<OffersParams> = {
  title: 'Publish to the registry',
  needs: ['preprocess', 'represent', 'train', 'evaluate'],
  when: 'steps["plan-training"].output.train',
  resources: { class: 'light' },
  output: PublishOutput,
  async run({ runId, stepId, params, inputs, services, log }) {
    const { asOf, tables, rows, lastDate } = input(inputs, 'preprocess', TablesOutput);
    const scores = input(inputs, 'evaluate', EvaluateOutput);
    const lift = scores.lists.all.lift.overPopularity;
    const parts = trainedParts(inputs, 'represent', 'train');
    const { levels } = input(inputs, 'train', ServingRankerOutput);
    const artifact = await storeModel(services.artifacts, parts, { forecast: scores.forecast, levels });
    const before = await services.models.byAlias(offersModel, 'champion');
    const version = await services.models.add({
      model: offersModel,
      formatVersion,
      artifact,
      runId,
      metrics: {
        ndcgAll: scores.all.ndcg,
        ndcgNew: scores.fresh.ndcg,
        hitAll: scores.all.hit,
        customers: scores.all.customers,
        ndcgFrequency: scores.baselines.personalFrequency.ndcg,
        calibrationError: scores.lists.all.calibrationError,
        expectedRevenue: scores.lists.all.expected,
        realisedRevenue: scores.lists.all.realised,
        ...(lift ? { liftOverPopularity: lift.mean } : {}),
      },
      lineage: {
        run: runId,
        step: stepId,
        asOf,
        rows,
        lastDate,
        inputs: Object.values(tables).map((ref) => ref.sha256),
        params: { ...params },
      },
    });
    // A repeated attempt finds its own version as the champion.
    if (before?.version === version.version)
      return { version: version.version, promoted: true, reason: 'promoted by an earlier attempt' };
    const { promote, reason } = promotion({
      difference: scores.againstChampion,
      championUsable: before !== null && isUsable(before, asOf),
      metric: 'NDCG@10',
      allowed: params.promote !== 'never',
    });
    await services.models.setAlias(
      offersModel,
      promote ? 'champion' : 'challenger',
      version.version,
      `run ${runId}`,
      reason,
    );
    log('info', `version ${version.version} ${promote ? 'is the champion' : 'stays a challenger'}: ${reason}`);
    return { version: version.version, promoted: promote, reason };
  },
};
