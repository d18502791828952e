import type { Pace } from '../nlp/pace.ts';
import type { BinnedRows } from './binning.ts';
import { buildHistogram, histogramSize, layoutOf, subtract } from './histogram.ts';
import type { Settings } from './options.ts';
import { bestSplit, type LeafSums, type Split } from './split.ts';

/** One tree. A child of at least 0 is a node, another one is the leaf `~child`; node 0 is the root. */
export interface Tree {
  readonly feature: number[];
  readonly bin: number[];
  readonly threshold: number[];
  readonly missingLeft: boolean[];
  readonly left: number[];
  readonly right: number[];
  readonly gain: number[];
  /** By leaf, learning rate included, as float32. */
  readonly value: number[];
}

interface Leaf {
  from: number;
  to: number;
  sums: LeafSums;
  split: Split | null;
  histogram: Float64Array;
  /** Where the tree points to this leaf: node and side. */
  readonly parent: number;
  readonly side: 'left' | 'right';
}

/** Grows trees leaf by leaf, always the leaf whose split gains most (Ke et al. 2017). Holds the memory they share. */
export class Grower {
  readonly #binned: BinnedRows;
  readonly #settings: Settings;
  readonly #pace: Pace;
  readonly #ordered: Float32Array;
  readonly #right: Int32Array;
  readonly #pool: Float64Array[] = [];
  readonly #size: number;

  /** `most`: rows and features of the largest tree. */
  constructor(binned: BinnedRows, settings: Settings, most: { rows: number; features: number }, pace: Pace) {
    this.#binned = binned;
    this.#settings = settings;
    this.#pace = pace;
    this.#ordered = new Float32Array(2 * most.rows);
    this.#right = new Int32Array(most.rows);
    this.#size = histogramSize(most.features);
  }

  /**
   * One tree over `rows` (ascending; left in the order of the leaves) and `features`; adds its values to the scores of
   * these rows. `derivatives` holds first and second derivative of each row of the data.
   */
  async grow(rows: Int32Array, features: Int32Array, derivatives: Float32Array, scores: Float64Array): Promise<Tree> {
    const { leaves: most, l2, learningRate, minLeaf } = this.#settings;
    const layout = layoutOf(this.#binned, features);
    const tree: Tree = {
      feature: [],
      bin: [],
      threshold: [],
      missingLeft: [],
      left: [],
      right: [],
      gain: [],
      value: [],
    };
    const build = (leaf: Leaf) =>
      buildHistogram(
        this.#binned,
        layout,
        rows,
        leaf.from,
        leaf.to,
        derivatives,
        this.#ordered,
        leaf.histogram,
        this.#pace,
      );
    const seek = (leaf: Leaf) => {
      leaf.split = bestSplit(leaf.histogram, layout, this.#binned, leaf.sums, this.#settings);
    };
    const root: Leaf = {
      from: 0,
      to: rows.length,
      sums: sumOf(rows, derivatives),
      split: null,
      histogram: this.#take(),
      parent: -1,
      side: 'left',
    };
    const leaves = [root];
    if (rows.length >= 2 * minLeaf) {
      await build(root);
      seek(root);
    }
    while (leaves.length < most) {
      const at = widest(leaves);
      if (at < 0) break;
      const leaf = leaves[at]!;
      const split = leaf.split!;
      const node = this.#addNode(tree, leaf, split);
      const middle = this.#part(rows, leaf, split);
      const { gradient, hessian, rows: count } = leaf.sums;
      const rest = {
        gradient: gradient - split.left.gradient,
        hessian: hessian - split.left.hessian,
        rows: count - split.left.rows,
      };
      const child = (side: 'left' | 'right', from: number, to: number, sums: LeafSums): Leaf => ({
        from,
        to,
        sums,
        split: null,
        histogram: leaf.histogram,
        parent: node,
        side,
      });
      const left = child('left', leaf.from, middle, split.left);
      const right = child('right', middle, leaf.to, rest);
      leaves[at] = left;
      leaves.push(right);
      const [small, large] = split.left.rows <= rest.rows ? [left, right] : [right, left];
      // The last leaves and those too small for two are not looked at again.
      if (leaves.length === most || large.sums.rows < 2 * minLeaf) {
        this.#pool.push(leaf.histogram);
        continue;
      }
      small.histogram = this.#take();
      await build(small);
      subtract(large.histogram, small.histogram, layout);
      seek(small);
      seek(large);
      if (!small.split) this.#pool.push(small.histogram);
      if (!large.split) this.#pool.push(large.histogram);
    }
    for (const [i, leaf] of leaves.entries()) {
      const value = Math.fround((-learningRate * leaf.sums.gradient) / (leaf.sums.hessian + l2));
      tree.value.push(Number.isFinite(value) ? value : 0);
      if (leaf.parent >= 0) tree[leaf.side][leaf.parent] = ~i;
      if (leaf.split || leaves.length === 1) this.#pool.push(leaf.histogram);
      for (let k = leaf.from; k < leaf.to; k++) scores[rows[k]!]! += tree.value[i]!;
    }
    return tree;
  }

  #take(): Float64Array {
    return this.#pool.pop() ?? new Float64Array(this.#size);
  }

  #addNode(tree: Tree, leaf: Leaf, split: Split): number {
    const node = tree.feature.length;
    const bounds = this.#binned.bounds[split.feature]!;
    tree.feature.push(split.feature);
    tree.bin.push(split.bin);
    tree.threshold.push(split.bin < bounds.length ? bounds[split.bin]! : Number.POSITIVE_INFINITY);
    tree.missingLeft.push(split.missingLeft);
    tree.left.push(0);
    tree.right.push(0);
    tree.gain.push(split.gain);
    if (leaf.parent >= 0) tree[leaf.side][leaf.parent] = node;
    return node;
  }

