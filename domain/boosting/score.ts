import { type Booster, treesOf } from './booster.ts';

/** Rows scored by one tree after the other while tree and rows are near. */
const block = 256;

/** Adds the values of the trees `from … to` to the scores of row-major features [rows × width]. */
export function addTrees(
  booster: Booster,
  from: number,
  to: number,
  features: Float32Array,
  scores: Float64Array,
): void {
  const { width, nodeStart, leafStart, feature, threshold, missingLeft, left, right, value } = booster;
  const rows = scores.length;
  for (let begin = 0; begin < rows; begin += block) {
    const end = Math.min(rows, begin + block);
    for (let t = from; t < to; t++) {
      const root = nodeStart[t]! < nodeStart[t + 1]! ? nodeStart[t]! : ~leafStart[t]!;
      for (let r = begin, base = begin * width; r < end; r++, base += width) {
        let node = root;
        while (node >= 0) {
          const x = features[base + feature[node]!]!;
          const goesLeft = x <= threshold[node]! || (Number.isNaN(x) && missingLeft[node] === 1);
          node = goesLeft ? left[node]! : right[node]!;
        }
        scores[r]! += value[~node]!;
      }
    }
  }
}

/** Scores of row-major raw features [rows × width]: the initial score and one leaf of every tree. */
export function scoreRows(booster: Booster, features: Float32Array): Float64Array {
  const scores = new Float64Array(features.length / booster.width).fill(booster.initialScore);
  addTrees(booster, 0, treesOf(booster), features, scores);
  return scores;
}
