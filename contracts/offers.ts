/** One recommended product of a customer; rank 1 is best. */
export interface NextProduct {
  readonly productId: string;
  readonly description: string;
  readonly rank: number;
  readonly score: number;
  /** P(the customer buys it within the horizon of the model's forecast). */
  readonly probability: number;
  /** What the customer then spends on it, in units of the market's currency. */
  readonly expectedSpend: number;
  /** probability × expectedSpend. */
  readonly expectedRevenue: number;
  /** Whether the customer has never bought it here. */
  readonly isNew: boolean;
  /** Why, in words. */
  readonly reason: string;
}

export interface CustomerPrediction {
  readonly market: string;
  readonly customerId: string;
  /** Only data before this date (00:00) was used; YYYY-MM-DD. */
  readonly asOf: string;
  readonly runId: string;
  readonly modelVersion: number;
  /** Days from asOf on in which a purchase counts for the probabilities and amounts. */
  readonly horizonDays: number;
  /** What it buys next, products it knows included. */
  readonly products: readonly NextProduct[];
  /** The best it has never bought here. */
  readonly newProducts: readonly NextProduct[];
}

export interface Kpi {
  readonly pipeline: string;
  /** Market, or '' for all. */
  readonly market: string;
  /** YYYY-MM-DD the KPI belongs to. */
  readonly date: string;
  readonly name: string;
  readonly value: number;
  readonly runId: string;
}

/** A key figure by market and day, in columns: the value of market `m` and day `d` is entry `m * days.length + d`; null: there is none. */
export interface KpiMatrix {
  readonly pipeline: string;
  readonly name: string;
  /** By name; '' is all markets together. */
  readonly markets: readonly string[];
  /** YYYY-MM-DD, oldest first. */
  readonly days: readonly string[];
  readonly values: readonly (number | null)[];
}

/** A customer as lists of a market show it. */
export interface MarketCustomer {
  readonly customerId: string;
  /** Of its list of all products, within the horizon. */
  readonly expectedRevenue: number;
  /** The product that it most likely buys next; null: its list is empty. */
  readonly next: string | null;
  /** Of the products it has never bought here, the most likely; null: none is recommended. */
  readonly newProduct: string | null;
  readonly modelVersion: number;
}
