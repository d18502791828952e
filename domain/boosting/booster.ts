import type { JsonObject } from '../../contracts/json.ts';
import type { Tree } from './grow.ts';

/**
 * A sum of trees over rows of `width` raw features; plain arrays, so that it can be stored. A row goes left at a node when
 * its feature is at most the threshold, or is NaN and `missingLeft` is 1.
 */
export interface Booster {
  readonly width: number;
  /** Score before the first tree. */
  readonly initialScore: number;
  /** First node of each tree, and after the last one the number of nodes. A tree without nodes is one leaf. */
  readonly nodeStart: Int32Array;
  /** First leaf of each tree, and after the last one the number of leaves. */
  readonly leafStart: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly missingLeft: Uint8Array;
  /** Children by node: at least 0 is a node, another one the leaf `~child`, both counted over all trees. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** What the split of each node lowered the loss by. */
  readonly gain: Float32Array;
  /** By leaf, learning rate included. */
  readonly value: Float32Array;
}

/** Trees of a booster. */
export const treesOf = (booster: Booster): number => booster.nodeStart.length - 1;

/** Only the first `trees` of a booster. */
export function firstTrees(booster: Booster, trees: number): Booster {
  const [nodes, leaves] = [booster.nodeStart[trees]!, booster.leafStart[trees]!];
  return {
    width: booster.width,
    initialScore: booster.initialScore,
    nodeStart: booster.nodeStart.slice(0, trees + 1),
    leafStart: booster.leafStart.slice(0, trees + 1),
    feature: booster.feature.slice(0, nodes),
    threshold: booster.threshold.slice(0, nodes),
    missingLeft: booster.missingLeft.slice(0, nodes),
    left: booster.left.slice(0, nodes),
    right: booster.right.slice(0, nodes),
    gain: booster.gain.slice(0, nodes),
    value: booster.value.slice(0, leaves),
  };
}

/** A booster and the trees grown after its own. */
export function withTrees(booster: Booster, trees: readonly Tree[]): Booster {
  const [nodeStart, leafStart] = [Array.from(booster.nodeStart), Array.from(booster.leafStart)];
  const [left, right] = [Array.from(booster.left), Array.from(booster.right)];
  for (const tree of trees) {
    const [node, leaf] = [nodeStart.at(-1)!, leafStart.at(-1)!];
    const shift = (child: number) => (child >= 0 ? child + node : child - leaf);
    left.push(...tree.left.map(shift));
    right.push(...tree.right.map(shift));
    nodeStart.push(node + tree.feature.length);
    leafStart.push(leaf + tree.value.length);
  }
  const all = (own: ArrayLike<number>, of: (tree: Tree) => readonly number[]) => [
    ...Array.from(own),
    ...trees.flatMap(of),
  ];
  return {
    width: booster.width,
    initialScore: booster.initialScore,
    nodeStart: Int32Array.from(nodeStart),
    leafStart: Int32Array.from(leafStart),
    feature: Int32Array.from(all(booster.feature, (t) => t.feature)),
    threshold: Float32Array.from(all(booster.threshold, (t) => t.threshold)),
    missingLeft: Uint8Array.from(all(booster.missingLeft, (t) => t.missingLeft.map(Number))),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    gain: Float32Array.from(all(booster.gain, (t) => t.gain)),
    value: Float32Array.from(all(booster.value, (t) => t.value)),
  };
}

/** A booster without trees. */
export function emptyBooster(width: number, initialScore: number): Booster {
  return {
    width,
    initialScore,
    nodeStart: Int32Array.of(0),
    leafStart: Int32Array.of(0),
    feature: new Int32Array(0),
    threshold: new Float32Array(0),
    missingLeft: new Uint8Array(0),
    left: new Int32Array(0),
    right: new Int32Array(0),
    gain: new Float32Array(0),
    value: new Float32Array(0),
  };
}

const parts = [
  'nodeStart',
  'leafStart',
  'feature',
  'threshold',
  'missingLeft',
  'left',
  'right',
  'gain',
  'value',
] as const;

/** The arrays of a booster for `packBytes`, their names after `prefix`; whole numbers stay exact below 2^24. */
export function boosterArrays(booster: Booster, prefix = ''): Record<string, Float32Array> {
  return Object.fromEntries(parts.map((part) => [prefix + part, Float32Array.from(booster[part])]));
}

export const boosterMeta = ({ width, initialScore }: Booster): JsonObject => ({ width, initialScore });

/** Reads {@link boosterArrays} and {@link boosterMeta}. */
export function boosterFrom(meta: JsonObject, arrays: Readonly<Record<string, Float32Array>>, prefix = ''): Booster {
  const array = (part: (typeof parts)[number]) => arrays[prefix + part]!;
  return {
    width: Number(meta['width']),
    initialScore: Number(meta['initialScore']),
    nodeStart: Int32Array.from(array('nodeStart')),
    leafStart: Int32Array.from(array('leafStart')),
    feature: Int32Array.from(array('feature')),
    threshold: array('threshold'),
    missingLeft: Uint8Array.from(array('missingLeft')),
    left: Int32Array.from(array('left')),
    right: Int32Array.from(array('right')),
    gain: array('gain'),
    value: array('value'),
  };
}

/** Share of the whole gain that came by each feature; zeros when nothing was split. */
export function importanceOf(booster: Booster): Float64Array {
  const out = new Float64Array(booster.width);
  let total = 0;
  booster.feature.forEach((f, node) => {
    out[f]! += booster.gain[node]!;
    total += booster.gain[node]!;
  });
  return total > 0 ? out.map((gain) => gain / total) : out;
}
