/** A discounted offer that was chosen for a customer under the budget of its market. */
export interface ChosenOffer {
  readonly market: string;
  /** Only data before this date (00:00) was used; YYYY-MM-DD. */
  readonly asOf: string;
  /** 1 adds most to the expected margin of its market and day. */
  readonly rank: number;
  readonly customerId: string;
  readonly productId: string;
  readonly description: string;
  /** Percent of the price that is taken off. */
  readonly discount: number;
  /** Not to be made: the customer was drawn by chance to get none, so that what offers do can be measured. */
  readonly holdout: boolean;
  /** P(sale) with the offer, and without one. */
  readonly probability: number;
  readonly probabilityWithout: number;
  /** Price of one piece without the discount, in units of the market's currency. */
  readonly price: number;
  /** probability × what a sale brings at the discount. */
  readonly expectedRevenue: number;
  /** What the offer adds to the expected margin. */
  readonly incrementalMargin: number;
  /** Discount expected to be given away, sales that had come anyway included. */
  readonly spend: number;
  /** Why, in words. */
  readonly reason: string;
  readonly runId: string;
  /** Version of the model of the response to offers. */
  readonly modelVersion: number;
}
