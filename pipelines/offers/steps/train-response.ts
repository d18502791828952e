import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { stepHooks } from '../../../domain/nlp/step-hooks.ts';
import {
  decodeResponse,
  encodeResponse,
  type ResponseRows,
  responseFeatureNames,
  responseFeatures,
  sliceRows,
  tooFew,
  trainResponse,
} from '../../../domain/offer-response/index.ts';
import { loadChampion } from '../../../domain/registry/champion.ts';
import { dayNumber } from '../days.ts';
import { ResponseOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { partitionsHash } from '../partitions-hash.ts';
import { compareResponses, rowsSince } from '../response/against-champion.ts';
import { evaluateResponse } from '../response/evaluate.ts';
import { loadOutcomes, outcomePartitions, pickOutcomes } from '../response/outcomes-table.ts';
import { productDays } from '../response/product-sales.ts';
import { isUsableResponse, responseChampion, responseModel } from '../response/registered.ts';
import { StoredSales } from '../sales-table.ts';

/** Share of the offers, the last by day, that the model is judged on. */
const judgedOn = 0.25;

/**
 * Learns P(sale | customer, product, discount) from outcomes, judged on later days, also against the champion; says why
 * not when they are too few, or when none is new.
 */
export const response: StepDefinition<OffersParams> = {
  title: 'Learn the response to offers',
  version: '3',
  needs: ['preprocess', 'collect-outcomes'],
  isolation: 'process',
  resources: { memoryMiB: 2048 },
  timeout: '2h',
  output: ResponseOutput,
  async run(context) {
    const { params, inputs, services, scratch, metric, log } = context;
    const tables = input(inputs, 'preprocess', TablesOutput);
    const { asOf } = tables;
    const partitions = await outcomePartitions(services.lake, asOf);
    const outcomes = partitionsHash(partitions);
    const untrained = (reason: string, offers: number) => {
      log('info', reason);
      return { trained: false, reason, offers, outcomes, response: null, evaluation: null, againstChampion: null };
    };
    const tooFewSaid = (few: string) =>
      `no response is learned: before the days it would be judged on there are ${few}`;
    // Most runs have no outcomes: nothing has to be read to know that.
    const none = tooFew({ sale: new Uint8Array(0), discount: new Float64Array(0) });
    if (none && partitions.length === 0) return untrained(tooFewSaid(none), 0);
    if (params.train === 'never') return untrained('no response is learned: the run may not train (train = never)', 0);
    if (params.train === 'auto') {
      const known = (await services.models.list(responseModel)).find(
        (version) => isUsableResponse(version, asOf) && version.lineage['outcomes'] === outcomes,
      );
      if (known)
        return untrained(`no response is learned: version ${known.version} has learned from the same outcomes`, 0);
    }
    const stored = await StoredSales.open(tables, services.artifacts, services.sql);
    const past = await loadOutcomes(tables.tables, asOf, services, scratch);
    if (past.unknown > 0)
      log('warn', `${past.unknown} outcome(s) of customers or products without a sale are left out`);
    const sales = await stored.drawn();
    // What happened to offers of customers that were not drawn is known of their products.
    const drawn = new Set(sales.customer);
    const offers = stored.isWhole
      ? past
      : pickOutcomes(
          past,
          Int32Array.from(past.customer.keys()).filter((i) => drawn.has(past.customer[i]!)),
        );
    const features = responseFeatures(
      sales,
      past,
      offers,
      stored.isWhole ? undefined : await productDays(stored, scratch),
    );
    const rows: ResponseRows = { ...features, discount: offers.discount, sale: offers.sale, day: offers.day };
    // Days stay whole: what is judged is later than all that was learned from.
    const cut = offers.day[Math.floor(offers.day.length * (1 - judgedOn))] ?? 0;
    const late = rowsSince(rows, cut);
    const few = tooFew(sliceRows(rows, 0, late.from));
    if (few) return untrained(tooFewSaid(few), offers.day.length);
    const options = { featureNames: responseFeatureNames, seed: params.seed };
    const hooks = stepHooks(context, `${context.runId}/${context.stepId}`);
    const learnUntil = (row: number) => trainResponse(sliceRows(rows, 0, row), options, hooks);
    const early = await learnUntil(late.from);
    const evaluation = evaluateResponse(early, late.rows, {
      heldOut: offers.heldOut.slice(late.from),
      customer: offers.customer.slice(late.from),
      seed: params.seed,
    });

    const registered = await responseChampion(services.models, asOf);
    const opponent = await loadChampion(
      services.models,
      responseModel,
      async (artifact) => decodeResponse(await services.artifacts.getBytes(artifact)),
      (message) => log('warn', message),
    );
    const champion = opponent?.model;
    let againstChampion: ResponseOutput['againstChampion'] = null;
    if (registered && champion) {
      // Both are judged on days that neither has learned from.
      const unseen = rowsSince(rows, Math.max(cut, dayNumber(String(registered.lineage['asOf']))));
      againstChampion = compareResponses(
        unseen.from === late.from || unseen.rows.sale.length === 0 ? early : await learnUntil(unseen.from),
        champion,
        unseen.rows,
        { customer: offers.customer.slice(unseen.from), seed: params.seed },
      );
    }
    const artifact = await services.artifacts.putBytes(encodeResponse(await learnUntil(rows.sale.length)));
    metric('calibration_error', evaluation.calibrationError);
    if (evaluation.auc !== null) metric('auc', evaluation.auc);
    if (evaluation.uplift) metric('qini', evaluation.uplift.qini.mean);
    const reason = `learned from ${rows.sale.length} offers, judged on the last ${evaluation.offers}: calibration error ${evaluation.calibrationError.toFixed(3)}${
      evaluation.uplift
        ? `, Qini ${evaluation.uplift.qini.mean.toFixed(4)} (untargeted ${evaluation.uplift.qiniUntargeted.toFixed(4)})`
        : ', no uplift measured: too few random holdouts'
    }`;
    log('info', reason);
    return {
      trained: true,
      reason,
      offers: rows.sale.length,
      outcomes,
      response: { ...artifact },
      evaluation,
      againstChampion,
      champion: opponent?.version ?? null,
    };
  },
};
