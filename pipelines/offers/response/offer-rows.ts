import type { ChosenOffer } from '../../../contracts/chosen-offers.ts';

/** A chosen offer as it lies in the lake. */
export interface OfferRow {
  readonly customer_id: string;
  readonly product_id: string;
  readonly description: string;
  readonly market: string;
  readonly rank: number;
  readonly discount: number;
  readonly holdout: boolean;
  readonly probability: number;
  readonly probability_without: number;
  readonly incremental_margin: number;
  readonly expected_spend: number;
  readonly expected_revenue: number;
  readonly price: number;
  readonly reason: string;
}

/** Their types. */
export const offerColumns =
  "{customer_id: 'VARCHAR', product_id: 'VARCHAR', market: 'VARCHAR', discount: 'DOUBLE', holdout: 'BOOLEAN', probability: 'DOUBLE', probability_without: 'DOUBLE', incremental_margin: 'DOUBLE', expected_spend: 'DOUBLE', price: 'DOUBLE', reason: 'VARCHAR', expected_revenue: 'DOUBLE', description: 'VARCHAR', rank: 'INTEGER'}";

export function toChosenOffer(row: OfferRow, of: Pick<ChosenOffer, 'asOf' | 'runId' | 'modelVersion'>): ChosenOffer {
  const { market, rank, description, discount, holdout, probability, price, reason } = row;
  return {
    ...of,
    market,
    rank,
    customerId: row.customer_id,
    productId: row.product_id,
    description,
    discount,
    holdout,
    probability,
    probabilityWithout: row.probability_without,
    price,
    expectedRevenue: row.expected_revenue,
    incrementalMargin: row.incremental_margin,
    spend: row.expected_spend,
    reason,
  };
}
