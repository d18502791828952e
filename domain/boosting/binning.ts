import { breathe } from '../nlp/breathe.ts';

/** Rows whose features are small whole numbers: bin b of feature f holds the values up to `bounds[f][b]`. */
export interface BinnedRows {
  readonly rows: number;
  /** Column by column [width × rows]. */
  readonly bins: Uint8Array;
  /** Upper bound of each bin but the last, by feature; the last bin holds the rest. */
  readonly bounds: readonly Float32Array[];
  /** The bin of NaN, by feature, one past the others; −1 when the feature is always there. */
  readonly missing: Int32Array;
}

const sample = 200_000;
/** Rows binned at a time, while they are near. */
const block = 512;

/** A bound from `low` to below `high`, so that raw float32 values compare with it as the bins do. */
function between(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle < high && middle >= low ? middle : low;
}

/**
 * Bounds that part sorted values into at most `most` bins of about the same number of rows; every distinct value has a
 * bin of its own where there are few.
 */
export function quantileBounds(sorted: Float32Array, most: number): Float32Array {
  const [values, counts]: [number[], number[]] = [[], []];
  for (const value of sorted) {
    if (value === values.at(-1)) counts[counts.length - 1]!++;
    else {
      values.push(value);
      counts.push(1);
    }
  }
  const bounds: number[] = [];
  if (values.length <= most) {
    for (let i = 1; i < values.length; i++) bounds.push(between(values[i - 1]!, values[i]!));
    return Float32Array.from(bounds);
  }
  // A value of many rows (such as 0) fills a bin alone; what is left is shared out anew after each bin.
  let [left, room, size] = [sorted.length, most, 0];
  let share = left / room;
  for (let i = 0; i < values.length - 1; i++) {
    size += counts[i]!;
    const full = size >= share || counts[i + 1]! >= share;
    if (!full || room === 1) continue;
    bounds.push(between(values[i]!, values[i + 1]!));
    left -= size;
    room--;
    size = 0;
    share = left / room;
  }
  return Float32Array.from(bounds);
}

/** Index of the first bound that is not below `value`. */
export function binOf(bounds: Float32Array, value: number): number {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= bounds[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Bins the columns of row-major features [rows × width] by quantiles of their values (of 200,000 evenly spaced rows when
 * there are more). Throws CANCELLED when `signal` fires.
 */
export async function binRows(
  features: Float32Array,
  width: number,
  most: number,
  signal: AbortSignal,
): Promise<BinnedRows> {
  const rows = features.length / width;
  const missing = new Int32Array(width).fill(-1);
  const bounds: Float32Array[] = [];
  const blank = new Uint8Array(width);
  for (let i = 0; i < features.length; i++) if (Number.isNaN(features[i]!)) blank[i % width] = 1;
  const stride = Math.max(1, rows / sample);
  const column = new Float32Array(Math.min(rows, sample));
  for (let f = 0; f < width; f++) {
    let known = 0;
    for (let i = 0; i < column.length; i++) {
      const value = features[Math.floor(i * stride) * width + f]!;
      // Minus zero is the same value as zero.
      if (!Number.isNaN(value)) column[known++] = value + 0;
    }
    const own = quantileBounds(column.slice(0, known).sort(), most - blank[f]!);
    bounds.push(own);
    if (blank[f] === 1) missing[f] = own.length + 1;
    await breathe(signal);
  }
  const bins = new Uint8Array(features.length);
  for (let from = 0; from < rows; from += block) {
    const to = Math.min(rows, from + block);
    for (let f = 0; f < width; f++) {
      const own = bounds[f]!;
      for (let r = from, at = from * width + f, out = f * rows; r < to; r++, at += width) {
        const value = features[at]!;
        bins[out + r] = Number.isNaN(value) ? missing[f]! : binOf(own, value);
      }
    }
    if (from % (32 * block) === 0) await breathe(signal);
  }
  return { rows, bins, bounds, missing };
}
