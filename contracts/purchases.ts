/** What a customer has bought of a product. Days are YYYY-MM-DD; amounts are in the currency of the market. */
export interface Purchase {
  readonly productId: string;
  readonly description: string;
  /** Days on which it was bought. */
  readonly orders: number;
  readonly units: number;
  readonly spend: number;
  readonly firstDay: string;
  readonly lastDay: string;
  /** Days between purchases on average; null: bought once. */
  readonly everyDays: number | null;
}

/** `GET /v1/offers/customers/:id/purchases` */
export interface PurchasesAnswer {
  readonly market: string;
  readonly customerId: string;
  /** Sales up to this day are there, it included; null: there are none of the market. */
  readonly upTo: string | null;
  /** Products in all, and what was spent on them. */
  readonly products: number;
  readonly spend: number;
  /** Those bought last come first. */
  readonly purchases: readonly Purchase[];
  /** `after` of the next page; null: this is the last. */
  readonly next: number | null;
}
