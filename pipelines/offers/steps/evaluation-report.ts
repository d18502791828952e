import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, itemInputs, optionalInput } from '../../../domain/dag/step-inputs.ts';
import { offersModel } from '../datasets.ts';
import {
  ChosenOutput,
  EvaluateOutput,
  EvaluationReportOutput,
  PredictOutput,
  PublishedResponse,
  PublishOutput,
  ResponseOutput,
  TablesOutput,
} from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/** The evaluation of the run as a page with plots, for people; an artifact. */
export const evaluationReport: StepDefinition<OffersParams> = {
  title: 'Evaluation report',
  // The lists are there without it.
  onFailure: 'continue',
  needs: ['preprocess', 'evaluate', 'publish', 'predict', 'train-response', 'publish-response', 'choose-offers'],
  output: EvaluationReportOutput,
  async run({ runId, inputs, services }) {
    const { asOf } = input(inputs, 'preprocess', TablesOutput);
    // Plots take their time to load; the other steps need none of it.
    const { evaluationPage } = await import('../evaluation-page/index.ts');
    const predicted = itemInputs(inputs, 'predict', PredictOutput);
    const version = Object.values(predicted)[0]?.modelVersion;
    const model = version === undefined ? null : await services.models.get(offersModel, version);
    const page = await evaluationPage({
      runId,
      asOf,
      evaluation: optionalInput(inputs, 'evaluate', EvaluateOutput),
      published: optionalInput(inputs, 'publish', PublishOutput),
      trainedBy: String(model?.lineage['run'] ?? 'unknown'),
      predicted,
      response: optionalInput(inputs, 'train-response', ResponseOutput),
      publishedResponse: optionalInput(inputs, 'publish-response', PublishedResponse),
      chosen: itemInputs(inputs, 'choose-offers', ChosenOutput),
    });
    return { page: { ...(await services.artifacts.putBytes(new TextEncoder().encode(page))) } };
  },
};
