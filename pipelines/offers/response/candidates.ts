import {
  type Candidate,
  expectedMargin,
  type Offers,
  type PastOffers,
  type ProductDays,
  type ResponseModel,
  responseFeatures,
  saleProbabilities,
} from '../../../domain/offer-response/index.ts';
import type { SalesTable } from '../../../domain/recommend/index.ts';
import type { ProductWorth } from './product-sales.ts';

/** A candidate with what is said of it. */
export interface PricedCandidate extends Candidate {
  readonly probability: number;
  readonly without: number;
  readonly price: number;
  /** Expected revenue with the offer, in units of the currency. */
  readonly revenue: number;
  readonly daysSinceBought: number | null;
  readonly pastOffers: number;
  readonly pastSales: number;
}

export interface PriceOptions {
  readonly asOfDay: number;
  /** Shares of the price. */
  readonly discounts: readonly number[];
  /** Share of the undiscounted price that is margin. */
  readonly marginShare: number;
  readonly worth: ProductWorth;
  /** How products sold to all customers, where the sales are those of some. */
  readonly products?: ProductDays | undefined;
}

/**
 * Every pair of customer and product at every discount, with its expected margin; but for those that no plan would take, as
 * the margin is no more than without an offer. By discount, then in the order of the pairs.
 */
export function priceCandidates(
  sales: SalesTable,
  past: PastOffers,
  model: ResponseModel,
  pairs: Omit<Offers, 'day'>,
  { asOfDay, discounts, marginShare, worth, products }: PriceOptions,
): PricedCandidate[] {
  const day = new Int32Array(pairs.customer.length).fill(asOfDay);
  const { features, knowledge } = responseFeatures(sales, past, { ...pairs, day }, products);
  const { price, quantity } = worth;
  const level = (discount: number) => saleProbabilities(model, features, new Float64Array(day.length).fill(discount));
  const without = level(0);
  const found: PricedCandidate[] = [];
  for (const discount of discounts) {
    for (const [i, probability] of level(discount).entries()) {
      const product = pairs.product[i]!;
      const money = {
        price: price[product]!,
        unitCost: price[product]! * (1 - marginShare),
        quantity: quantity[product]!,
      };
      const margin = expectedMargin(money, discount, probability, without[i]!);
      if (margin.incremental <= 0) continue;
      found.push({
        customer: pairs.customer[i]!,
        product,
        discount,
        gain: margin.incremental,
        cost: margin.spend,
        marginShare: margin.marginShare,
        probability,
        without: without[i]!,
        price: money.price,
        revenue: margin.revenue,
        ...knowledge[i]!,
      });
    }
  }
  return found;
}
