import type { Assignment } from './exchange.ts';

/** `missing` compares shares of rows without a value; `classifier` how well reference and window can be told apart. */
export type StatisticName = 'ks' | 'psi' | 'jensen-shannon' | 'chi-squared' | 'missing' | 'classifier';

/** Statistics of one column, or of several, that are computed together. */
export interface Evaluator {
  /** null: of all the columns that are no embeddings, together. */
  readonly column: string | null;
  readonly statistics: readonly StatisticName[];
  /** Writes the value of each statistic, greater for more change, to `out` from `at` on. */
  evaluate(assignment: Assignment, out: Float64Array, at: number): void;
}
