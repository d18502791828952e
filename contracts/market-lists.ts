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

/** The list of a market on a day. */
export interface MarketListInfo {
  readonly market: string;
  /** Only data before this day (00:00) was used; YYYY-MM-DD. */
  readonly asOf: string;
  readonly rows: number;
}
