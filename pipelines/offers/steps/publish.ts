import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, optionalInput } from '../../../domain/dag/step-inputs.ts';
import { filesOf } from '../../../domain/registry/files.ts';
import { lineageOf } from '../../../domain/registry/lineage.ts';
import { promotion } from '../../../domain/registry/promotion.ts';
import { publishedText, publishVersion } from '../../../domain/registry/publish.ts';
import { offersModel } from '../datasets.ts';
import { formatVersion, isUsable, namedParts, storeModel, trainedParts } from '../model.ts';
import { nextProductsFacts, nextProductsSignature } from '../model-facts.ts';
import {
  EvaluateOutput,
  ProfileOutput,
  PublishOutput,
  ServingRankerOutput,
  TablesOutput,
  TrainingPlanOutput,
} from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { salesTrainedOn } from '../trained-on.ts';

/** Puts the model into the registry with its metrics and lineage, and makes it champion if it has earned it. */
export const publish: StepDefinition<OffersParams> = {
  title: 'Publish to the registry',
  needs: ['validate', 'preprocess', 'plan-training', 'represent', 'train', 'evaluate', 'profile'],
  when: 'steps["plan-training"].output.train',
  resources: { class: 'light' },
  output: PublishOutput,
  async run(context) {
    const { runId, inputs, params, services, log } = context;
    const { asOf, tables, rows, lastDate, markets } = input(inputs, 'preprocess', TablesOutput);
    const scores = input(inputs, 'evaluate', EvaluateOutput);
    const lift = scores.lists.all.lift.overPopularity;
    const parts = trainedParts(inputs, 'represent', 'train');
    const { levels } = input(inputs, 'train', ServingRankerOutput);
    const artifact = await storeModel(services.artifacts, parts, { forecast: scores.forecast, levels });
    const profiled = optionalInput(inputs, 'profile', ProfileOutput);
    const plan = optionalInput(inputs, 'plan-training', TrainingPlanOutput);
    // A run of the day that carries a decision out promotes as the decision's policy says, unless it may not at all.
    const mode = params.promote === 'never' ? 'never' : (plan?.promote ?? params.promote);
    const { version, promote, reason, rollouts } = await publishVersion(
      services.models,
      {
        model: offersModel,
        formatVersion,
        artifact,
        files: filesOf({ model: artifact, ...namedParts(parts), profile: profiled?.profile }),
        signature: nextProductsSignature,
        facts: nextProductsFacts(scores.horizonDays),
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
        lineage: lineageOf(context, salesTrainedOn(inputs), {
          asOf,
          rows,
          lastDate,
          inputs: Object.values(tables).map((ref) => ref.sha256),
        }),
      },
      (champion) =>
        promotion({
          difference: scores.againstChampion,
          championUsable: champion !== null && isUsable(champion, asOf),
          metric: 'NDCG@10',
          mode,
        }),
      {
        judged: scores.champion,
        decision: plan?.decision,
        // What a market's own outcomes cannot tell, the test on all markets has told.
        rollout: { starter: services.rolloutStarter, markets, plan: { onInconclusive: 'go-on' } },
      },
    );
    log('info', publishedText({ version, promote, reason, rollouts }));
    return { version: version.version, promoted: promote, reason, rollouts: [...rollouts] };
  },
};
