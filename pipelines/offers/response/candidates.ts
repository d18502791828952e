import {
  type Candidate,
  expectedMargin,
  type Offers,
  type PastOffers,
  type ResponseModel,
  responseFeatures,
  saleProbabilities,
} from '../../../domain/offer-response/index.ts';
import type { SalesTable } from '../../../domain/recommend/index.ts';

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

/** Days whose prices and quantities count for what a sale is worth. */
const recent = 90;

/** Median price and quantity of each product's lines of the last days; of all its lines when there were none. */
export function worthOf(sales: SalesTable, asOfDay: number): { price: Float64Array; quantity: Float64Array } {
  const lines = sales.products.map((): number[] => []);
  for (let i = 0; i < sales.day.length; i++) if (sales.day[i]! < asOfDay) lines[sales.product[i]!]!.push(i);
  const median = (of: Float32Array) =>
    Float64Array.from(lines, (all) => {
      const late = all.filter((i) => sales.day[i]! >= asOfDay - recent);
      const values = (late.length > 0 ? late : all).map((i) => of[i]!).sort((a, b) => a - b);
      return values[Math.floor(values.length / 2)] ?? Number.NaN;
    });
  return { price: median(sales.price), quantity: median(sales.quantity) };
}

/**
 * Every pair of customer and product at every discount, with its expected margin.
 *
 * @param discounts shares of the price. @param marginShare share of the undiscounted price that is margin.
 */
export function priceCandidates(
  sales: SalesTable,
  past: PastOffers,
  model: ResponseModel,
  pairs: Omit<Offers, 'day'>,
  { asOfDay, discounts, marginShare }: { asOfDay: number; discounts: readonly number[]; marginShare: number },
): PricedCandidate[] {
  const day = new Int32Array(pairs.customer.length).fill(asOfDay);
  const { features, knowledge } = responseFeatures(sales, past, { ...pairs, day });
  const { price, quantity } = worthOf(sales, asOfDay);
  const level = (discount: number) => saleProbabilities(model, features, new Float64Array(day.length).fill(discount));
  const without = level(0);
  return discounts.flatMap((discount) =>
    Array.from(level(discount), (probability, i): PricedCandidate => {
      const product = pairs.product[i]!;
      const money = {
        price: price[product]!,
        unitCost: price[product]! * (1 - marginShare),
        quantity: quantity[product]!,
      };
      const {
        incremental,
        spend,
        revenue,
        marginShare: left,
      } = expectedMargin(money, discount, probability, without[i]!);
      return {
        customer: pairs.customer[i]!,
        product,
        discount,
        gain: incremental,
        cost: spend,
        marginShare: left,
        probability,
        without: without[i]!,
        price: money.price,
        revenue,
        ...knowledge[i]!,
      };
    }),
  );
}
