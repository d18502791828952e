import type { Static } from 'typebox';
import type { Kpi } from '../../../contracts/offers.ts';
import { dataOf, observedSeries } from '../../../contracts/retraining.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, itemInputs, optionalInput } from '../../../domain/dag/step-inputs.ts';
import { kpiPoints } from '../../../domain/monitoring/series/index.ts';
import { ChosenOutput, EvaluateOutput, PredictOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { realisedHits, realisedRevenue } from '../realised.ts';

/** Key figures of the run, by market and for all (market ''); a run of one market says nothing of all but how its model was judged. */
export const kpis: StepDefinition<OffersParams> = {
  title: 'Key figures',
  version: '4',
  needs: ['preprocess', 'evaluate', 'predict', 'choose-offers'],
  async run({ runId, params, inputs, services, scratch, metric }) {
    const { asOf, products, rows } = input(inputs, 'preprocess', TablesOutput);
    const markets = Object.entries(itemInputs(inputs, 'predict', PredictOutput));
    const chosen = itemInputs(inputs, 'choose-offers', ChosenOutput);
    const scores = optionalInput(inputs, 'evaluate', EvaluateOutput);
    const found: Kpi[] = [];
    const add = (market: string, name: string, value: number): void => {
      found.push({ pipeline: 'offers', market, date: asOf, name, value, runId });
    };
    for (const [market, prediction] of markets) {
      add(market, 'customers', prediction.customers);
      add(market, 'coverage', products === 0 ? 0 : prediction.products / products);
      add(market, 'share_new', prediction.shareNew);
      for (const [name, value] of amountsOf(prediction, chosen[market])) add(market, name, value);
      const byMarket = scores?.markets[market];
      if (byMarket) add(market, 'ndcg_all', byMarket.all.ndcg);
      if (byMarket) add(market, 'ndcg_new', byMarket.fresh.ndcg);
      const lift = scores?.lists.all.lift.markets[market]?.overPopularity;
      if (lift) add(market, 'lift_over_popularity', lift.mean);
      const off = scores?.lists.all.markets[market]?.calibrationError;
      if (off !== undefined) add(market, 'calibration_error', off);
    }
    // What models learn from, whatever lists the run makes.
    await services.kpis.save([
      { pipeline: dataOf('offers'), market: '', date: asOf, name: observedSeries.labelled, value: rows, runId },
    ]);
    // Of one market's lists nothing follows for all.
    const whole = params.market || '';
    const customers = markets.reduce((sum, [, p]) => sum + p.customers, 0);
    if (whole === '') {
      add('', 'customers', customers);
      const sums = new Map<string, number>();
      for (const [market, prediction] of markets)
        for (const [name, value] of amountsOf(prediction, chosen[market]))
          sums.set(name, (sums.get(name) ?? 0) + value);
      for (const [name, value] of sums) add('', name, value);
    }
    if (scores) {
      add('', 'ndcg_all', scores.all.ndcg);
      add('', 'ndcg_new', scores.fresh.ndcg);
      add('', 'gain_over_frequency', scores.againstFrequency.mean);
      add('', 'calibration_error', scores.lists.all.calibrationError);
      const { overPopularity } = scores.lists.all.lift;
      if (overPopularity) add('', 'lift_over_popularity', overPopularity.mean);
    }
    for (const { market, hit } of await realisedHits(services, asOf, whole, scratch))
      if (whole === '' || market !== '') add(market, 'realised_hit', hit);
    for (const { market, share } of await realisedRevenue(services, asOf, whole, scratch))
      if (whole === '' || market !== '') add(market, 'realised_revenue_share', share);
    await services.kpis.save(found);
    await services.metricSeries.save(await kpiPoints(found, services.metricSeries));
    const own = found.filter((kpi) => kpi.market === whole);
    for (const kpi of own) metric(kpi.name, kpi.value);
    return {
      asOf,
      count: found.length,
      all: Object.fromEntries(own.map((k) => [k.name, k.value])),
    };
  },
};

/** Figures of a market that add up to those of all, by name; of offers when some were chosen. */
function amountsOf(prediction: PredictOutput, chosen: Static<typeof ChosenOutput> | undefined): [string, number][] {
  const revenue: [string, number] = ['expected_revenue', prediction.expectedRevenue];
  if (!chosen) return [revenue];
  return [
    revenue,
    ['offers', chosen.offers],
    ['offers_margin', chosen.incrementalMargin],
    ['offers_spend', chosen.spend],
  ];
}
