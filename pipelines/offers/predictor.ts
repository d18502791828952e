import type { ModelVersion } from '../../contracts/models.ts';
import type { NextProduct } from '../../contracts/offers.ts';
import type { StepServices } from '../../domain/ports/step-context.ts';
import {
  type Expectation,
  forecaster,
  historyBefore,
  type Recommendation,
  recommend,
  type SalesTable,
} from '../../domain/recommend/index.ts';
import { dayNumber } from './days.ts';
import { keepLast } from './keep-last.ts';
import { loadModel, type OffersModel } from './model.ts';
import type { TablesOutput } from './outputs.ts';
import { sharedSalesTable } from './sales-table.ts';

/** Customers between two breaths, so that a worker's heartbeats and other steps go on. */
const chunk = 25;

export interface Predictor {
  readonly sales: SalesTable;
  /** Days after the day of the lists that the expectations are for. */
  readonly horizonDays: number;
  /** The lists of some customers (indices of the sales table), in their order. */
  predict(
    customers: readonly number[],
    options: { topK: number; newOnly: boolean; signal: AbortSignal; progress?: (done: number) => void },
  ): Promise<NextProduct[][]>;
}

const lastPredictor = keepLast<Predictor>();

/** Tables and model of one run, loaded once per worker: the markets it predicts share them. */
export function predictorOf(
  tables: TablesOutput,
  model: ModelVersion,
  { artifacts, sql }: Pick<StepServices, 'artifacts' | 'sql'>,
): Promise<Predictor> {
  const key = JSON.stringify([tables.asOf, tables.tables, model.artifact.sha256]);
  return lastPredictor(key, async () => {
    const [sales, loaded] = await Promise.all([
      sharedSalesTable(tables.tables, artifacts, sql),
      loadModel(artifacts, model.artifact),
    ]);
    return createPredictor(sales, loaded, dayNumber(tables.asOf));
  });
}

function createPredictor(
  sales: SalesTable,
  { vectors, ranker, forecast, levels }: OffersModel,
  asOfDay: number,
): Predictor {
  const expectations = forecaster(sales, historyBefore(sales, asOfDay), forecast, levels);
  return {
    sales,
    horizonDays: forecast.horizonDays,
    async predict(customers, { topK, newOnly, signal, progress }) {
      const lists: NextProduct[][] = [];
      for (let from = 0; from < customers.length; from += chunk) {
        const part = Int32Array.from(customers.slice(from, from + chunk));
        const byCustomer = groupByCustomer(
          recommend(sales, vectors, ranker, { asOfDay, customers: part, topK, newOnly, signal }),
        );
        for (const customer of part)
          lists.push(
            (byCustomer.get(customer) ?? []).map((r, i) =>
              toNextProduct(sales, r, i + 1, expectations.expect(newOnly ? 'fresh' : 'all', r)),
            ),
          );
        progress?.(Math.min(from + chunk, customers.length));
        await new Promise((resolve) => setImmediate(resolve));
      }
      return lists;
    },
  };
}

function groupByCustomer(recommendations: readonly Recommendation[]): Map<number, Recommendation[]> {
  const groups = new Map<number, Recommendation[]>();
  for (const one of recommendations) {
    const group = groups.get(one.customer);
    if (group) group.push(one);
    else groups.set(one.customer, [one]);
  }
  return groups;
}

function toNextProduct(
  sales: SalesTable,
  { product, score, isNew, reason }: Recommendation,
  rank: number,
  { probability, spend, revenue }: Expectation,
): NextProduct {
  return {
    productId: sales.products[product] ?? '',
    description: sales.descriptions[product] ?? '',
    rank,
    score,
    probability,
    expectedSpend: spend,
    expectedRevenue: revenue,
    isNew,
    reason,
  };
}
