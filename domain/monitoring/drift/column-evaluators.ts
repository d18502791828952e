import { type CategoryColumn, type Column, isMissing, type NumericColumn } from '../reference/index.ts';
import { type Bins, categoryBins, numericBins, orderOf } from './bins.ts';
import type { Evaluator, StatisticName } from './evaluator.ts';
import { chiSquared, effectOfShares, jensenShannon, kolmogorovSmirnov, populationStability } from './statistics.ts';

/** Deciles, as PSI is computed by (Siddiqi 2006). */
const bins = 10;

const ofBins = { psi: populationStability, 'jensen-shannon': jensenShannon, 'chi-squared': chiSquared } as const;

/** KS, PSI and Jensen–Shannon of numbers. */
export function numericEvaluators(name: string, column: NumericColumn): Evaluator[] {
  const order = orderOf(column);
  const ks: Evaluator = {
    column: name,
    statistics: ['ks'],
    evaluate({ inWindow }, out, at) {
      out[at] = kolmogorovSmirnov(order.rows, order.last, inWindow);
    },
  };
  return [ks, binned(name, numericBins(column.values.length, order, bins), ['psi', 'jensen-shannon'])];
}

/** χ², PSI and Jensen–Shannon of categories. */
export function categoryEvaluators(name: string, column: CategoryColumn, share: number): Evaluator[] {
  return [binned(name, categoryBins(column, share), ['chi-squared', 'psi', 'jensen-shannon'])];
}

function binned(column: string, { of, all }: Bins, statistics: readonly (keyof typeof ofBins)[]): Evaluator {
  const counts = { window: new Int32Array(all.length), all };
  return {
    column,
    statistics,
    evaluate({ rows }, out, at) {
      counts.window.fill(0);
      for (let i = 0; i < rows.length; i++) counts.window[of[rows[i]!]!]!++;
      statistics.forEach((statistic, k) => {
        out[at + k] = ofBins[statistic](counts, rows.length, of.length);
      });
    },
  };
}

/** The shares of rows without a value, as Cohen's h; none when no row lacks one. */
export function missingEvaluators(name: string, column: Column, rows: number): Evaluator[] {
  const missing = Uint8Array.from({ length: rows }, (_, row) => (isMissing(column, row) ? 1 : 0));
  const all = missing.reduce((sum, one) => sum + one, 0);
  if (all === 0) return [];
  const statistics: readonly StatisticName[] = ['missing'];
  return [
    {
      column: name,
      statistics,
      evaluate({ rows: window }, out, at) {
        let own = 0;
        for (let i = 0; i < window.length; i++) own += missing[window[i]!]!;
        out[at] = effectOfShares(own / window.length, (all - own) / (rows - window.length));
      },
    },
  ];
}
