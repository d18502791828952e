import type { CategoryColumn, NumericColumn } from '../reference/index.ts';

/** Bin of each row, numbered from 0, and how many rows each bin has. */
export interface Bins {
  readonly of: Int32Array;
  readonly all: Int32Array;
}

/** Values of a numeric column in rising order: the rows that have one, and where a greater value follows. */
export interface Order {
  readonly rows: Int32Array;
  readonly last: Uint8Array;
}

export function orderOf({ values }: NumericColumn): Order {
  const rows = Int32Array.from(values.keys()).filter((row) => Number.isFinite(values[row]!));
  rows.sort((a, b) => values[a]! - values[b]!);
  const last = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++)
    last[i] = i + 1 === rows.length || values[rows[i + 1]!]! > values[rows[i]!]! ? 1 : 0;
  return { rows, last };
}

/**
 * Bins of as many rows each as equal values allow, over both samples, and one of the rows without a value. What the bins are
 * does not depend on which rows are the window's: else permuting them would not give what chance gives.
 */
export function numericBins(rows: number, { rows: order, last }: Order, wanted: number): Bins {
  const of = new Int32Array(rows).fill(wanted);
  for (let from = 0, i = 0; i < order.length; i++) {
    if (last[i] === 0) continue;
    const bin = Math.floor((wanted * (from + i + 1)) / (2 * order.length));
    for (let k = from; k <= i; k++) of[order[k]!] = bin;
    from = i + 1;
  }
  return withoutEmpty(of, wanted + 1);
}

/**
 * A bin for each category, one for rows without a value, and one for all categories of which a window may expect fewer than
 * five rows (Cochran 1954).
 *
 * @param share rows of the window in those of both samples.
 */
export function categoryBins({ codes, labels }: CategoryColumn, share: number): Bins {
  const counts = new Int32Array(labels.length);
  for (const code of codes) if (code >= 0) counts[code]!++;
  const [missing, rare] = [labels.length, labels.length + 1];
  return withoutEmpty(
    codes.map((code) => (code < 0 ? missing : counts[code]! * share < 5 ? rare : code)),
    rare + 1,
  );
}

function withoutEmpty(of: Int32Array, bins: number): Bins {
  const counts = new Int32Array(bins);
  for (const bin of of) counts[bin]!++;
  const place = new Int32Array(bins);
  let used = 0;
  for (let bin = 0; bin < bins; bin++) if (counts[bin]! > 0) place[bin] = used++;
  return { of: of.map((bin) => place[bin]!), all: counts.filter((count) => count > 0) };
}
