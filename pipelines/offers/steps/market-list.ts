import { join } from 'node:path';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, itemInputs } from '../../../domain/dag/step-inputs.ts';
import { quote, quoteList } from '../../../domain/preprocessing/sql.ts';
import { datasets } from '../datasets.ts';
import { marketListSql } from '../market-list-sql.ts';
import { eachMarket } from '../markets.ts';
import { ChosenOutput, MarketListOutput, PredictOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/** One list of a market for its sales people, over all customers, products and offers, by expected revenue. */
export const marketList: StepDefinition<OffersParams> = {
  title: 'Rank the market list',
  needs: ['preprocess', 'predict', 'deliver', 'choose-offers'],
  map: { over: eachMarket, concurrency: 2 },
  resources: { memoryMiB: 2048 },
  output: MarketListOutput,
  async run({ inputs, item, services, signal, scratch, metric }) {
    const { tables, asOf } = input(inputs, 'preprocess', TablesOutput);
    const market = String(item?.value);
    const partition = { market, date: asOf };
    // A market whose predictions failed keeps the list that an earlier run of the day made, if any.
    if (!itemInputs(inputs, 'predict', PredictOutput)[market]) return { rows: 0, offers: 0, expectedRevenue: 0 };
    const chosen = itemInputs(inputs, 'choose-offers', ChosenOutput)[market];
    if (!chosen) {
      // What an earlier run of the day chose no longer holds.
      await services.lake.remove(datasets.chosenOffers, partition);
      await services.chosenOffers.replaceMarket(market, asOf, []);
    }
    const filesOf = async (dataset: string) =>
      `read_parquet(${quoteList((await services.lake.list(dataset, partition)).map(({ uri }) => uri))})`;
    const products = `read_parquet(${quote(await services.artifacts.getFile(tables.products))})`;
    const engine = await services.sql.open({ signal, scratch, memoryMiB: 2048 });
    try {
      await engine.execute(
        `create table list as ${marketListSql({
          listed: await filesOf(datasets.nextProducts),
          products,
          offers: chosen ? await filesOf(datasets.chosenOffers) : null,
        })}`,
      );
      const [found] = await engine.query(
        `select count(*) as rows, count(*) filter (kind = 'offer') as offers, coalesce(sum(expected_revenue), 0) as revenue from list`,
      );
      const output = {
        rows: Number(found?.['rows']),
        offers: Number(found?.['offers']),
        expectedRevenue: Number(found?.['revenue']),
      };
      await services.lake.replace(datasets.marketLists, partition, async (folder) => {
        // Small groups, so that a page of a long list reads little.
        await engine.execute(
          `copy (select * from list order by rank) to ${quote(join(folder, 'part-0.parquet'))} (format parquet, compression zstd, row_group_size 8192)`,
        );
        return { rows: output.rows };
      });
      metric('rows', output.rows);
      return output;
    } finally {
      await engine.close();
    }
  },
};
