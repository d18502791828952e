import type { Random } from '../../nlp/index.ts';
import type { Evaluator } from './evaluator.ts';
import type { Features } from './features.ts';
import type { Pool } from './pool.ts';
import { areaBetween } from './statistics.ts';

const folds = 5;

/**
 * A classifier that learns to tell the window from the reference (Ben-David et al. 2007, Lopez-Paz and Oquab 2017): its area
 * under the ROC curve on rows that it has not learned from, in five folds. It is Fisher's linear discriminant as a ridge
 * regression on which sample a row is of (Hastie, Buja and Tibshirani 1995). The matrix of that regression is the same
 * whichever rows are the window's, so it is factored once, and a permutation costs one pass over the rows.
 */
export function classifierEvaluator(column: string | null, { values, width }: Features, fold: Uint8Array): Evaluator {
  const rows = fold.length;
  const sums = Array.from({ length: folds }, () => new Float64Array(width));
  for (let row = 0; row < rows; row++) addTo(sums[fold[row]!]!, values, row, width);
  const factors = factorsOf(values, width, fold);
  const sizes = sums.map((_, f) => fold.reduce((sum, own) => sum + (own === f ? 1 : 0), 0));
  const own = sums.map(() => new Float64Array(width));
  const weights = sums.map(() => new Float64Array(width));
  const scores = sizes.map((size) => ({ window: new Float64Array(size), reference: new Float64Array(size) }));
  return {
    column,
    statistics: ['classifier'],
    evaluate({ inWindow, rows: window }, out, at) {
      const counts = sizes.map(() => 0);
      for (const sum of own) sum.fill(0);
      for (const row of window) {
        counts[fold[row]!]!++;
        addTo(own[fold[row]!]!, values, row, width);
      }
      for (let f = 0; f < folds; f++) {
        const share = (window.length - counts[f]!) / (rows - sizes[f]!);
        const w = weights[f]!.fill(0);
        for (let g = 0; g < folds; g++)
          if (g !== f) for (let d = 0; d < width; d++) w[d]! += own[g]![d]! - share * sums[g]![d]!;
        solve(factors[f]!, w);
      }
      const filled = sizes.map(() => ({ window: 0, reference: 0 }));
      for (let row = 0; row < rows; row++) {
        const f = fold[row]!;
        const score = dot(weights[f]!, values, row * width);
        if (inWindow[row] === 1) scores[f]!.window[filled[f]!.window++] = score;
        else scores[f]!.reference[filled[f]!.reference++] = score;
      }
      let area = 0;
      for (let f = 0; f < folds; f++) {
        const { window: w, reference: r } = scores[f]!;
        area +=
          (areaBetween(w.subarray(0, filled[f]!.window), r.subarray(0, filled[f]!.reference)) * counts[f]!) /
          window.length;
      }
      out[at] = area;
    },
  };
}

/**
 * The fold of each row: units stay whole, so that nothing is learned of a row by those it depends on. A window of few units
 * would leave folds without any of it; then rows are parted one by one.
 */
export function foldsOf({ rows, units, referenceUnits }: Pool, random: Random): Uint8Array {
  const total = units.start.length - 1;
  const out = new Uint8Array(rows);
  if (total - referenceUnits < 4 * folds) return out.map(() => random.below(folds));
  for (let unit = 0; unit < total; unit++) {
    const fold = random.below(folds);
    for (let at = units.start[unit]!; at < units.start[unit + 1]!; at++) out[units.members[at]!] = fold;
  }
  return out;
}

/** Four sums at a time: one alone waits for itself. */
function dot(weights: Float64Array, values: Float32Array, from: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < weights.length; i += 4) {
    const at = from + i;
    a += weights[i]! * values[at]!;
    b += weights[i + 1]! * values[at + 1]!;
    c += weights[i + 2]! * values[at + 2]!;
    d += weights[i + 3]! * values[at + 3]!;
  }
  for (; i < weights.length; i++) a += weights[i]! * values[from + i]!;
  return a + b + (c + d);
}

function addTo(sum: Float64Array, values: Float32Array, row: number, width: number): void {
  for (let d = 0, i = row * width; d < width; d++, i++) sum[d]! += values[i]!;
}

/** For each fold, the Cholesky factor of XᵀX + width · I over the rows of the others. */
function factorsOf(values: Float32Array, width: number, fold: Uint8Array): Float64Array[] {
  const grams = Array.from({ length: folds }, () => new Float64Array(width * width));
  fold.forEach((own, row) => {
    const gram = grams[own]!;
    for (let a = 0; a < width; a++) {
      const value = values[row * width + a]!;
      for (let b = 0; b <= a; b++) gram[a * width + b]! += value * values[row * width + b]!;
    }
  });
  return grams.map((_, f) => {
    const matrix = new Float64Array(width * width);
    grams.forEach((gram, g) => {
      if (g !== f) for (let i = 0; i < matrix.length; i++) matrix[i]! += gram[i]!;
    });
    // A ridge of as many rows as there are features: Hoerl, Kennard and Baldwin 1975, for a signal as strong as the noise.
    for (let a = 0; a < width; a++) matrix[a * width + a]! += width;
    return factor(matrix, width);
  });
}

/** Cholesky's factor of a positive definite matrix, of which the lower triangle is read; in place. */
function factor(matrix: Float64Array, n: number): Float64Array {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k]! * matrix[j * n + k]!;
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * n + j]!;
    }
  }
  return matrix;
}

/** Solves the system of a factor for one right side, in place. */
function solve(lower: Float64Array, right: Float64Array): void {
  const n = right.length;
  for (let i = 0; i < n; i++) {
    let sum = right[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * right[k]!;
    right[i] = sum / lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = right[i]!;
    for (let k = i + 1; k < n; k++) sum -= lower[k * n + i]! * right[k]!;
    right[i] = sum / lower[i * n + i]!;
  }
}
