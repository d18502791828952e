import { join } from 'node:path';
import type { AssortmentGap } from '../../../contracts/gaps.ts';
import { assortmentOf, decodeGap, findGaps as find, yearlyValues } from '../../../domain/assortment-gap/index.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { datasets } from '../datasets.ts';
import { dayNumber } from '../days.ts';
import { loadTexts } from '../documents/customer-texts.ts';
import { gapColumns, gapRow, ranked } from '../gap/rows.ts';
import { GapsOutput, GapTrainingOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { writeParquetRows } from '../parquet-rows.ts';
import { sharedSalesTable } from '../sales-table.ts';

/** Gaps shown of a market. */
const shown = 3;
/** Chance from which a gap is told as one. */
const told = 0.5;

/**
 * What the customers of a market use, as their documents tell, and have never bought: with its text, its chance and what it
 * would bring in a year. Into the lake, and into PostgreSQL for serving.
 */
export const findGaps: StepDefinition<OffersParams> = {
  title: 'Find assortment gaps',
  needs: ['preprocess', 'train-gaps'],
  when: 'steps["train-gaps"].output.trained',
  map: {
    over: 'params.market == "" ? steps.preprocess.output.markets : [params.market]',
    concurrency: 2,
    toleratedFailures: 0.1,
  },
  resources: { memoryMiB: 2048 },
  heartbeat: '1m',
  output: GapsOutput,
  async run({ runId, params, inputs, item, services, signal, scratch, metric, log }) {
    const { tables, asOf } = input(inputs, 'preprocess', TablesOutput);
    const { gap } = input(inputs, 'train-gaps', GapTrainingOutput);
    const market = String(item?.value);
    const sales = await sharedSalesTable(tables, services.artifacts, services.sql);
    const model = decodeGap(await services.artifacts.getBytes(gap!));
    const { names, hasBought } = assortmentOf(sales);
    const own = sales.markets.indexOf(market);
    const texts = (await loadTexts(sales, services)).texts.filter(({ customer }) => sales.marketOf[customer] === own);
    const value = yearlyValues(sales, dayNumber(asOf));
    const found = await find(names, model, texts, hasBought, signal);
    const gaps: AssortmentGap[] = ranked(
      found
        .filter(({ score }) => score >= params.gapScore)
        .map(({ customer, product, score, evidence }) => {
          const yearly = value(customer, product);
          return {
            market,
            customerId: sales.customers[customer] ?? '',
            asOf,
            runId,
            productId: sales.products[product] ?? '',
            name: sales.descriptions[product] ?? '',
            score,
            yearlyValue: yearly?.value ?? null,
            expectedValue: yearly && yearly.value * score,
            comparables: yearly?.comparables ?? 0,
            evidence,
          };
        }),
    );
    await services.lake.replace(datasets.assortmentGaps, { market, date: asOf }, async (folder) => {
      const engine = await services.sql.open({ signal });
      try {
        const file = join(folder, 'part-0.parquet');
        await writeParquetRows(engine, gaps.map(gapRow), { columns: gapColumns, orderBy: 'rank', file, scratch });
      } finally {
        await engine.close();
      }
      return { rows: gaps.length };
    });
    await services.gaps.replaceMarket(market, asOf, gaps);
    const sure = gaps.filter(({ score }) => score >= told);
    const expectedValue = sure.reduce((sum, one) => sum + (one.expectedValue ?? 0), 0);
    const customers = new Set(sure.map(({ customerId }) => customerId)).size;
    metric('gaps', sure.length);
    metric('expected_value', expectedValue);
    log(
      'info',
      `${sure.length} assortment gaps of ${customers} customers with a chance of at least ${told}, worth ${expectedValue.toFixed(2)} a year`,
    );
    return {
      gaps: sure.length,
      customers,
      expectedValue,
      top: sure.slice(0, shown).map(({ customerId, productId, name, score, expectedValue: worth }) => ({
        customerId,
        productId,
        name,
        score,
        expectedValue: worth,
      })),
    };
  },
};
