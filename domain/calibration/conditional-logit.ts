import { PerennialError } from '../../contracts/errors.ts';
import { solve } from './linear-system.ts';

/** One choice: the rows of a list of alternatives and which of them were taken. */
export interface Choice {
  /** Row-major [alternatives × width]. */
  readonly features: Float64Array;
  /** Rows that were taken. */
  readonly taken: readonly number[];
}

export interface LogitOptions {
  /** Weights believed in before any choice is seen, one a feature. */
  readonly prior: readonly number[];
  /** How firmly: the ridge towards the prior, in units of features of standard deviation 1 within lists; default 3. */
  readonly ridge?: number;
}

const [mostSteps, tolerance] = [50, 1e-9];

/**
 * Weights of the conditional logit (McFadden 1974): the chance that an alternative is taken is in proportion to
 * exp(weights · features). A list in which n were taken counts as √n choices: they are not n independent ones. Maximum a
 * posteriori under a normal prior around `prior`, by Newton's method with halved steps. No choice at all gives the prior.
 *
 * @throws PARAMETER_INVALID when a list does not hold whole rows.
 */
export function fitConditionalLogit(choices: readonly Choice[], { prior, ridge = 3 }: LogitOptions): Float64Array {
  const width = prior.length;
  for (const { features } of choices)
    if (features.length % width !== 0) {
      const message = `has length ${features.length}, which is no multiple of the ${width} features`;
      throw new PerennialError('PARAMETER_INVALID', `features ${message}`, {
        fields: [{ field: 'features', value: features.length, message }],
        remedy: 'Give rows as wide as the prior.',
      });
    }
  const penalty = spreadOf(choices, width).map((variance) => ridge * Math.max(variance, 1e-12));
  let weights = Float64Array.from(prior);
  if (choices.length === 0) return weights;
  let state = derive(choices, weights, prior, penalty);
  for (let step = 0; step < mostSteps; step++) {
    const direction = solve(state.hessian, state.gradient);
    let size = 1;
    let next = state;
    let moved = weights;
    for (; size > 1e-6; size /= 2) {
      moved = weights.map((w, f) => w - size * direction[f]!);
      next = derive(choices, moved, prior, penalty);
      if (next.loss <= state.loss) break;
    }
    const gain = state.loss - next.loss;
    if (!(gain >= 0)) break;
    [weights, state] = [moved, next];
    if (gain < tolerance * (1 + Math.abs(state.loss))) break;
  }
  return weights;
}

/** Variance of each feature around the means of its lists. */
function spreadOf(choices: readonly Choice[], width: number): Float64Array {
  const sum = new Float64Array(width);
  let rows = 0;
  for (const { features } of choices) {
    const n = features.length / width;
    rows += n;
    for (let f = 0; f < width; f++) {
      let mean = 0;
      for (let r = 0; r < n; r++) mean += features[r * width + f]! / n;
      for (let r = 0; r < n; r++) sum[f]! += (features[r * width + f]! - mean) ** 2;
    }
  }
  return sum.map((s) => s / Math.max(1, rows));
}

interface Derivatives {
  readonly loss: number;
  readonly gradient: Float64Array;
  /** [width × width] */
  readonly hessian: Float64Array;
}

function derive(
  choices: readonly Choice[],
  weights: Float64Array,
  prior: readonly number[],
  penalty: Float64Array,
): Derivatives {
  const width = weights.length;
  const gradient = penalty.map((p, f) => p * (weights[f]! - prior[f]!));
  const hessian = new Float64Array(width * width);
  let loss = penalty.reduce((sum, p, f) => sum + (p / 2) * (weights[f]! - prior[f]!) ** 2, 0);
  penalty.forEach((p, f) => {
    hessian[f * width + f] = p;
  });
  for (const { features, taken } of choices) {
    if (taken.length === 0) continue;
    const n = features.length / width;
    const chance = scoresOf(features, weights);
    const top = chance.reduce((most, s) => Math.max(most, s), Number.NEGATIVE_INFINITY);
    const each = 1 / Math.sqrt(taken.length);
    const all = Math.sqrt(taken.length);
    for (const row of taken) loss -= each * (chance[row]! - top);
    let sum = 0;
    for (let r = 0; r < n; r++) {
      chance[r] = Math.exp(chance[r]! - top);
      sum += chance[r]!;
    }
    loss += all * Math.log(sum);
    const mean = new Float64Array(width);
    for (let r = 0; r < n; r++) {
      chance[r]! /= sum;
      for (let f = 0; f < width; f++) mean[f]! += chance[r]! * features[r * width + f]!;
    }
    for (let f = 0; f < width; f++) gradient[f]! += all * mean[f]!;
    for (const row of taken) for (let f = 0; f < width; f++) gradient[f]! -= each * features[row * width + f]!;
    for (let r = 0; r < n; r++)
      for (let f = 0; f < width; f++) {
        const a = all * chance[r]! * (features[r * width + f]! - mean[f]!);
        for (let g = 0; g < width; g++) hessian[f * width + g]! += a * (features[r * width + g]! - mean[g]!);
      }
  }
  return { loss, gradient, hessian };
}

/** weights · features of every row. */
export function scoresOf(features: Float64Array, weights: Float64Array): Float64Array {
  const width = weights.length;
  const out = new Float64Array(features.length / width);
  for (let r = 0; r < out.length; r++)
    for (let f = 0; f < width; f++) out[r]! += weights[f]! * features[r * width + f]!;
  return out;
}
