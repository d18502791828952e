import type { Kpi } from '../../../contracts/offers.ts';
import type { StepDefinition } from '../../../domain/dag/index.ts';
import { input, optionalInput } from '../../../domain/dag/step-inputs.ts';
import type { StepServices } from '../../../domain/ports/step-context.ts';
import { quoteList } from '../../../domain/preprocessing/sql.ts';
import { datasets } from '../datasets.ts';
import { EvaluateOutput, PredictOutput, TablesOutput } from '../outputs.ts';
import type { OffersParams } from '../params.ts';

/** Key figures of the run, by market and for all (market ''); a run of one market says nothing of all but how its model was judged. */
export const kpis: StepDefinition<OffersParams> = {
  title: 'Key figures',
  needs: ['preprocess', 'evaluate', 'predict'],
  async run({ runId, params, inputs, services, metric }) {
    const { asOf, products } = input(inputs, 'preprocess', TablesOutput);
    const markets = Object.keys((inputs['predict'] ?? {}) as object).map(
      (market) => [market, input(inputs['predict'] as Record<string, never>, market, PredictOutput)] as const,
    );
    const scores = optionalInput(inputs, 'evaluate', EvaluateOutput);
    const found: Kpi[] = [];
    const add = (market: string, name: string, value: number): void => {
      found.push({ pipeline: 'offers', market, date: asOf, name, value, runId });
    };
    for (const [market, prediction] of markets) {
      add(market, 'customers', prediction.customers);
      add(market, 'coverage', products === 0 ? 0 : prediction.products / products);
      add(market, 'share_new', prediction.shareNew);
      const byMarket = scores?.markets[market];
      if (byMarket) add(market, 'ndcg_all', byMarket.all.ndcg);
      if (byMarket) add(market, 'ndcg_new', byMarket.fresh.ndcg);
    }
    // Of one market's lists nothing follows for all.
    const whole = params.market || '';
    const customers = markets.reduce((sum, [, p]) => sum + p.customers, 0);
    if (whole === '') add('', 'customers', customers);
    if (scores) {
      add('', 'ndcg_all', scores.all.ndcg);
      add('', 'ndcg_new', scores.fresh.ndcg);
      add('', 'gain_over_frequency', scores.againstFrequency.mean);
    }
    for (const { market, hit } of await realisedHits(services, asOf, whole))
      if (whole === '' || market !== '') add(market, 'realised_hit', hit);
    await services.kpis.save(found);
    const own = found.filter((kpi) => kpi.market === whole);
    for (const kpi of own) metric(kpi.name, kpi.value);
    return {
      asOf,
      count: found.length,
      all: Object.fromEntries(own.map((k) => [k.name, k.value])),
    };
  },
};

/**
 * Of the customers the newest earlier lists (of one market, or of all for '') were made for and who bought since, the
 * share that bought one of its first ten products. By market, and '' for all; empty when there is no earlier list.
 */
async function realisedHits(
  { lake, sql }: Pick<StepServices, 'lake' | 'sql'>,
  asOf: string,
  market: string,
): Promise<{ market: string; hit: number }[]> {
  const wanted = market ? { market } : {};
  const lists = (await lake.list(datasets.nextProducts, wanted)).filter(
    ({ partition }) => (partition['date'] ?? '') < asOf,
  );
  const newest = lists
    .map(({ partition }) => partition['date'] ?? '')
    .sort()
    .at(-1);
  if (newest === undefined) return [];
  const sales = (await lake.list(datasets.sales)).filter(
    ({ partition: { date = '' } }) => date >= newest && date < asOf,
  );
  if (sales.length === 0) return [];
  const engine = await sql.open();
  try {
    const rows = await engine.query(`
      with bought as (
        select distinct customer, product from read_parquet(${quoteList(sales.map((p) => p.uri))})
        where customer is not null and quantity > 0 and price > 0 and not cancelled
      ), listed as (
        select customer_id, market, product_id
        from read_parquet(${quoteList(lists.filter(({ partition }) => partition['date'] === newest).map((p) => p.uri))}) where list = 'all' and rank <= 10
      ), judged as (
        select l.market, l.customer_id, max(case when b.product is not null then 1.0 else 0.0 end) as hit
        from listed l left join bought b on b.customer = l.customer_id and b.product = l.product_id
        where l.customer_id in (select customer from bought)
        group by l.market, l.customer_id
      )
      select coalesce(market, '') as market, avg(hit) as hit from judged group by grouping sets ((market), ())`);
    return rows
      .filter((row) => row['hit'] !== null)
      .map((row) => ({ market: String(row['market']), hit: Number(row['hit']) }));
  } finally {
    await engine.close();
  }
}
