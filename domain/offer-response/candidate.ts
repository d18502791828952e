/** One offer that could be made. */
export interface Candidate {
  readonly customer: number;
  readonly product: number;
  /** Share of the price taken off. */
  readonly discount: number;
  /** What it adds to the expected margin, in units of the currency. */
  readonly gain: number;
  /** Expected discount spent on it, at least 0. */
  readonly cost: number;
  /** Margin of a sale as a share of the price paid. */
  readonly marginShare: number;
}
