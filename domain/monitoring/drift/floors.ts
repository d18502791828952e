import type { StatisticName } from './evaluator.ts';

/**
 * Effects below these raise no alarm however many rows show them: what Cohen 1988 calls a small effect. d = 0.2 between two
 * normal distributions is a KS distance of 2 Φ(0.1) − 1 = 0.08 and an area under the curve of Φ(0.2 / √2) = 0.556; w = 0.1
 * for χ²; h = 0.2 for shares. For PSI and the Jensen–Shannon distance, 0.1, as scorecards (Siddiqi 2006) and Evidently have it.
 */
export const defaultFloors: Readonly<Record<StatisticName, number>> = {
  ks: 0.08,
  psi: 0.1,
  'jensen-shannon': 0.1,
  'chi-squared': 0.1,
  missing: 0.2,
  classifier: 0.556,
};
