import { emptyData, lengthFault } from './faults.ts';
import type { Objective } from './objective.ts';

export interface LogisticData {
  /** 1 or 0 for each row; or any number whose mean is a chance, such as what a label is above what would happen anyway. */
  readonly label: ArrayLike<number>;
  /** How much a row counts, at least 0; default 1 each. */
  readonly weight?: Float32Array;
}

/** Probability of a score of a model trained with {@link logistic}. */
export const probability = (score: number): number => 1 / (1 + Math.exp(-score));

/**
 * Log loss of a binary label (Friedman 2001); scores are log odds, see {@link probability}. Starts from the log odds of the
 * weighted labels.
 *
 * @throws DATA_MISSING without rows or weight, PARAMETER_INVALID when `weight` has another length than `label`.
 */
export function logistic({ label, weight }: LogisticData): Objective {
  const rows = label.length;
  if (rows === 0) throw emptyData('label', 0);
  if (weight && weight.length !== rows) throw lengthFault('weight', weight.length, rows);
  let [positive, total] = [0, 0];
  for (let r = 0; r < rows; r++) {
    const w = weight ? weight[r]! : 1;
    total += w;
    positive += w * label[r]!;
  }
  if (!(total > 0)) throw emptyData('weight', total);
  // Labels all alike have infinite odds; a millionth keeps the score finite.
  const rate = Math.min(1 - 1e-6, Math.max(1e-6, positive / total));
  return {
    name: 'logistic',
    rows,
    start: null,
    initialScore: Math.log(rate / (1 - rate)),
    derive(scores, units, derivatives) {
      for (let i = 0; i < units.length; i++) {
        const r = units[i]!;
        const p = probability(scores[r]!);
        const w = weight ? weight[r]! : 1;
        derivatives[2 * r] = w * (p - label[r]!);
        derivatives[2 * r + 1] = w * p * (1 - p);
      }
    },
  };
}
