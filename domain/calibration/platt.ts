import { probability } from '../boosting/logistic.ts';
import { fitConditionalLogit } from './conditional-logit.ts';

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
