import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, optionalInput } from '../../../domain/dag/step-inputs.ts';
import { DecideOutput, EvaluateOutput, PredictOutput, PublishOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/** What a salesperson wants to know first: per market, who was served and with what; and what became of the model. */
export const report: StepDefinition<OffersParams> = {
  title: 'Report',
  needs: ['preprocess', 'evaluate', 'publish', 'predict', 'decide'],
  resources: { class: 'light' },
  async run({ inputs }) {
    const { asOf } = input(inputs, 'preprocess', TablesOutput);
    const scores = optionalInput(inputs, 'evaluate', EvaluateOutput);
    const predicted = (inputs['predict'] ?? {}) as Record<string, never>;
    return {
      asOf,
      markets: Object.keys(predicted).map((market) => {
        const { customers, shareNew, modelVersion, top, topNew } = input(predicted, market, PredictOutput);
        const judged = scores?.markets[market];
        return {
          market,
          customers,
          shareNew,
          modelVersion,
          top,
          topNew,
          // Too few customers make a share that says nothing.
          hit: judged && judged.all.customers >= 5 ? judged.all.hit : null,
        };
      }),
      quality: scores && {
        ndcgAll: scores.all.ndcg,
        ndcgFrequency: scores.baselines.personalFrequency.ndcg,
        ndcgNew: scores.fresh.ndcg,
        customers: scores.all.customers,
      },
      model: optionalInput(inputs, 'publish', PublishOutput),
      decision: input(inputs, 'decide', DecideOutput),
    };
  },
};
