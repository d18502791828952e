/** One bin of a reliability diagram. */
export type ReliabilityBin = {
  readonly rows: number;
  readonly predicted: number;
  readonly observed: number;
};

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
