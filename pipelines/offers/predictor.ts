import { setImmediate as breathe } from 'node:timers/promises';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { NextProduct } from '../../contracts/offers.ts';
import type { StepServices } from '../../domain/ports/step-context.ts';
import {
  type Expectation,
  forecaster,
  historyBefore,
  type Recommendation,
  recommendBothBy,
  recommendBy,
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
  /** Both lists of some customers (indices of the sales table), one customer after the other. */
  lists(
    customers: readonly number[],
    options: { topK: number; signal: AbortSignal },
  ): AsyncGenerator<{ customer: number; all: NextProduct[]; fresh: NextProduct[] }>;
  /** One list of each. */
  list(
    customers: readonly number[],
    options: { topK: number; newOnly: boolean; signal: AbortSignal },
  ): AsyncGenerator<{ customer: number; products: NextProduct[] }>;
}

const lastPredictor = keepLast<Predictor>();

/** Tables and model of one run, loaded once per worker: the markets it predicts share them. */
export function predictorOf(
  tables: TablesOutput,
  model: ArtifactRef,
  { artifacts, sql }: Pick<StepServices, 'artifacts' | 'sql'>,
): Promise<Predictor> {
  const key = JSON.stringify([tables.asOf, tables.tables, model.sha256]);
  return lastPredictor(key, async () => {
    const [sales, loaded] = await Promise.all([
      sharedSalesTable(tables.tables, artifacts, sql),
      loadModel(artifacts, model),
    ]);
    return createPredictor(sales, loaded, dayNumber(tables.asOf));
  });
}

function createPredictor(sales: SalesTable, { model, forecast, levels }: OffersModel, asOfDay: number): Predictor {
  const expectations = forecaster(sales, historyBefore(sales, asOfDay), forecast, levels);
  const toProducts = (kind: 'all' | 'fresh', recommendations: readonly Recommendation[] = []): NextProduct[] =>
    recommendations.map((r, i) => toNextProduct(sales, r, i + 1, expectations.expect(kind, r)));
  return {
    sales,
    horizonDays: forecast.horizonDays,
    async *lists(customers, { topK, signal }) {
      for (const part of partsOf(customers)) {
        const both = recommendBothBy(sales, model, { asOfDay, customers: part, topK, signal });
        const [all, fresh] = [groupByCustomer(both.all), groupByCustomer(both.fresh)];
        for (const customer of part) {
          const lists = { all: toProducts('all', all.get(customer)), fresh: toProducts('fresh', fresh.get(customer)) };
          yield { customer, ...lists };
        }
        await breathe();
      }
    },
    async *list(customers, { topK, newOnly, signal }) {
      for (const part of partsOf(customers)) {
        const found = groupByCustomer(recommendBy(sales, model, { asOfDay, customers: part, topK, newOnly, signal }));
        for (const customer of part)
          yield { customer, products: toProducts(newOnly ? 'fresh' : 'all', found.get(customer)) };
        await breathe();
      }
    },
  };
}

function* partsOf(customers: readonly number[]): Generator<Int32Array> {
  for (let from = 0; from < customers.length; from += chunk) yield Int32Array.from(customers.slice(from, from + chunk));
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
