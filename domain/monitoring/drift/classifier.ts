import type { Random } from '../../nlp/random.ts';
import type { Evaluator } from './evaluator.ts';
import type { Features } from './features.ts';
import type { Pool } from './pool.ts';
import { areaOf } from './statistics.ts';

const folds = 5;

/**
 * A classifier that learns to tell the window from the reference (Ben-David et al. 2007, Lopez-Paz and Oquab 2017): its area
 * under the ROC curve on rows that it has not learned from, in five folds. It is Fisher's linear discriminant as a ridge
 * regression on which sample a row is of (Hastie, Buja and Tibshirani 1995). The matrix of that regression is the same
 * whichever rows are the window's, so it is factored once, and a permutation costs one pass over the rows.
 */
export function classifierEvaluator(column: string | null, features: Features, fold: Uint8Array): Evaluator {
  const { place, start } = inOrder(fold);
  const rows = fold.length;
  const width = features.length;
  const columns = features.map((feature) => {
    const out = new Float32Array(rows);
    for (let row = 0; row < rows; row++) out[place[row]!] = feature[row]!;
    return out;
  });
  const sums = Array.from({ length: folds }, (_, f) =>
    Float64Array.from(columns, (own) => own.subarray(start[f], start[f + 1]).reduce((sum, value) => sum + value, 0)),
  );
  const factors = factorsOf(columns, start);
  const own = sums.map(() => new Float64Array(width));
  const weights = new Float64Array(width);
  const scores = new Float32Array(rows);
  const places = new Int32Array(rows);
  const counts = new Int32Array(folds);
  return {
    column,
    statistics: ['classifier'],
    evaluate({ rows: window }, out, at) {
      counts.fill(0);
      window.forEach((row) => {
        counts[fold[row]!]!++;
      });
      // The window's rows by fold.
      const next = Int32Array.from(counts);
      for (let f = 0, from = 0; f < folds; f++) {
        next[f] = from;
        from += counts[f]!;
      }
      window.forEach((row) => {
        places[next[fold[row]!]!++] = place[row]!;
      });
      for (let f = 0, from = 0; f < folds; from += counts[f]!, f++)
        for (let d = 0; d < width; d++) own[f]![d] = sumAt(columns[d]!, places, from, from + counts[f]!);
      let area = 0;
      for (let f = 0, from = 0; f < folds; from += counts[f]!, f++) {
        const size = start[f + 1]! - start[f]!;
        const share = (window.length - counts[f]!) / (rows - size);
        weights.fill(0);
        for (let g = 0; g < folds; g++)
          if (g !== f) for (let d = 0; d < width; d++) weights[d]! += own[g]![d]! - share * sums[g]![d]!;
        solve(factors[f]!, weights);
        score(columns, weights, start[f]!, start[f + 1]!, scores);
        area +=
          (areaOf(scores, start[f]!, start[f + 1]!, places, from, from + counts[f]!) * counts[f]!) / window.length;
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

/** Rows by fold: the place of each, and where the folds begin. */
function inOrder(fold: Uint8Array): { place: Int32Array; start: Int32Array } {
  const start = new Int32Array(folds + 1);
  for (const f of fold) start[f + 1]!++;
  for (let f = 0; f < folds; f++) start[f + 1]! += start[f]!;
  const next = start.slice();
  return { place: Int32Array.from(fold, (f) => next[f]!++), start };
}

function sumAt(values: Float32Array, places: Int32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[places[i]!]!;
  return sum;
}

/** Scores of the rows of a fold: four features at a time, so that the scores are read and written less often. */
function score(columns: Features, weights: Float64Array, from: number, to: number, out: Float32Array): void {
  out.fill(0, from, to);
  for (let d = 0; d < weights.length; d += 4) {
    const [a, b, c, e] = [0, 1, 2, 3].map((k) => columns[Math.min(d + k, weights.length - 1)]!) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const [p, q, r, s] = [0, 1, 2, 3].map((k) => weights[d + k] ?? 0) as [number, number, number, number];
    for (let i = from; i < to; i++) out[i]! += p * a[i]! + q * b[i]! + r * c[i]! + s * e[i]!;
  }
}

/** For each fold, the Cholesky factor of XᵀX + width · I over the rows of the others. */
function factorsOf(columns: Features, start: Int32Array): Float64Array[] {
  const width = columns.length;
  const grams = Array.from({ length: folds }, (_, f) => {
    const gram = new Float64Array(width * width);
    for (let a = 0; a < width; a++)
      for (let b = 0; b <= a; b++) {
        const [x, y] = [columns[a]!, columns[b]!];
        let sum = 0;
        for (let i = start[f]!; i < start[f + 1]!; i++) sum += x[i]! * y[i]!;
        gram[a * width + b] = sum;
      }
    return gram;
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
