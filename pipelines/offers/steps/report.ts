import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, itemInputs, optionalInput } from '../../../domain/dag/step-inputs.ts';
import {
  ChosenOutput,
  DecideOutput,
  EvaluateOutput,
  MarketListOutput,
  PredictOutput,
  PublishedResponse,
  PublishOutput,
  TablesOutput,
} from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/** What a salesperson wants to know first: per market, who was served and with what; and what became of the models. */
export const report: StepDefinition<OffersParams> = {
  title: 'Report',
  version: '2',
  needs: ['preprocess', 'evaluate', 'publish', 'predict', 'publish-response', 'choose-offers', 'market-list', 'decide'],
  resources: { class: 'light' },
  async run({ inputs }) {
    const { asOf } = input(inputs, 'preprocess', TablesOutput);
    const scores = optionalInput(inputs, 'evaluate', EvaluateOutput);
    const chosen = itemInputs(inputs, 'choose-offers', ChosenOutput);
    const lists = itemInputs(inputs, 'market-list', MarketListOutput);
    return {
      asOf,
      markets: Object.entries(itemInputs(inputs, 'predict', PredictOutput)).map(
        ([market, { customers, shareNew, modelVersion, horizonDays, expectedRevenue, top, topNew }]) => {
          const judged = scores?.markets[market];
          const offers = chosen[market];
          return {
            market,
            customers,
            shareNew,
            modelVersion,
            horizonDays,
            expectedRevenue,
            listed: lists[market]?.rows ?? 0,
            offers: offers
              ? {
                  offers: offers.offers,
                  customers: offers.customers,
                  heldOut: offers.heldOut,
                  incrementalMargin: offers.incrementalMargin,
                  spend: offers.spend,
                }
              : null,
            top,
            topNew,
            // Too few customers make a share that says nothing.
            hit: judged && judged.all.customers >= 5 ? judged.all.hit : null,
          };
        },
      ),
      quality: scores && {
        ndcgAll: scores.all.ndcg,
        ndcgFrequency: scores.baselines.personalFrequency.ndcg,
        ndcgNew: scores.fresh.ndcg,
        customers: scores.all.customers,
        liftOverPopularity: scores.lists.all.lift.overPopularity,
        calibrationError: scores.lists.all.calibrationError,
        expectedRevenue: scores.lists.all.expected,
        realisedRevenue: scores.lists.all.realised,
      },
      model: optionalInput(inputs, 'publish', PublishOutput),
      response: optionalInput(inputs, 'publish-response', PublishedResponse),
      decision: input(inputs, 'decide', DecideOutput),
    };
  },
};
