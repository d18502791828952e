/** What is said of a chosen offer. */
export interface OfferFacts {
  /** Share of the price taken off. */
  readonly discount: number;
  readonly probability: number;
  readonly without: number;
  /** What it adds to the expected margin, in units of the currency. */
  readonly incremental: number;
  /** Days since the customer bought the product; null when never. */
  readonly daysSinceBought: number | null;
  /** Past offers with a discount to this customer, and sales among them. */
  readonly pastOffers: number;
  readonly pastSales: number;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Why an offer was chosen, as one sentence a salesperson can use. */
export function offerReason(facts: OfferFacts): string {
  const { discount, probability, without, incremental, daysSinceBought, pastOffers, pastSales } = facts;
  const known =
    daysSinceBought === null
      ? 'has never bought it here'
      : daysSinceBought === 1
        ? 'bought it yesterday'
        : `last bought it ${daysSinceBought} days ago`;
  const past = pastOffers > 0 ? ` and took ${pastSales} of ${pastOffers} past offers` : '';
  return `${percent(discount)} off raises the chance of a sale from ${percent(without)} to ${percent(probability)}, worth ${incremental.toFixed(2)} of margin; the customer ${known}${past}`;
}
