import { probability } from '../../boosting/logistic.ts';
import { fitConditionalLogit } from '../../calibration/conditional-logit.ts';
import type { History } from '../history.ts';

/** Log odds of a purchase: intercept + weights · {@link oddsFeatures}. The weight of the score is above 0. */
export type PurchaseOdds = {
  readonly intercept: number;
  readonly weights: number[];
};

/** Names of the features in their order: the score of the ranking, and what makes a customer likely to order at all. */
export const oddsFeatureNames = ['score', 'baskets', 'sinceLast', 'gap', 'basketSize'] as const;
const width = oddsFeatureNames.length;
/** A list orders the products of one customer: its best product must stay the likeliest. */
const leastSlope = 0.05;

/**
 * The features of a product in a customer's list. Scores compare the products of one customer; how many orders it has made,
 * how long ago, how often and how large (all as logarithms) make them comparable between customers.
 */
export function oddsFeatures(history: History, customer: number, score: number): Float64Array {
  const baskets = history.baskets[customer]!;
  const span = history.lastDay[customer]! - history.firstDay[customer]!;
  return Float64Array.of(
    score,
    Math.log1p(baskets),
    Math.log1p(baskets > 0 ? history.asOfDay - history.lastDay[customer]! : unknownGap),
    Math.log1p(baskets > 1 ? span / (baskets - 1) : unknownGap),
    Math.log1p(history.lineCount[customer]! / Math.max(1, baskets)),
  );
}

/** Days between the orders of a customer that has made one so far. */
const unknownGap = 90;

/**
 * Logistic calibration with covariates (Platt 1999, with features of the customer beside the score), maximum a posteriori:
 * the prior is the share of purchases among all rows and one unit of log odds for one of the score.
 *
 * @param features a row for each listed product. @param bought 1 or 0 by row; rows the ranking has not learned from.
 * @returns rare odds for all when there is no row.
 */
export function fitPurchaseOdds(features: readonly Float64Array[], bought: Uint8Array): PurchaseOdds {
  const rows = features.length;
  const mean = new Float64Array(width);
  for (const row of features) for (let f = 0; f < width; f++) mean[f]! += row[f]! / rows;
  const rate = (bought.reduce((sum, b) => sum + b, 0) + 0.5) / (rows + 1);
  const base = rows === 0 ? rareLogit : Math.log(rate / (1 - rate));
  // A purchase against none is a choice of two alternatives, of which one has no utility.
  const choices = features.map((row, r) => {
    const alternatives = new Float64Array(2 * (width + 1));
    alternatives[0] = 1;
    for (let f = 0; f < width; f++) alternatives[f + 1] = row[f]! - mean[f]!;
    return { features: alternatives, taken: [bought[r] === 1 ? 0 : 1] };
  });
  const [atMean = base, slope = 1, ...others] = fitConditionalLogit(choices, {
    prior: [base, 1, ...new Array<number>(width - 1).fill(0)],
  });
  const weights = [Math.max(leastSlope, slope), ...others];
  return { intercept: weights.reduce((sum, w, f) => sum - w * mean[f]!, atMean), weights };
}

/** Log odds of one in a thousand: nothing is known. */
const rareLogit = Math.log(0.001);

/** P(the customer buys the product within the horizon). */
export function purchaseProbability({ intercept, weights }: PurchaseOdds, features: Float64Array): number {
  return probability(weights.reduce((sum, w, f) => sum + w * features[f]!, intercept));
}
