import {
  type ResponseModel,
  type ResponseRows,
  saleProbabilities,
  sliceRows,
} from '../../../domain/offer-response/index.ts';
import { pairedBootstrap } from '../../../domain/recommend/index.ts';
import type { ResponseOutput } from '../outputs.ts';

/** Offers that neither model has learned from, below which they are not compared. */
export const leastCompared = 100;

type Comparison = NonNullable<ResponseOutput['againstChampion']>;

/**
 * Compares two models on offers that neither has learned from: the log likelihood of their outcomes, a customer's offers
 * averaged, paired by customer.
 */
export function compareResponses(
  ours: ResponseModel,
  champion: ResponseModel,
  rows: ResponseRows,
  { customer, seed }: { customer: Int32Array; seed: number },
): Comparison {
  const offers = rows.sale.length;
  if (offers < leastCompared) return { offers, difference: null };
  return {
    offers,
    difference: pairedBootstrap(likelihoods(ours, rows, customer), likelihoods(champion, rows, customer), { seed }),
  };
}

/** The rows of a customer averaged, customers in the order in which they come. */
function likelihoods(model: ResponseModel, rows: ResponseRows, customer: Int32Array): Float64Array {
  const sums = new Map<number, { sum: number; offers: number }>();
  saleProbabilities(model, rows.features, rows.discount).forEach((probability, r) => {
    const own = sums.get(customer[r]!) ?? { sum: 0, offers: 0 };
    // A model that is sure and wrong once must not outweigh all the rest.
    const p = Math.min(1 - least, Math.max(least, probability));
    own.sum += Math.log(rows.sale[r] === 1 ? p : 1 - p);
    own.offers++;
    sums.set(customer[r]!, own);
  });
  return Float64Array.from(sums.values(), ({ sum, offers }) => sum / offers);
}

const least = 1e-4;

/** Rows of the days from `day` on; rows are ordered by day. */
export function rowsSince(rows: ResponseRows, day: number): { from: number; rows: ResponseRows } {
  const found = rows.day.findIndex((d) => d >= day);
  const from = found < 0 ? rows.day.length : found;
  return { from, rows: sliceRows(rows, from, rows.day.length) };
}
