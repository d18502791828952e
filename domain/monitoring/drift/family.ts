import type { Pace } from '../../nlp/pace.ts';
import type { Random } from '../../nlp/random.ts';
import { classifierEvaluator, foldsOf } from './classifier.ts';
import { categoryEvaluators, missingEvaluators, numericEvaluators } from './column-evaluators.ts';
import type { Evaluator } from './evaluator.ts';
import type { Exchange } from './exchange.ts';
import { embeddingFeatures, tabularFeatures } from './features.ts';
import type { Pool } from './pool.ts';

/** All that a pool is compared by: every column on its own, and those that are no embeddings together. */
export function evaluatorsOf(pool: Pool, random: Random): Evaluator[] {
  const units = pool.units.start.length - 1;
  const share = (units - pool.referenceUnits) / units;
  const fold = foldsOf(pool, random);
  const own = Object.entries(pool.columns).flatMap(([name, column]): Evaluator[] => {
    const missing = missingEvaluators(name, column, pool.rows);
    if (column.type === 'numeric') return [...numericEvaluators(name, column), ...missing];
    if (column.type === 'category') return [...categoryEvaluators(name, column, share), ...missing];
    return [classifierEvaluator(name, embeddingFeatures(column, pool.rows, random), fold), ...missing];
  });
  const tabular = Object.values(pool.columns).filter(({ type }) => type !== 'embedding');
  // One column alone is told by its own statistics.
  if (tabular.length > 1) own.push(classifierEvaluator(null, tabularFeatures(tabular, pool.rows, share), fold));
  return own;
}

/** The values of all statistics, in the order of the evaluators, for every choice: row-major [statistics × choices]. */
export async function valuesOf(
  evaluators: readonly Evaluator[],
  exchange: Exchange,
  pace: Pace,
): Promise<Float64Array> {
  const statistics = evaluators.reduce((sum, evaluator) => sum + evaluator.statistics.length, 0);
  const values = new Float64Array(statistics * exchange.count);
  const out = new Float64Array(statistics);
  for (let choice = 0; choice < exchange.count; choice++) {
    const assignment = exchange.assign(choice);
    let at = 0;
    for (const evaluator of evaluators) {
      evaluator.evaluate(assignment, out, at);
      at += evaluator.statistics.length;
    }
    for (let s = 0; s < statistics; s++) values[s * exchange.count + choice] = out[s]!;
    if (pace.due) await pace.rest();
  }
  return values;
}
