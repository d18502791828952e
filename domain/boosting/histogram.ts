import type { Pace } from '../nlp/pace.ts';
import type { BinnedRows } from './binning.ts';

/** Numbers a bin holds: first derivatives, second derivatives, rows. */
export const cell = 3;

/** Where the bins of the features of a tree stand in a histogram. */
export interface Layout {
  readonly features: Int32Array;
  /** First number of the i-th of `features`, and after the last one the numbers used. */
  readonly offset: Int32Array;
}

export function layoutOf(binned: BinnedRows, features: Int32Array): Layout {
  const offset = new Int32Array(features.length + 1);
  for (let i = 0; i < features.length; i++) {
    const f = features[i]!;
    const count = binned.bounds[f]!.length + 1 + (binned.missing[f]! >= 0 ? 1 : 0);
    offset[i + 1] = offset[i]! + cell * count;
  }
  return { features, offset };
}

/** Numbers of the largest histogram over `features` features, with a spare feature at its end. */
export const histogramSize = (features: number): number => (features + 1) * 256 * cell;

/** Adds rows to four features at once: sums of one feature wait for each other, and gradients are read once. */
function addFour(
  bins: Uint8Array,
  [c0, c1, c2, c3]: readonly number[] & { 0: number; 1: number; 2: number; 3: number },
  rows: Int32Array,
  from: number,
  to: number,
  derivatives: Float32Array,
  out: Float64Array,
  [h0, h1, h2, h3]: readonly number[] & { 0: number; 1: number; 2: number; 3: number },
): void {
  for (let i = from, k = 0; i < to; i++, k += 2) {
    const r = rows[i]!;
    const g = derivatives[k]!;
    const h = derivatives[k + 1]!;
    let at = h0 + cell * bins[c0 + r]!;
    out[at]! += g;
    out[at + 1]! += h;
    out[at + 2]!++;
    at = h1 + cell * bins[c1 + r]!;
    out[at]! += g;
    out[at + 1]! += h;
    out[at + 2]!++;
    at = h2 + cell * bins[c2 + r]!;
    out[at]! += g;
    out[at + 1]! += h;
    out[at + 2]!++;
    at = h3 + cell * bins[c3 + r]!;
    out[at]! += g;
    out[at + 1]! += h;
    out[at + 2]!++;
  }
}

/**
 * Fills `out` with the sums over the rows `rows[from … to]` by feature and bin; `ordered` is room for their derivatives.
 */
export async function buildHistogram(
  { bins, rows: total }: BinnedRows,
  { features, offset }: Layout,
  rows: Int32Array,
  from: number,
  to: number,
  derivatives: Float32Array,
  ordered: Float32Array,
  out: Float64Array,
  pace: Pace,
): Promise<void> {
  const used = features.length;
  const spare = offset[used]!;
  out.fill(0, 0, spare);
  for (let i = from, k = 0; i < to; i++, k += 2) {
    const at = 2 * rows[i]!;
    ordered[k] = derivatives[at]!;
    ordered[k + 1] = derivatives[at + 1]!;
  }
  // The last four are made full with what goes to the spare feature.
  const column = (i: number) => features[i < used ? i : 0]! * total;
  const place = (i: number) => (i < used ? offset[i]! : spare);
  for (let i = 0; i < used; i += 4) {
    const columns = [column(i), column(i + 1), column(i + 2), column(i + 3)] as const;
    const places = [place(i), place(i + 1), place(i + 2), place(i + 3)] as const;
    addFour(bins, columns, rows, from, to, ordered, out, places);
    if (pace.due) await pace.rest();
  }
}

/** What is left of a leaf's histogram without one child: the histogram of the other. */
export function subtract(from: Float64Array, child: Float64Array, { features, offset }: Layout): void {
  const n = offset[features.length]!;
  for (let i = 0; i < n; i++) from[i]! -= child[i]!;
}
