import { PerennialError } from '../../../contracts/errors.ts';
import { outOfRange } from '../../boosting/faults.ts';
import { Pace } from '../../nlp/pace.ts';
import { Random } from '../../nlp/random.ts';
import { checkFrame, type Frame, type ReferenceProfile, sampleUnits } from '../reference/index.ts';
import { calibrate, type Scale } from './calibrate.ts';
import { classifierEvaluator, foldsOf } from './classifier.ts';
import { categoryEvaluators, missingEvaluators, numericEvaluators } from './column-evaluators.ts';
import type { Evaluator, StatisticName } from './evaluator.ts';
import { exchangeOf } from './exchange.ts';
import { embeddingFeatures, tabularFeatures } from './features.ts';
import { defaultFloors } from './floors.ts';
import { type Pool, poolWith } from './pool.ts';
import type { ColumnDrift, DriftReport, DriftTest } from './report.ts';
import { effectOfChiSquared } from './statistics.ts';
import { textOf } from './words.ts';

export interface DriftOptions {
  /** Chance of an alarm of a window, by any of its columns and statistics, when nothing has changed; default 0.05. */
  readonly level?: number;
  /** Choices of rows beside that observed; default 199: a test at 5 % loses little power by fewer than all (Jöckel 1986). */
  readonly permutations?: number;
  /** Least effect by statistic; default {@link defaultFloors}. */
  readonly floors?: Partial<Readonly<Record<StatisticName, number>>>;
  /** Rows of the window that are looked at, drawn by whole units; default 10,000. */
  readonly windowRows?: number;
  /** Of permutations, folds and samples; default 1. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

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

/**
 * Compares a window of rows with the training data: each column by KS, PSI, Jensen–Shannon and χ² and its share of missing
 * values, each embedding and all other columns together by a classifier. An alarm needs an effect of at least its floor and a
 * p-value, corrected for all statistics of the window, of at most `level`. So the chance that a window without change raises
 * any alarm is at most `level`, if the rows (or units, see {@link Frame.units}) of the reference and the window could have
 * been exchanged.
 *
 * @throws DATA_MISSING without rows or a common column; PARAMETER_INVALID for a level that so few choices cannot reach, or
 *   columns of different lengths; CANCELLED after an abort.
 */
export async function detectDrift(
  profile: ReferenceProfile,
  window: Frame,
  options: DriftOptions = {},
): Promise<DriftReport> {
  const { level = 0.05, permutations = 199, windowRows = 10_000, seed = 1 } = options;
  if (!(level > 0 && level < 1)) throw outOfRange('level', level, 'is not between 0 and 1');
  checkFrame(window, 'window');
  const random = new Random(seed);
  const pool = poolWith(profile, sampleUnits(window, windowRows, random));
  const evaluators = evaluatorsOf(pool, random);
  if (evaluators.length === 0)
    throw new PerennialError('DATA_MISSING', 'The window and the reference have no column in common', {
      remedy: 'Give the window under the names and types of the columns of the training data.',
    });
  const exchange = exchangeOf(pool, permutations, random);
  if (exchange.count * level < 1)
    throw outOfRange(
      'level',
      level,
      `cannot be reached by ${exchange.count} choices of the window's rows: the reference needs ${Math.ceil(1 / level) - 1} units or more, and \`permutations\` as many`,
    );
  const statistics = evaluators.flatMap((evaluator) => evaluator.statistics);
  const values = new Float64Array(statistics.length * exchange.count);
  const out = new Float64Array(statistics.length);
  const pace = new Pace(options.signal ?? new AbortController().signal);
  for (let c = 0; c < exchange.count; c++) {
    const assignment = exchange.assign(c);
    let at = 0;
    for (const evaluator of evaluators) {
      evaluator.evaluate(assignment, out, at);
      at += evaluator.statistics.length;
    }
    for (let s = 0; s < out.length; s++) values[s * exchange.count + c] = out[s]!;
    if (pace.due) await pace.rest();
  }
  const calibration = calibrate(
    values,
    statistics.map((statistic) => scales[statistic]),
    exchange.count,
    level,
  );
  const floors = { ...defaultFloors, ...options.floors };
  const rows = pool.rows - pool.referenceRows;
  const tests = new Map<string | null, DriftTest[]>();
  evaluators
    .flatMap(({ column, statistics: own }) => own.map((statistic) => ({ column, statistic })))
    .forEach(({ column, statistic }, s) => {
      const value = values[s * exchange.count]!;
      const effect = statistic === 'chi-squared' ? effectOfChiSquared(value, rows, pool.rows) : value;
      const [floor, adjustedP] = [floors[statistic], calibration.adjusted[s]!];
      tests.set(column, [
        ...(tests.get(column) ?? []),
        {
          statistic,
          value,
          effect,
          floor,
          threshold: calibration.threshold[s]!,
          p: calibration.p[s]!,
          adjustedP,
          alarm: adjustedP <= level + 1e-9 && effect >= floor,
        },
      ]);
    });
  const columns = [...tests].map(([column, own]): ColumnDrift => {
    const alarm = own.some((test) => test.alarm);
    return { column, alarm, tests: own, text: textOf(column, own, pool) };
  });
  return {
    alarm: columns.some(({ alarm }) => alarm),
    level,
    choices: exchange.count,
    referenceRows: pool.referenceRows,
    windowRows: rows,
    columns,
    notCompared: pool.notCompared,
  };
}

function evaluatorsOf(pool: Pool, random: Random): Evaluator[] {
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
