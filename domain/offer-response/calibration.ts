import { probability } from '../boosting/logistic.ts';
import { fitConditionalLogit } from './coupons/conditional-logit.ts';

/** Log odds are mapped to intercept + slope × log odds (Platt 1999); the slope is above 0, so that no order changes. */
export interface Calibration {
  readonly intercept: number;
  readonly slope: number;
}

export const uncalibrated: Calibration = { intercept: 0, slope: 1 };

/**
 * Fits the map on rows that the model has not learned from. A weak prior around no change decides when there are few.
 *
 * @param logits log odds by row. @param label 1 or 0 by row.
 */
export function fitPlatt(logits: Float64Array, label: Uint8Array): Calibration {
  // A sale against none is a choice of two alternatives, of which one has no utility.
  const choices = Array.from(logits, (logit, r) => ({
    features: Float64Array.of(1, logit, 0, 0),
    taken: [label[r] === 1 ? 0 : 1],
  }));
  const [intercept = 0, slope = 1] = fitConditionalLogit(choices, { prior: [0, 1] });
  return { intercept, slope: Math.max(0.05, slope) };
}

export const calibrated = ({ intercept, slope }: Calibration, logit: number): number =>
  probability(intercept + slope * logit);

/** One bin of a reliability diagram. */
export interface ReliabilityBin {
  readonly rows: number;
  readonly predicted: number;
  readonly observed: number;
}

/**
 * Bins of equal mass, by rising probability, and the expected calibration error over them: the mean distance of predicted
 * and observed rate, weighed by rows (Naeini et al. 2015; equal mass as Nixon et al. 2019).
 */
export function calibrationError(
  probabilities: Float64Array,
  label: Uint8Array,
  bins = 10,
): { error: number; bins: ReliabilityBin[] } {
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[a]! - probabilities[b]! || a - b);
  const out: ReliabilityBin[] = [];
  let error = 0;
  for (let b = 0; b < bins; b++) {
    const rows = order.slice(Math.floor((b * order.length) / bins), Math.floor(((b + 1) * order.length) / bins));
    if (rows.length === 0) continue;
    const predicted = rows.reduce((sum, r) => sum + probabilities[r]!, 0) / rows.length;
    const observed = rows.reduce((sum, r) => sum + label[r]!, 0) / rows.length;
    error += (Math.abs(predicted - observed) * rows.length) / order.length;
    out.push({ rows: rows.length, predicted, observed });
  }
  return { error, bins: out };
}

/** Area under the ROC curve: how often a row with label 1 stands above one with 0; ties count half. NaN without both. */
export function areaUnderCurve(scores: Float64Array, label: Uint8Array): number {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let [rankSum, positive] = [0, 0];
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    for (let i = from; i < to; i++) {
      if (label[order[i]!] !== 1) continue;
      rankSum += (from + to + 1) / 2;
      positive++;
    }
  }
  const negative = order.length - positive;
  return (rankSum - (positive * (positive + 1)) / 2) / (positive * negative);
}
