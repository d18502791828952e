import { PerennialError } from '../../../contracts/errors.ts';
import { outOfRange } from '../../boosting/faults.ts';
import { Pace } from '../../nlp/pace.ts';
import { Random } from '../../nlp/random.ts';
import { checkFrame, type Frame, type ReferenceProfile, sampleUnits } from '../reference/index.ts';
import type { StatisticName } from './evaluator.ts';
import { exchangeOf } from './exchange.ts';
import { evaluatorsOf, valuesOf } from './family.ts';
import { defaultFloors } from './floors.ts';
import { judge } from './judge.ts';
import { poolWith } from './pool.ts';
import type { DriftReport } from './report.ts';

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

/** Units that a reference needs for a chance as small as `level`. */
export function neededUnits(level: number): number {
  return Math.ceil(1 / level) - 1;
}

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
      `cannot be reached by ${exchange.count} choices of the window's rows: the reference needs ${neededUnits(level)} units or more, and \`permutations\` as many`,
    );
  const pace = new Pace(options.signal ?? new AbortController().signal);
  const values = await valuesOf(evaluators, exchange, pace);
  const floors = { ...defaultFloors, ...options.floors };
  const columns = judge(pool, evaluators, values, exchange.count, { level, floors });
  return {
    alarm: columns.some(({ alarm }) => alarm),
    level,
    choices: exchange.count,
    referenceRows: pool.referenceRows,
    windowRows: pool.rows - pool.referenceRows,
    columns,
    notCompared: pool.notCompared,
  };
}
