import { PerennialError } from '../../../contracts/errors.ts';
import { lengthFault, outOfRange } from '../../boosting/faults.ts';
import { type Calibration, calibrated, fitPlatt, uncalibrated } from '../../calibration/platt.ts';
import { Random } from '../../nlp/random.ts';
import { metrics, type Performance, performanceOf, type Said, saidBy } from './performance.ts';

export interface EstimateOptions {
  /** From this probability on the model says yes; default 0.5. */
  readonly threshold?: number;
  /**
   * Rows whose outcome is known and that the model has not learned from. They calibrate the probabilities once more, and tell
   * how sure that calibration is; without them the probabilities are believed.
   */
  readonly reference?: LabelledRows;
  /**
   * What is already known of the rows: 1 or 0, −1 where the outcome is open. A label counts only when it is final: sales that
   * come early, while rows without one are still open, would make the model look better than it is.
   */
  readonly label?: Int8Array;
  /** Outcomes drawn for the interval; default 400. */
  readonly samples?: number;
  /** Default 1. */
  readonly seed?: number;
}

export interface LabelledRows {
  /** What the model said, 0..1. */
  readonly probabilities: Float64Array;
  /** 1 or 0. */
  readonly label: Uint8Array;
}

export interface Estimated {
  readonly value: number;
  /** The 95 % interval of what the labels will show. */
  readonly lower95: number;
  readonly upper95: number;
}

export interface PerformanceEstimate {
  readonly rows: number;
  /** Rows whose label is known. */
  readonly labelled: number;
  readonly metrics: Readonly<Record<keyof Performance, Estimated | null>>;
  /** The same metrics on the reference, as measured; null without one. */
  readonly reference: Performance | null;
}

/** Calibrations that the reference might have given; outcomes drawn take turns. */
const calibrations = 40;

/**
 * How well a model does where labels are not known yet: confidence-based performance estimation (CBPE, NannyML; the idea in
 * Guillory et al. 2021 and Garg et al. 2022). Of calibrated probabilities, the expected counts of hits and misses follow, and
 * of them accuracy, precision, recall, F1, AUC and Brier score. The interval is that of outcomes drawn by these chances, and
 * by calibrations as unsure as the reference is small.
 *
 * It holds while P(outcome | what the model sees) is as it was: it tells a fall by other inputs, not by another world.
 *
 * @throws DATA_MISSING without rows; PARAMETER_INVALID for arrays of different lengths or a probability outside 0..1.
 */
export function estimatePerformance(probabilities: Float64Array, options: EstimateOptions = {}): PerformanceEstimate {
  const { threshold = 0.5, samples = 400, reference, label } = options;
  checkProbabilities('probabilities', probabilities);
  if (label && label.length !== probabilities.length) throw lengthFault('label', label.length, probabilities.length);
  const random = new Random(options.seed ?? 1);
  const said = saidBy(probabilities, threshold);
  const logits = probabilities.map(logit);
  const chances = (map: Calibration) =>
    logits.map((value, row) => {
      const known = label?.[row] ?? -1;
      return known >= 0 ? known : calibrated(map, value);
    });
  const maps = reference ? mapsOf(reference, random) : [uncalibrated];
  const drawn = drawOutcomes(said, maps.map(chances), samples, random);
  const expected = performanceOf(said, chances(maps[0]!));
  return {
    rows: probabilities.length,
    labelled: label ? label.reduce((sum, one) => sum + (one >= 0 ? 1 : 0), 0) : 0,
    metrics: Object.fromEntries(
      metrics.map((metric) => [metric, estimated(expected[metric], drawn, metric)]),
    ) as PerformanceEstimate['metrics'],
    reference: reference
      ? performanceOf(saidBy(reference.probabilities, threshold), Float64Array.from(reference.label))
      : null,
  };
}

/**
 * How well a model did, from labels; see {@link estimatePerformance} where some are open.
 *
 * @throws DATA_MISSING without rows; PARAMETER_INVALID for arrays of different lengths or a probability outside 0..1.
 */
export function measurePerformance({ probabilities, label }: LabelledRows, threshold = 0.5): Performance {
  checkProbabilities('probabilities', probabilities);
  if (label.length !== probabilities.length) throw lengthFault('label', label.length, probabilities.length);
  return performanceOf(saidBy(probabilities, threshold), Float64Array.from(label));
}

/**
 * The reference's calibration, and some that it might have been: drawn from the normal distribution around it whose precision
 * is that of a logistic regression (Laplace's approximation).
 */
function mapsOf({ probabilities, label }: LabelledRows, random: Random): Calibration[] {
  checkProbabilities('reference.probabilities', probabilities);
  if (label.length !== probabilities.length) throw lengthFault('reference.label', label.length, probabilities.length);
  const logits = probabilities.map(logit);
  const whole = fitPlatt(logits, label);
  // The information of intercept and slope, and of both; a row's worth of it is there without any.
  let [a, b, c] = [1, 1, 0];
  for (const x of logits) {
    const p = calibrated(whole, x);
    const weight = p * (1 - p);
    a += weight;
    b += weight * x * x;
    c += weight * x;
  }
  const alone = b - (c * c) / a;
  return [
    whole,
    ...Array.from({ length: calibrations }, () => {
      const slope = random.normal() / Math.sqrt(alone);
      const intercept = random.normal() / Math.sqrt(a) - (c / a) * slope;
      return { intercept: whole.intercept + intercept, slope: whole.slope + slope };
    }),
  ];
}

function drawOutcomes(said: Said, chances: readonly Float64Array[], samples: number, random: Random): Performance[] {
  const outcome = new Float64Array(said.probabilities.length);
  return Array.from({ length: samples }, (_, s) => {
    // The first map is the best one, which the value goes by.
    const own = chances[chances.length === 1 ? 0 : 1 + (s % (chances.length - 1))]!;
    for (let row = 0; row < outcome.length; row++) outcome[row] = random.next() < own[row]! ? 1 : 0;
    return performanceOf(said, outcome);
  });
}

function estimated(value: number | null, drawn: readonly Performance[], metric: keyof Performance): Estimated | null {
  if (value === null) return null;
  const sorted = Float64Array.from(drawn.flatMap((one) => one[metric] ?? [])).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? value;
  return { value, lower95: at(0.025), upper95: at(0.975) };
}

const logit = (p: number): number => {
  const kept = Math.min(1 - 1e-9, Math.max(1e-9, p));
  return Math.log(kept / (1 - kept));
};

function checkProbabilities(field: string, probabilities: Float64Array): void {
  if (probabilities.length === 0)
    throw new PerennialError('DATA_MISSING', `${field} has no rows`, {
      fields: [{ field, value: 0, message: 'leaves nothing to estimate by' }],
      remedy: 'Give at least one prediction.',
    });
  const wrong = probabilities.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) throw outOfRange(field, wrong, 'is not between 0 and 1');
}
