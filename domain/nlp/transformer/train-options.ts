import { type FieldFault, PerennialError } from '../../../contracts/errors.ts';
import type { Example } from './batches.ts';
import type { DropoutRates } from './dropout.ts';
import type { TransformerShape, TransformerWeights } from './shape.ts';

export interface TrainOptions {
  readonly shape: TransformerShape;
  /**
   * The examples of an epoch, 0, 1, …: several language pairs mixed as they should be, augmented as the epoch likes. The same
   * epoch must give the same examples when training resumes.
   */
  readonly examples: (epoch: number) => readonly Example[] | Promise<readonly Example[]>;
  /** Development set: for early stopping, and to choose the snapshots. */
  readonly dev: readonly Example[];
  /** Weights to go on from (adaptation to a domain); default: seeded ones. */
  readonly start?: TransformerWeights;
  /** Target and likewise source subwords of a batch, padding counted; default 4,096. */
  readonly tokensPerBatch?: number;
  /** Highest learning rate; default 0.002. */
  readonly rate?: number;
  /** Steps until it is reached; default 1,000. */
  readonly warmup?: number;
  /** Default 0.1. */
  readonly labelSmoothing?: number;
  /** Default: 0.1 after embeddings, in residual branches and in feed-forward layers, none on attention weights. */
  readonly dropout?: DropoutRates;
  /** Weight of R-Drop; see `TransformerOptions.consistency`; default 0: none. */
  readonly consistency?: number;
  /** Longest gradient; default: any. */
  readonly clip?: number;
  /** Default 100. */
  readonly epochs?: number;
  /** Most steps; default: any number. */
  readonly steps?: number;
  /** Computing time, that of earlier attempts counted in; default: any. */
  readonly hours?: number;
  /** Steps between two evaluations; default: an epoch. */
  readonly evaluateEvery?: number;
  /** Evaluations in a row without a new best before training stops; default 10. */
  readonly patience?: number;
  /** Best snapshots to average at the end; default 5. */
  readonly average?: number;
  /** Scores the greedy translations of `dev`, higher is better; without it the loss on `dev` decides. */
  readonly devScore?: (translations: readonly Int32Array[]) => number;
  /** Least seconds between two checkpoints; default 180. */
  readonly checkpointSeconds?: number;
  /** Default 1. */
  readonly seed?: number;
}

type Defaulted =
  | 'tokensPerBatch'
  | 'rate'
  | 'warmup'
  | 'labelSmoothing'
  | 'dropout'
  | 'consistency'
  | 'epochs'
  | 'patience'
  | 'average'
  | 'checkpointSeconds'
  | 'seed';
export type TrainSettings = TrainOptions & Required<Pick<TrainOptions, Defaulted>>;

const defaults = {
  tokensPerBatch: 4096,
  rate: 0.002,
  warmup: 1000,
  labelSmoothing: 0.1,
  consistency: 0,
  dropout: { embedding: 0.1, residual: 0.1, feedForward: 0.1 },
  epochs: 100,
  patience: 10,
  average: 5,
  checkpointSeconds: 180,
  seed: 1,
} as const satisfies Partial<TrainOptions>;

const ranges: Partial<Record<keyof TrainOptions, readonly [least: number, most: number]>> = {
  tokensPerBatch: [1, 10_000_000],
  rate: [1e-9, 10],
  warmup: [0, 1e9],
  labelSmoothing: [0, 0.9],
  consistency: [0, 100],
  clip: [1e-9, 1e9],
  epochs: [1, 1e6],
  steps: [1, 1e9],
  hours: [1e-6, 1e5],
  evaluateEvery: [1, 1e9],
  patience: [1, 1e9],
  average: [1, 100],
  checkpointSeconds: [0, 1e9],
};

/** Options with their defaults. Throws PARAMETER_INVALID with every value out of range. */
export function settingsOf(options: TrainOptions): TrainSettings {
  const settings: TrainSettings = { ...defaults, ...options };
  const faults: FieldFault[] = [];
  const check = (field: string, value: unknown, [least, most]: readonly [number, number]) => {
    if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) return;
    faults.push({ field, value, message: `is not from ${least} to ${most}` });
  };
  for (const [field, range] of Object.entries(ranges)) check(field, settings[field as keyof TrainSettings], range);
  for (const [kind, rate] of Object.entries(settings.dropout)) check(`dropout.${kind}`, rate, [0, 0.99]);
  if (faults.length > 0) {
    const words = faults.map(({ field, value, message }) => `${field} ${String(value)} ${message}`).join('; ');
    throw new PerennialError('PARAMETER_INVALID', `Training cannot be done so: ${words}`, {
      remedy: 'Leave the option away to get its default.',
      fields: faults,
    });
  }
  return settings;
}

/** What has to be equal for a checkpoint to be gone on from: all that the weights depend on, but not how long to train. */
export function signatureOf(settings: TrainSettings): string {
  const {
    shape,
    tokensPerBatch,
    rate,
    warmup,
    labelSmoothing,
    dropout,
    consistency,
    clip,
    evaluateEvery,
    average,
    seed,
  } = settings;
  const parts = [
    shape,
    tokensPerBatch,
    rate,
    warmup,
    labelSmoothing,
    dropout,
    consistency,
    clip,
    evaluateEvery,
    average,
    seed,
  ];
  return JSON.stringify([...parts, settings.dev.length, settings.start !== undefined]);
}
