import { dataOf, type OnnxTensors } from '../../serving/tensor.ts';
import { type Hypothesis, special } from './types.ts';

interface ReadOptions {
  /** Most ids of this sentence. */
  readonly limit: number;
  readonly lengthPenalty: number;
}

/** Score of a hypothesis: its log-probability over its length (with its end) to the power of the penalty. */
export function scoreOf(logProbability: number, length: number, penalty: number): number {
  return logProbability / length ** penalty;
}

/** The translation of sentence `row` in the outputs of a greedy graph. Without log-probabilities the scores are NaN. */
export function readGreedy(outputs: OnnxTensors, row: number, { limit, lengthPenalty }: ReadOptions): Hypothesis {
  const tokens = dataOf(outputs, 'tokens', 'int64');
  const logs = 'logProbabilities' in outputs ? dataOf(outputs, 'logProbabilities', 'float32') : undefined;
  const [steps, sentences] = outputs['tokens']!.dims as [number, number];
  const ids: number[] = [];
  let logProbability = logs === undefined ? Number.NaN : 0;
  let ended = false;
  for (let t = 0; t < Math.min(steps, limit) && !ended; t++) {
    const id = Number(tokens[t * sentences + row]);
    logProbability += logs?.[t * sentences + row] ?? 0;
    ended = id <= special.end;
    if (!ended) ids.push(id);
  }
  const score = scoreOf(logProbability, Math.max(1, ids.length + (ended ? 1 : 0)), lengthPenalty);
  return { ids: Int32Array.from(ids), score, logProbability, ended };
}

/**
 * The translations of sentence `row` in the outputs of a beam graph, best first: all hypotheses that ended while the search of
 * this sentence ran. At its limit, those still open count as ended there or, with no probability of an end, as cut.
 */
export function readBeam(outputs: OnnxTensors, row: number, { limit, lengthPenalty }: ReadOptions): Hypothesis[] {
  const scores = dataOf(outputs, 'scores', 'float32');
  const endScores = dataOf(outputs, 'endScores', 'float32');
  const [steps, sentences, beam] = outputs['tokens']!.dims as [number, number, number];
  const found: Hypothesis[] = [];
  let count = 0;
  const last = Math.min(steps, limit) - 1;
  for (let t = 0; t <= last && count < beam; t++) {
    const at = (t * sentences + row) * beam;
    const ends = endScores.subarray(at, at + beam);
    const ranked = Float32Array.of(...scores.subarray(at, at + beam), ...ends).sort();
    // As in the graph: an end counts if it is among the best continuations of its step.
    const threshold = Math.max(ranked[beam] as number, -1e29);
    ends.forEach((logProbability, k) => {
      const counts = logProbability >= threshold;
      if (counts) count++;
      if (!counts && !(t === limit - 1 && logProbability > -1e29)) return;
      const score = scoreOf(logProbability, t + 1, lengthPenalty);
      found.push({ ids: trace(outputs, row, t, k), score, logProbability, ended: counts });
    });
  }
  return found.sort((a, b) => b.score - a.score);
}

/** Ids of hypothesis `k` after `steps` steps, by the parents of each. */
function trace(outputs: OnnxTensors, row: number, steps: number, k: number): Int32Array {
  const tokens = dataOf(outputs, 'tokens', 'int64');
  const parents = dataOf(outputs, 'parents', 'int64');
  const [, sentences, beam] = outputs['tokens']!.dims as [number, number, number];
  const ids = new Int32Array(steps);
  let at = k;
  for (let t = steps - 1; t >= 0; t--) {
    const i = (t * sentences + row) * beam + at;
    ids[t] = Number(tokens[i]);
    at = Number(parents[i]);
  }
  return ids;
}
