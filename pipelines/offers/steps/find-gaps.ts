import { join } from 'node:path';
import type { OutsideGap } from '../../../domain/assortment-gap/index.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input } from '../../../domain/dag/step-inputs.ts';
import { datasets } from '../datasets.ts';
import { marketFinder } from '../gap/finder.ts';
import { gapColumns, gapRow, ranked } from '../gap/rows.ts';
import { eachMarket } from '../markets.ts';
import { GapsOutput, GapTrainingOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';
import { writeParquetRows } from '../parquet-rows.ts';

/** Chance from which a gap is told as one. */
const told = 0.5;

/**
 * What the customers of a market use, as their documents tell, and have never bought, what is not in the assortment among it:
 * with its text, its chance and what it would bring in a year. Into the lake, and into PostgreSQL for serving.
 */
export const findGaps: StepDefinition<OffersParams> = {
  title: 'Find assortment gaps',
  needs: ['preprocess', 'train-gaps'],
  when: 'steps["train-gaps"].output.trained',
  map: {
    over: eachMarket,
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
    const { sales, finder, texts, hasBought, value } = await marketFinder({ tables, asOf }, gap!, services);
    const here = sales.markets.indexOf(market);
    const own = texts.filter(({ customer }) => sales.marketOf[customer] === here);
    const found = await finder.find(own, hasBought, signal);
    const of = ({ customer, score, evidence }: Pick<OutsideGap, 'customer' | 'score' | 'evidence'>) => ({
      market,
      customerId: sales.customers[customer] ?? '',
      asOf,
      runId,
      score,
      evidence,
    });
    const likely = ({ score }: { score: number }): boolean => score >= params.gapScore;
    const gaps = ranked([
      ...found.gaps.filter(likely).map((one) => {
        const yearly = value(one.customer, one.product);
        return {
          ...of(one),
          productId: sales.products[one.product] ?? '',
          name: sales.descriptions[one.product] ?? '',
          yearlyValue: yearly?.value ?? null,
          expectedValue: yearly && yearly.value * one.score,
          comparables: yearly?.comparables ?? 0,
        };
      }),
      ...found.outside.filter(likely).map((one) => ({
        ...of(one),
        productId: null,
        name: one.name,
        yearlyValue: null,
        expectedValue: null,
        comparables: 0,
      })),
    ]);
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
    const sure = gaps.filter(({ score, productId }) => score >= told && productId !== null);
    const outside = new Set(gaps.filter((one) => one.score >= told && one.productId === null).map(({ name }) => name));
    const expectedValue = sure.reduce((sum, one) => sum + (one.expectedValue ?? 0), 0);
    const customers = new Set(sure.map(({ customerId }) => customerId)).size;
    metric('gaps', sure.length);
    metric('expected_value', expectedValue);
    log(
      'info',
      `${sure.length} assortment gaps of ${customers} customers with a chance of at least ${told}, worth ${expectedValue.toFixed(2)} a year; ${outside.size} thing(s) that are not in the assortment`,
    );
    return { gaps: sure.length, customers, expectedValue, outside: outside.size };
  },
};
