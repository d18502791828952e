/** Where a text speaks of a product. */
export interface GapEvidence {
  /** Name of the customer's document. */
  readonly source: string;
  readonly sentence: string;
  /** Offsets in the sentence, UTF-16. */
  readonly start: number;
  readonly end: number;
}

/** What a customer uses, as its texts tell, and doesn't buy here. */
export interface AssortmentGap {
  readonly market: string;
  readonly customerId: string;
  /** Only sales before this date (00:00) were used; YYYY-MM-DD. */
  readonly asOf: string;
  readonly runId: string;
  /** Place within the market and day, from 1, by expected value; what is in no assortment comes last. */
  readonly rank: number;
  /** The linked product of the catalogue; null for what is not in the assortment. */
  readonly productId: string | null;
  /** The product's description, or the words that customers have for it. */
  readonly name: string;
  /** Chance that the customer uses it. */
  readonly score: number;
  /** What it would spend on it in a year, bought as comparable customers do; null when nothing is known. */
  readonly yearlyValue: number | null;
  /** Score times yearly value. */
  readonly expectedValue: number | null;
  /** Customers that the yearly value is read from. */
  readonly comparables: number;
  /** The surest mention first. */
  readonly evidence: readonly GapEvidence[];
}

/** Something that customers of a market use and that is not in the assortment. */
export interface OutsideProduct {
  /** The words that customers have for it. */
  readonly name: string;
  readonly customers: number;
  /** Customers expected to use it: the sum of their scores. */
  readonly expectedCustomers: number;
  /** Some of the mentions, the surest first. */
  readonly examples: readonly (GapEvidence & { readonly customerId: string })[];
}
