/** offer: a chosen offer; new: a product the customer has never bought here; next: one that it has. */
export const marketListKinds = ['offer', 'new', 'next'] as const;
export type MarketListKind = (typeof marketListKinds)[number];

/** A line of a market's list: what to talk about with which customer. Amounts are in units of the market's currency. */
export interface MarketListRow {
  /** 1 has the highest expected revenue of the market and day; the same whatever part of the list is asked for. */
  readonly rank: number;
  readonly kind: MarketListKind;
  readonly customerId: string;
  readonly productId: string;
  readonly description: string;
  /** Of a purchase within the horizon; of an offer P(sale) with the discount. */
  readonly probability: number;
  readonly expectedRevenue: number;
  /** Percent of the price taken off; null but for offers. */
  readonly discount: number | null;
  /** Why, in words. */
  readonly reason: string;
}

/** A day of a market that lists were made for. */
export interface ListDay {
  /** Only data before this day (00:00) was used; YYYY-MM-DD. */
  readonly asOf: string;
  readonly runId: string;
  /** Version of the model that made the lists. */
  readonly modelVersion: number;
}

/** A key figure as it was last computed. */
export interface NewestFigure {
  readonly value: number;
  /** YYYY-MM-DD. */
  readonly date: string;
}

/** A market with lists, on its newest day. */
export interface MarketSummary extends ListDay {
  readonly market: string;
  readonly customers: number;
  /** Offers chosen to be made. */
  readonly offers: number;
  /** Products that customers use and don't buy here, with a score of a half at least. */
  readonly gaps: number;
  /** Newest key figures of the 31 days up to that day, by their names. */
  readonly figures: Readonly<Record<string, NewestFigure>>;
}

/** The list of a market on a day. */
export interface MarketListInfo {
  readonly market: string;
  /** Only data before this day (00:00) was used; YYYY-MM-DD. */
  readonly asOf: string;
  readonly rows: number;
}
