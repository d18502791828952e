import type {
  DecisionOverride,
  DecisionShown,
  DecisionVerdict,
  RetrainingDecision,
} from '../../contracts/decisions.ts';
import type { CustomerPrediction, Kpi, MarketCustomer } from '../../contracts/offers.ts';

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
  /** Customers of a market on a date by id, in brief. @param page.text a part of the id. */
  customers(
    market: string,
    asOf: string,
    page: { readonly limit: number; readonly after?: string; readonly text?: string },
  ): Promise<MarketCustomer[]>;
  /** Markets with predictions and their newest date. */
  markets(): Promise<{ market: string; asOf: string; customers: number }[]>;
}

export interface KpiRepository {
  /** Inserts or replaces by pipeline, market, date and name. */
  save(kpis: readonly Kpi[]): Promise<void>;
  /** A figure of all markets, of days from `from` to `to`, both included. */
  span(filter: {
    pipeline: string;
    name: string;
    from: string;
    to: string;
  }): Promise<{ market: string; date: string; value: number }[]>;
  /** Newest date first. */
  list(filter: { pipeline: string; market?: string; name?: string; before?: string; limit: number }): Promise<Kpi[]>;
}

export interface DecisionFilter {
  readonly pipeline?: string;
  readonly model?: string;
  readonly policy?: string;
  /** The verdict that counts: that of an approved override, or its own. */
  readonly verdict?: DecisionVerdict;
  readonly limit: number;
  readonly cursor?: string;
}

export interface DecisionRepository {
  /** Stored once per id, and told as an event then, with its alert. @returns whether it is new. */
  save(decision: RetrainingDecision): Promise<boolean>;
  get(id: string): Promise<DecisionShown | null>;
  /** Newest first. */
  list(filter: DecisionFilter): Promise<{ decisions: DecisionShown[]; next: string | null }>;
  /** Says which run carries a decision out; false when another one does. */
  attachRun(id: string, runId: string): Promise<boolean>;
  /** Decisions whose run has made a version, or that a run carries out. */
  ofRun(runId: string): Promise<DecisionShown | null>;
  /** The decision whose training made a version of a model. */
  ofVersion(model: string, version: number): Promise<DecisionShown | null>;
  /**
   * Looks at the run of a decision and keeps what became of it: promoted, rejected, failed, or a challenger that waits. Nothing
   * while it goes on.
   * A version that is promoted later, or whose rollout ends, settles it again.
   */
  settle(id: string, now: Date): Promise<DecisionShown | null>;
  /** Asks for another verdict, with the answer at once when `approvedBy` is given. CONFLICT while another one is pending. */
  addOverride(override: NewOverride, now: Date): Promise<DecisionOverride>;
  /**
   * Approves or declines an override. NOT_FOUND; CONFLICT when it was decided before; FORBIDDEN when `fourEyes` and the same
   * key asked for it.
   */
  decideOverride(
    id: string,
    answer: {
      readonly decision: string;
      readonly status: 'approved' | 'declined';
      readonly by: string;
      readonly key: string;
      readonly note: string;
      readonly fourEyes: boolean;
    },
    now: Date,
  ): Promise<DecisionOverride>;
}

export interface NewOverride {
  readonly decision: string;
  readonly verdict: DecisionOverride['verdict'];
  readonly reason: string;
  /** Name and id of the key. */
  readonly by: string;
  readonly key: string;
  /** Whether it counts at once. */
  readonly approved: boolean;
}
