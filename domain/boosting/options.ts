import { type FieldFault, PerennialError } from '../../contracts/errors.ts';

/** Settings of {@link trainBooster}; the names are LightGBM's where it has them. */
export interface BoostingOptions {
  /** Trees; default 300. */
  readonly rounds?: number;
  /** What a tree adds is multiplied by it; default 0.05. */
  readonly learningRate?: number;
  /** Most leaves of a tree; default 31. */
  readonly leaves?: number;
  /** Fewest training rows of a leaf; default 50. */
  readonly minLeaf?: number;
  /** Least sum of second derivatives of a leaf; default 0.001. */
  readonly minHessian?: number;
  /** Pulls the values of leaves to 0 (lambda); default 5. */
  readonly l2?: number;
  /** A split must gain more than this; default 0. */
  readonly minGain?: number;
  /** Share of the features a tree may use, drawn by chance; default 0.5. */
  readonly featureFraction?: number;
  /** Share of the rows (of whole lists, when ranking) a tree is grown on, drawn anew for each; default 0.7. */
  readonly baggingFraction?: number;
  /** Most bins of a feature, from 2 to 255, one for missing values not counted; default 255 with it. */
  readonly bins?: number;
  /** Trees between two checkpoints; default 25. */
  readonly checkpointEvery?: number;
  /** The same seed, data and options give the same bytes. */
  readonly seed: number;
}

export type Settings = Required<BoostingOptions>;

const defaults = {
  rounds: 300,
  learningRate: 0.05,
  leaves: 31,
  minLeaf: 50,
  minHessian: 1e-3,
  l2: 5,
  minGain: 0,
  featureFraction: 0.5,
  baggingFraction: 0.7,
  bins: 255,
  checkpointEvery: 25,
} as const satisfies Omit<Settings, 'seed'>;

interface Range {
  readonly from: number;
  readonly to: number;
  readonly whole?: true;
  /** `from` itself is not allowed. */
  readonly above?: true;
}

const ranges: Readonly<Record<keyof Settings, Range>> = {
  rounds: { from: 1, to: 100_000, whole: true },
  learningRate: { from: 0, to: 1, above: true },
  leaves: { from: 2, to: 4096, whole: true },
  minLeaf: { from: 1, to: 1e9, whole: true },
  minHessian: { from: 0, to: 1e9 },
  l2: { from: 0, to: 1e9 },
  minGain: { from: 0, to: 1e9 },
  featureFraction: { from: 0, to: 1, above: true },
  baggingFraction: { from: 0, to: 1, above: true },
  bins: { from: 2, to: 255, whole: true },
  checkpointEvery: { from: 1, to: 1e9, whole: true },
  seed: { from: 0, to: 2 ** 53 - 1, whole: true },
};

/** Nodes are counted in float32 where they are stored. */
const storable = 2 ** 24;

/**
 * The options with their defaults.
 *
 * @throws PARAMETER_INVALID naming every option that is out of its range, its value and the range.
 */
export function settingsOf(options: BoostingOptions): Settings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const settings = { ...defaults, ...Object.fromEntries(given) } as Settings;
  const fields: FieldFault[] = [];
  for (const [field, range] of Object.entries(ranges) as [keyof Settings, Range][]) {
    const value = settings[field];
    const low = range.above ? value > range.from : value >= range.from;
    if (low && value <= range.to && (!range.whole || Number.isInteger(value))) continue;
    const kind = range.whole ? 'a whole number' : 'a number';
    const least = range.above ? `above ${range.from}, at most` : `from ${range.from} to`;
    fields.push({ field, value, message: `is not ${kind} ${least} ${range.to}` });
  }
  const { rounds, leaves } = settings;
  if (fields.length === 0 && rounds * leaves > storable) {
    fields.push({ field: 'rounds', value: rounds, message: `times leaves=${leaves} is more than ${storable}` });
  }
  if (fields.length === 0) return settings;
  throw new PerennialError(
    'PARAMETER_INVALID',
    fields.map(({ field, value, message }) => `${field}: ${value} ${message}`).join('; '),
    { fields, remedy: 'Give each option a value within its range, or leave it out for the default.' },
  );
}
