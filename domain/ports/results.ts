import type { RetrainingDecision } from '../../contracts/decisions.ts';
import type { CustomerPrediction, Kpi } from '../../contracts/offers.ts';

/** Predictions ready for serving. A market and date written again replaces what was there. */
export interface PredictionRepository {
  replaceMarket(
    market: string,
    asOf: string,
    predictions: Iterable<CustomerPrediction> | AsyncIterable<CustomerPrediction>,
  ): Promise<void>;
  /** Newest prediction of a customer, or the one of `asOf`. */
  byCustomer(customerId: string, filter: { market?: string; asOf?: string }): Promise<CustomerPrediction | null>;
  /** Customers of a market on a date, by id. */
  byMarket(market: string, asOf: string, page: { limit: number; after?: string }): Promise<CustomerPrediction[]>;
  /** Markets with predictions and their newest date. */
  markets(): Promise<{ market: string; asOf: string; customers: number }[]>;
}

export interface KpiRepository {
  /** Inserts or replaces by pipeline, market, date and name. */
  save(kpis: readonly Kpi[]): Promise<void>;
  /** Newest date first. */
  list(filter: { pipeline: string; market?: string; name?: string; before?: string; limit: number }): Promise<Kpi[]>;
}

export interface DecisionRepository {
  /** Stored once per id. */
  save(decision: RetrainingDecision): Promise<void>;
  get(id: string): Promise<RetrainingDecision | null>;
  /** Newest first. */
  list(filter: { pipeline?: string; verdict?: 'retrain' | 'keep'; limit: number; cursor?: string }): Promise<{
    decisions: RetrainingDecision[];
    next: string | null;
  }>;
}
