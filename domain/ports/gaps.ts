import type { AssortmentGap, OutsideProduct } from '../../contracts/gaps.ts';

export interface GapPage {
  /** Least score. */
  readonly minScore: number;
  readonly limit: number;
  /** Rank of the last entry of the page before. */
  readonly after?: number;
}

/** Assortment gaps ready for serving. A market and date written again replaces what was there. */
export interface GapRepository {
  replaceMarket(market: string, asOf: string, gaps: readonly AssortmentGap[]): Promise<void>;
  /** Newest day of a market with gaps. */
  newest(market: string): Promise<string | null>;
  /** Gaps of a market on a day that a catalogue product fits, by rank. */
  byMarket(market: string, asOf: string, page: GapPage): Promise<AssortmentGap[]>;
  /** What customers of a market use that no product fits, by expected customers. */
  outside(market: string, asOf: string, page: { minScore: number; limit: number }): Promise<OutsideProduct[]>;
  /** All gaps of a customer by rank, those that no product fits last: of `asOf`, or of the newest day of its market. */
  byCustomer(
    customerId: string,
    filter: { minScore: number; market?: string; asOf?: string },
  ): Promise<AssortmentGap[]>;
}