  /** Moves the rows that go left before the others, each side in its order; where the right ones begin. */
  #part(rows: Int32Array, leaf: Leaf, { feature, bin, missingLeft }: Split): number {
    const { bins, rows: total, missing } = this.#binned;
    const column = feature * total;
    const blank = missing[feature]!;
    const right = this.#right;
    let [l, r] = [leaf.from, 0];
    for (let i = leaf.from; i < leaf.to; i++) {
      const row = rows[i]!;
      const b = bins[column + row]!;
      if (b === blank ? missingLeft : b <= bin) rows[l++] = row;
      else right[r++] = row;
    }
    for (let k = 0; k < r; k++) rows[l + k] = right[k]!;
    return l;
  }
}

function sumOf(rows: Int32Array, derivatives: Float32Array): LeafSums {
  let [gradient, hessian] = [0, 0];
  for (let i = 0; i < rows.length; i++) {
    gradient += derivatives[2 * rows[i]!]!;
    hessian += derivatives[2 * rows[i]! + 1]!;
  }
  return { gradient, hessian, rows: rows.length };
}

/** The leaf whose split gains most, the first of equals; −1 when none can be split. */
function widest(leaves: readonly Leaf[]): number {
  let [best, at] = [-1, -1];
  leaves.forEach(({ split }, i) => {
    if (split && split.gain > best) {
      best = split.gain;
      at = i;
    }
  });
  return at;
}

/** Adds a tree's values to the scores of binned `rows`. */
export function addToBinned(
  tree: Tree,
  { bins, rows: total, missing }: BinnedRows,
  rows: Int32Array,
  scores: Float64Array,
): void {
  const columns = Int32Array.from(tree.feature, (f) => f * total);
  const blank = Int32Array.from(tree.feature, (f) => missing[f]!);
  const [bin, left, right] = [Int32Array.from(tree.bin), Int32Array.from(tree.left), Int32Array.from(tree.right)];
  const missingLeft = Uint8Array.from(tree.missingLeft, Number);
  const value = Float64Array.from(tree.value);
  const root = bin.length > 0 ? 0 : ~0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    let node = root;
    while (node >= 0) {
      const b = bins[columns[node]! + row]!;
      const goesLeft = b === blank[node]! ? missingLeft[node] === 1 : b <= bin[node]!;
      node = goesLeft ? left[node]! : right[node]!;
    }
    scores[row]! += value[~node]!;
  }
}
