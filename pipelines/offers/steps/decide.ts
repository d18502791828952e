import { scopeOf } from '../../../contracts/retraining.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { checkPolicy, makeDecision } from '../../../domain/monitoring/retraining/index.ts';
import type { PolicyRepository } from '../../../domain/ports/retraining.ts';
import { offersModel } from '../datasets.ts';
import { DecideOutput, TablesOutput } from '../outputs.ts';
import { OffersParams } from '../params.ts';
import { offersPolicy } from '../policy.ts';

/** Decides whether the model is trained again, and keeps the decision with its reasons, also when it is no. */
export const decide: StepDefinition<OffersParams> = {
  title: 'Retraining decision',
  version: '2',
  // What has drifted since counts today.
  needs: ['preprocess', 'publish', 'kpis', 'monitor'],
  // Without the monitor a decision is made by all the rest.
  when: 'steps.preprocess.status == "succeeded" && steps.kpis.status == "succeeded" && steps.publish.status != "failed"',
  resources: { class: 'light' },
  output: DecideOutput,
  async run({ runId, inputs, services, log }) {
    const { asOf } = input(inputs, 'preprocess', TablesOutput);
    const { id, verdict, summary } = await makeDecision(services, {
      policy: await policyOf(services.policies),
      model: offersModel,
      // The run, so that a repeated attempt stores it once; the watch carries it out.
      occasion: { kind: 'run', ref: runId },
      runId,
      at: services.clock.now(),
      day: asOf,
      params: { asOf },
    });
    log('info', summary);
    return { decisionId: id, verdict, summary };
  },
};

/** The stored policy that decides about the model; that of the code where none has been stored yet. */
async function policyOf(policies: Pick<PolicyRepository, 'list'>) {
  const stored = (await policies.list()).find(
    ({ definition: { pipeline, model } }) => pipeline === 'offers' && scopeOf(model, offersModel) !== null,
  );
  if (stored) return stored;
  const own = { id: 'offers', params: OffersParams };
  return { ...checkPolicy({ ...offersPolicy, pipeline: 'offers' }, new Map([['offers', own]])), version: 1 };
}
