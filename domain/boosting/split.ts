import type { BinnedRows } from './binning.ts';
import { cell, type Layout } from './histogram.ts';
import type { Settings } from './options.ts';

/** Sums of a leaf. */
export interface LeafSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

export interface Split {
  readonly feature: number;
  /** Bins up to this one go left. */
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  readonly left: LeafSums;
}

/**
 * The split of a leaf that lowers the loss most (second order, Friedman 2001; Chen and Guestrin 2016), or null when none
 * keeps the limits. Missing values are tried on both sides; a feature without any sends them later where most rows go.
 */
export function bestSplit(
  histogram: Float64Array,
  { features, offset }: Layout,
  { bounds, missing }: BinnedRows,
  { gradient, hessian, rows }: LeafSums,
  { l2, minLeaf, minHessian, minGain }: Settings,
): Split | null {
  if (rows < 2 * minLeaf) return null;
  const parent = (gradient * gradient) / (hessian + l2);
  let best = minGain + parent;
  let [feature, bin, missingLeft] = [-1, 0, false];
  let [leftGradient, leftHessian, leftRows] = [0, 0, 0];
  for (let i = 0; i < features.length; i++) {
    const f = features[i]!;
    const base = offset[i]!;
    const known = bounds[f]!.length + 1;
    const blank = base + cell * known;
    const some = missing[f]! >= 0 && histogram[blank + 2]! > 0;
    for (let side = 0; side < (some ? 2 : 1); side++) {
      let [g, h, n] = side === 0 ? [0, 0, 0] : [histogram[blank]!, histogram[blank + 1]!, histogram[blank + 2]!];
      // All known values on the left leave the missing ones on the right.
      const last = some && side === 0 ? known : known - 1;
      for (let b = 0, at = base; b < last; b++, at += cell) {
        g += histogram[at]!;
        h += histogram[at + 1]!;
        n += histogram[at + 2]!;
        if (n < minLeaf || h < minHessian) continue;
        if (rows - n < minLeaf || hessian - h < minHessian) break;
        const rest = gradient - g;
        const gain = (g * g) / (h + l2) + (rest * rest) / (hessian - h + l2);
        if (!(gain > best)) continue;
        best = gain;
        feature = f;
        bin = b;
        missingLeft = some ? side === 1 : 2 * n >= rows;
        leftGradient = g;
        leftHessian = h;
        leftRows = n;
      }
    }
  }
  if (feature < 0) return null;
  const left = { gradient: leftGradient, hessian: leftHessian, rows: leftRows };
  return { feature, bin, missingLeft, gain: best - parent, left };
}
