import { calibrate, type Scale } from './calibrate.ts';
import type { Evaluator, StatisticName } from './evaluator.ts';
import type { Pool } from './pool.ts';
import type { ColumnDrift, DriftTest } from './report.ts';
import { effectOfChiSquared } from './statistics.ts';
import { textOf } from './words.ts';

const same = (value: number): number => value;
const cubeRoot: Scale = { to: Math.cbrt, from: (scaled) => scaled ** 3 };
/** Of squares of the value, which are like χ². */
const squareCubeRoot: Scale = { to: (value) => Math.cbrt(value * value), from: (scaled) => Math.max(0, scaled) ** 1.5 };
/** The cube root of what is like χ² is about normal (Wilson and Hilferty 1931); that of a KS distance has a tail like it. */
const scales: Readonly<Record<StatisticName, Scale>> = {
  ks: cubeRoot,
  psi: cubeRoot,
  'jensen-shannon': squareCubeRoot,
  'chi-squared': cubeRoot,
  missing: squareCubeRoot,
  classifier: { to: same, from: same },
};

export interface Terms {
  readonly level: number;
  readonly floors: Readonly<Record<StatisticName, number>>;
}

/**
 * What the values of all statistics say of each column.
 *
 * @param values row-major [statistics × choices]; choice 0 is that observed.
 */
export function judge(
  pool: Pool,
  evaluators: readonly Evaluator[],
  values: Float64Array,
  choices: number,
  { level, floors }: Terms,
): ColumnDrift[] {
  const family = evaluators.flatMap(({ column, statistics }) => statistics.map((statistic) => ({ column, statistic })));
  const own = family.map(({ statistic }) => scales[statistic]);
  const { p, adjusted, threshold } = calibrate(values, own, choices, level);
  const rows = pool.rows - pool.referenceRows;
  const tests = new Map<string | null, DriftTest[]>();
  family.forEach(({ column, statistic }, s) => {
    const value = values[s * choices]!;
    const effect = statistic === 'chi-squared' ? effectOfChiSquared(value, rows, pool.rows) : value;
    const [floor, adjustedP] = [floors[statistic], adjusted[s]!];
    const alarm = adjustedP <= level + 1e-9 && effect >= floor;
    const test = { statistic, value, effect, floor, threshold: threshold[s]!, p: p[s]!, adjustedP, alarm };
    tests.set(column, [...(tests.get(column) ?? []), test]);
  });
  return [...tests].map(([column, found]) => ({
    column,
    alarm: found.some(({ alarm }) => alarm),
    tests: found,
    text: textOf(column, found, pool),
  }));
}
