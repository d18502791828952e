import type { ChosenOffer } from '../../contracts/chosen-offers.ts';

export interface ChosenOfferFilter {
  /** Whether offers that were held out are among them; they are not to be made. */
  readonly holdouts: boolean;
}

/** Chosen offers ready for serving. A market and date written again replaces what was there. */
export interface ChosenOfferRepository {
  replaceMarket(market: string, asOf: string, offers: readonly ChosenOffer[]): Promise<void>;
  /** Newest day of a market for which offers were chosen; null when there is none. */
  newestDay(market: string): Promise<string | null>;
  /** Offers of a market on a day by rank, from the one after rank `after` on. */
  byMarket(
    market: string,
    asOf: string,
    page: ChosenOfferFilter & { readonly limit: number; readonly after?: number },
  ): Promise<ChosenOffer[]>;
  /**
   * Offers of a customer on `asOf`, or on the newest day of its market: earlier ones no longer hold. Null when none was
   * ever chosen for it.
   */
  byCustomer(
    customerId: string,
    filter: ChosenOfferFilter & { readonly market?: string; readonly asOf?: string },
  ): Promise<{ market: string; asOf: string; offers: ChosenOffer[] } | null>;
}
