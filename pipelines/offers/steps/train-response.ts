import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { stepHooks } from '../../../domain/nlp/step-hooks.ts';
import {
  encodeResponse,
  type ResponseRows,
  responseFeatureNames,
  responseFeatures,
  sliceRows,
  tooFew,
  trainResponse,
} from '../../../domain/offer-response/index.ts';
import { datasets } from '../datasets.ts';
import { ResponseOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { evaluateResponse } from '../response/evaluate.ts';
import { loadOutcomes } from '../response/outcomes-table.ts';
import { loadSalesTable } from '../sales-table.ts';

/** Share of the offers, the last by day, that the model is judged on. */
const judgedOn = 0.25;

/** Learns P(sale | customer, product, discount) from outcomes, judged on later days; says why not when they are too few. */
export const response: StepDefinition<OffersParams> = {
  title: 'Learn the response to offers',
  needs: ['preprocess', 'ingest-outcomes'],
  isolation: 'process',
  resources: { memoryMiB: 2048 },
  timeout: '2h',
  output: ResponseOutput,
  async run(context) {
    const { params, inputs, services, metric, log } = context;
    const { tables, asOf } = input(inputs, 'preprocess', TablesOutput);
    const untrained = (few: string, offers: number) => {
      const reason = `no response is learned: before the days it would be judged on there are ${few}`;
      log('info', reason);
      return { trained: false, reason, offers, response: null, evaluation: null };
    };
    // Most runs have no outcomes: nothing has to be read to know that.
    const none = tooFew({ sale: new Uint8Array(0), discount: new Float64Array(0) });
    if (none && (await services.lake.list(datasets.outcomes)).length === 0) return untrained(none, 0);
    const sales = await loadSalesTable(tables, services.artifacts, services.sql);
    const offers = await loadOutcomes(sales, asOf, services);
    if (offers.unknown > 0)
      log('warn', `${offers.unknown} outcome(s) of customers or products without a sale are left out`);
    const features = responseFeatures(sales, offers, offers);
    const rows: ResponseRows = { ...features, discount: offers.discount, sale: offers.sale, day: offers.day };
    // Days stay whole: what is judged is later than all that was learned from.
    const cut = offers.day[Math.floor(offers.day.length * (1 - judgedOn))] ?? 0;
    const firstLate = offers.day.findIndex((day) => day >= cut);
    const early = sliceRows(rows, 0, Math.max(0, firstLate));
    const few = tooFew(early);
    if (few) return untrained(few, offers.day.length);
    const options = { featureNames: responseFeatureNames, seed: params.seed };
    const hooks = stepHooks(context, `${context.runId}/${context.stepId}`);
    const evaluation = evaluateResponse(
      await trainResponse(early, options, hooks),
      sliceRows(rows, firstLate, rows.sale.length),
      { heldOut: offers.heldOut.slice(firstLate), customer: offers.customer.slice(firstLate), seed: params.seed },
    );
    const model = await trainResponse(rows, options, hooks);
    const artifact = await services.artifacts.putBytes(encodeResponse(model));
    metric('calibration_error', evaluation.calibrationError);
    if (evaluation.auc !== null) metric('auc', evaluation.auc);
    if (evaluation.uplift) metric('qini', evaluation.uplift.qini.mean);
    const reason = `learned from ${rows.sale.length} offers, judged on the last ${evaluation.offers}: calibration error ${evaluation.calibrationError.toFixed(3)}${
      evaluation.uplift
        ? `, Qini ${evaluation.uplift.qini.mean.toFixed(4)} (untargeted ${evaluation.uplift.qiniUntargeted.toFixed(4)})`
        : ', no uplift measured: too few random holdouts'
    }`;
    log('info', reason);
    return { trained: true, reason, offers: rows.sale.length, response: { ...artifact }, evaluation };
  },
};
