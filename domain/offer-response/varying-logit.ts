import { emptyData, lengthFault } from '../boosting/faults.ts';
import { probability } from '../boosting/logistic.ts';
import type { Objective } from '../boosting/objective.ts';

export interface VaryingLogitData {
  /** 1 or 0 for each row. */
  readonly label: Uint8Array;
  /** Log odds that are there already, by row. */
  readonly offset: Float64Array;
  /** What the score is multiplied with before it is added, by row. */
  readonly slope: Float64Array;
}

/**
 * Log loss of a label whose log odds are offset + slope × score: the score is a coefficient that varies with the features
 * (Hastie and Tibshirani 1993; as boosted trees Zhou and Hooker 2022). Starts from the best constant.
 *
 * @throws DATA_MISSING without rows, PARAMETER_INVALID for arrays of other lengths.
 */
export function varyingLogit({ label, offset, slope }: VaryingLogitData): Objective {
  const rows = label.length;
  if (rows === 0) throw emptyData('label', 0);
  if (offset.length !== rows) throw lengthFault('offset', offset.length, rows);
  if (slope.length !== rows) throw lengthFault('slope', slope.length, rows);
  let initialScore = 0;
  for (let step = 0; step < 30; step++) {
    // A ridge of a hundredth keeps the constant finite when labels are all alike.
    let [gradient, hessian] = [0.01 * initialScore, 0.01];
    for (let r = 0; r < rows; r++) {
      const p = probability(offset[r]! + slope[r]! * initialScore);
      gradient += slope[r]! * (p - label[r]!);
      hessian += slope[r]! * slope[r]! * p * (1 - p);
    }
    const move = Math.max(-2, Math.min(2, gradient / hessian));
    initialScore -= move;
    if (Math.abs(move) < 1e-9) break;
  }
  return {
    name: 'varying logit',
    rows,
    start: null,
    initialScore,
    derive(scores, units, derivatives) {
      for (let i = 0; i < units.length; i++) {
        const r = units[i]!;
        const p = probability(offset[r]! + slope[r]! * scores[r]!);
        derivatives[2 * r] = slope[r]! * (p - label[r]!);
        derivatives[2 * r + 1] = slope[r]! * slope[r]! * p * (1 - p);
      }
    },
  };
}
