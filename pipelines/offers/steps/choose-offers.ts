import { join } from 'node:path';
import type { Static } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import type { ModelVersion } from '../../../contracts/models.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import {
  chooseOffers as choose,
  decodeResponse,
  isHeldOut,
  offerReason,
} from '../../../domain/offer-response/index.ts';
import type { ModelRepository } from '../../../domain/ports/models.ts';
import { datasets } from '../datasets.ts';
import { dayNumber } from '../days.ts';
import { eachMarket } from '../markets.ts';
import { ChosenOutput, PublishedResponse, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { writeParquetRows } from '../parquet-rows.ts';
import { listedPairs, marketCandidates } from '../response/market-candidates.ts';
import { offerColumns, toChosenOffer } from '../response/offer-rows.ts';
import { responseModel } from '../response/registered.ts';

/**
 * Chooses the offers of a market under its budget, out of the products of the customers' lists, and writes them into the
 * lake. Some customers, by chance, get none: their rows say what they would have got, so that uplift can be measured.
 */
export const chooseOffers: StepDefinition<OffersParams> = {
  title: 'Choose offers under the budget',
  version: '3',
  needs: ['preprocess', 'deliver', 'publish-response'],
  when: 'steps["publish-response"].output.serving != null',
  map: { over: eachMarket, concurrency: 2 },
  resources: { memoryMiB: 2048 },
  heartbeat: '1m',
  output: ChosenOutput,
  async run({ runId, params, inputs, item, services, signal, scratch, metric, log }) {
    const tables = input(inputs, 'preprocess', TablesOutput);
    const { asOf } = tables;
    const version = await servingVersion(services.models, input(inputs, 'publish-response', PublishedResponse));
    const market = String(item?.value);
    const model = decodeResponse(await services.artifacts.getBytes(version.artifact));
    const engine = await services.sql.open({ signal, scratch, memoryMiB: 1024 });
    try {
      const { names, candidates } = await marketCandidates(
        { tables, services, scratch, signal },
        model,
        await listedPairs(engine, { market, asOf, tables: tables.tables }, services),
        {
          asOfDay: dayNumber(asOf),
          discounts: params.discounts.map((percent) => percent / 100),
          marginShare: params.marginShare,
        },
      );
      const plan = choose(candidates, {
        budget: params.offerBudget,
        perCustomer: params.offersPerCustomer,
        minMarginShare: params.minMarginShare,
      });
      const holdout = { campaign: `${market} ${asOf}`, seed: params.seed, share: params.holdoutShare };
      const best = [...plan.chosen].sort(
        (a, b) =>
          candidates[b]!.gain - candidates[a]!.gain ||
          candidates[a]!.customer - candidates[b]!.customer ||
          candidates[a]!.product - candidates[b]!.product,
      );
      const rows = best.map((i, place) => {
        const offer = candidates[i]!;
        const customer = names.customers[offer.customer] ?? '';
        const held = isHeldOut(customer, holdout);
        return {
          customer_id: customer,
          product_id: names.products[offer.product] ?? '',
          market,
          discount: Math.round(offer.discount * 10_000) / 100,
          holdout: held,
          probability: offer.probability,
          probability_without: offer.without,
          incremental_margin: offer.gain,
          expected_spend: offer.cost,
          price: offer.price,
          reason: offerReason({ ...offer, incremental: offer.gain }),
          expected_revenue: offer.revenue,
          description: names.descriptions[offer.product] ?? '',
          rank: place + 1,
        };
      });
      await services.lake.replace(datasets.chosenOffers, { market, date: asOf }, async (folder) => {
        await writeParquetRows(engine, rows, {
          columns: offerColumns,
          orderBy: 'rank',
          file: join(folder, 'part-0.parquet'),
          scratch,
        });
        return { rows: rows.length };
      });
      await services.chosenOffers.replaceMarket(
        market,
        asOf,
        rows.map((row) => toChosenOffer(row, { asOf, runId, modelVersion: version.version })),
      );
      const made = rows.filter((row) => !row.holdout);
      const total = (of: 'incremental_margin' | 'expected_spend' | 'expected_revenue') =>
        made.reduce((sum, row) => sum + row[of], 0);
      const output = {
        offers: made.length,
        customers: new Set(made.map((row) => row.customer_id)).size,
        heldOut: rows.length - made.length,
        incrementalMargin: total('incremental_margin'),
        spend: total('expected_spend'),
        revenue: total('expected_revenue'),
        modelVersion: version.version,
        gap: plan.gap,
      };
      metric('offers', output.offers);
      metric('incremental_margin', output.incrementalMargin);
      log(
        'info',
        `${output.offers} offers for ${output.customers} customers: expected margin +${output.incrementalMargin.toFixed(2)} for ${output.spend.toFixed(2)} of discounts; ${output.heldOut} held out; at most ${(100 * plan.gap).toFixed(2)} % below the best plan`,
      );
      return output;
    } finally {
      await engine.close();
    }
  },
};

async function servingVersion(
  models: Pick<ModelRepository, 'get'>,
  { serving }: Static<typeof PublishedResponse>,
): Promise<ModelVersion> {
  const version = serving === null ? null : await models.get(responseModel, serving);
  if (version) return version;
  throw new PerennialError('DATA_MISSING', `Version ${serving} of the model ${responseModel} is not in the registry.`, {
    remedy: 'Run the pipeline again from the step train-response.',
  });
}
