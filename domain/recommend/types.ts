/** The names that whole numbers of a sales table point to. */
export interface SalesNames {
  readonly customers: readonly string[];
  readonly products: readonly string[];
  /** Text of each product; may be empty. */
  readonly descriptions: readonly string[];
  readonly markets: readonly string[];
  /** Market of each customer. */
  readonly marketOf: Int32Array;
}

/**
 * Cleaned sales, column by column, sorted by day: quantity and price above 0, known customer, real products.
 * The whole numbers in `customer`, `product` and `marketOf` point into the lists of names. It may hold the sales of some of the
 * customers only.
 */
export interface SalesTable extends SalesNames {
  readonly customer: Int32Array;
  readonly product: Int32Array;
  /** Days since 1970-01-01. */
  readonly day: Int32Array;
  readonly quantity: Float32Array;
  readonly price: Float32Array;
  readonly invoice: Int32Array;
}

/** A product for a customer, as indices of the sales table. */
export interface Recommendation {
  readonly customer: number;
  readonly product: number;
  /** Higher is better; comparable only within one customer. */
  readonly score: number;
  /** Never bought by this customer before. */
  readonly isNew: boolean;
  /** Why, in words for a salesperson. */
  readonly reason: string;
}
