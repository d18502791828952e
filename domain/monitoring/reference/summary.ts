import { type Column, countMissing, rowsOf } from './frame.ts';

/** Shares of the values that lie at or below the quantiles of a {@link NumericSummary}. */
export const quantileShares = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1] as const;

export interface NumericSummary {
  readonly type: 'numeric';
  /** Share of rows without a value. */
  readonly missing: number;
  readonly mean: number;
  /** Standard deviation of the sample. */
  readonly deviation: number;
  /** At {@link quantileShares}, from the least value to the greatest. Empty when every value is missing. */
  readonly quantiles: readonly number[];
}

export interface CategorySummary {
  readonly type: 'category';
  readonly missing: number;
  /** Most frequent first, at most as many as were asked for. */
  readonly counts: readonly (readonly [label: string, count: number])[];
  /** Categories there are, also those not in `counts`. */
  readonly distinct: number;
}

export interface EmbeddingSummary {
  readonly type: 'embedding';
  readonly missing: number;
  readonly width: number;
}

export type ColumnSummary = NumericSummary | CategorySummary | EmbeddingSummary;

/** What a column is like in all its rows; of categories the `most` frequent ones. */
export function summarise(column: Column, most: number): ColumnSummary {
  const missing = countMissing(column) / Math.max(1, rowsOf(column));
  if (column.type === 'embedding') return { type: 'embedding', missing, width: column.width };
  if (column.type === 'numeric') return { type: 'numeric', missing, ...momentsOf(column.values) };
  const counts = new Int32Array(column.labels.length);
  for (const code of column.codes) if (code >= 0) counts[code]!++;
  const seen = column.labels
    .map((label, code) => [label, counts[code]!] as const)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return { type: 'category', missing, counts: seen.slice(0, most), distinct: seen.length };
}

function momentsOf(values: Float32Array | Float64Array | Int32Array) {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  const n = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean: n === 0 ? 0 : mean,
    deviation: n < 2 ? 0 : Math.sqrt(squares / (n - 1)),
    quantiles: n === 0 ? [] : quantileShares.map((share) => sorted[Math.round(share * (n - 1))]!),
  };
}
