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
  if (hasNaN(features)) addTrees(booster, 0, treesOf(booster), features, scores);
  else addAllTrees(booster, features, scores);
  return scores;
}

/**
 * {@link addTrees}, all of them, to rows without NaN: four rows at a time go down a tree, so that none waits for the memory
 * that another one needs, and no branch has to be guessed. Takes two thirds of the time, for the same sums.
 */
function addAllTrees(booster: Booster, features: Float32Array, scores: Float64Array): void {
  const { width, nodeStart, leafStart, feature, threshold, left, right, value } = booster;
  const child = new Int32Array(2 * feature.length);
  for (let node = 0; node < feature.length; node++) {
    child[2 * node] = left[node]!;
    child[2 * node + 1] = right[node]!;
  }
  const next = (node: number, base: number): number =>
    child[2 * node + Number(features[base + feature[node]!]! > threshold[node]!)]!;
  const [rows, trees] = [scores.length, treesOf(booster)];
  for (let begin = 0; begin < rows; begin += block) {
    const end = Math.min(rows, begin + block);
    for (let t = 0; t < trees; t++) {
      const root = nodeStart[t]! < nodeStart[t + 1]! ? nodeStart[t]! : ~leafStart[t]!;
      let r = begin;
      for (; r + 4 <= end; r += 4) {
        const a = r * width;
        const b = a + width;
        const c = b + width;
        const d = c + width;
        let i = root;
        let j = root;
        let k = root;
        let l = root;
        // Below 0 when one of them is.
        while ((i | j | k | l) >= 0) {
          i = next(i, a);
          j = next(j, b);
          k = next(k, c);
          l = next(l, d);
        }
        while (i >= 0) i = next(i, a);
        while (j >= 0) j = next(j, b);
        while (k >= 0) k = next(k, c);
        while (l >= 0) l = next(l, d);
        scores[r]! += value[~i]!;
        scores[r + 1]! += value[~j]!;
        scores[r + 2]! += value[~k]!;
        scores[r + 3]! += value[~l]!;
      }
      for (; r < end; r++) {
        let node = root;
        while (node >= 0) node = next(node, r * width);
        scores[r]! += value[~node]!;
      }
    }
  }
}

function hasNaN(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) return true;
  return false;
}
