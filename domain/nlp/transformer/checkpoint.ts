import type { JsonObject } from '../../../contracts/json.ts';
import { packBytes, unpackBytes } from '../pack.ts';
import type { TransformerWeights } from './shape.ts';
import type { TransformerState } from './transformer.ts';

/** What was found on the development set after a number of steps. */
export interface Evaluation {
  readonly step: number;
  /** Whole epochs done before. */
  readonly epoch: number;
  /** Smoothed loss with dropout since the evaluation before, nats a token; null without a step since. */
  readonly trainLoss: number | null;
  /** Loss without both, nats a token. */
  readonly devLoss: number;
  /** What `devScore` said of the translations; null without it. */
  readonly score: number | null;
  /** Computing time so far. */
  readonly seconds: number;
}

/** Weights that were among the best, and the value that they are ordered by (lower is better). */
export interface Snapshot {
  readonly value: number;
  readonly step: number;
  readonly weights: TransformerWeights;
}

/** How far training has come. */
export interface Position {
  readonly epoch: number;
  /** Batches done of the epoch. */
  readonly batch: number;
  /** Since the last evaluation: Σ loss · tokens, and Σ tokens. */
  readonly lossSum: number;
  readonly lossTokens: number;
  /** Evaluations since the best. */
  readonly sinceBest: number;
  readonly seconds: number;
}

export interface Checkpoint {
  readonly signature: string;
  readonly position: Position;
  readonly history: readonly Evaluation[];
  readonly snapshots: readonly Snapshot[];
  readonly state: TransformerState;
}

const kind = 'transformer-checkpoint';
const version = 1;

/** The whole state of a training as bytes. */
export function packCheckpoint({ signature, position, history, snapshots, state }: Checkpoint): Uint8Array {
  const arrays: Record<string, Float32Array> = {};
  const put = (prefix: string, group: Readonly<Record<string, Float32Array>>) => {
    for (const [name, values] of Object.entries(group)) arrays[`${prefix}/${name}`] = values;
  };
  put('weights', state.weights);
  put('first', state.adam.first);
  put('second', state.adam.second);
  for (const [i, { weights }] of snapshots.entries()) put(`snapshot${i}`, weights);
  const meta = {
    signature,
    position,
    history,
    snapshots: snapshots.map(({ value, step }) => ({ value, step })),
    steps: state.adam.steps,
  };
  return packBytes({ kind, version, meta: meta as unknown as JsonObject, arrays });
}

/** Reads {@link packCheckpoint}. Throws MODEL_FORMAT for other bytes. */
export function unpackCheckpoint(bytes: Uint8Array): Checkpoint {
  const { meta, arrays } = unpackBytes(bytes, kind, version);
  const head = meta as unknown as Omit<Checkpoint, 'snapshots' | 'state'> & {
    readonly snapshots: readonly { value: number; step: number }[];
    readonly steps: number;
  };
  const groups: Record<string, Record<string, Float32Array>> = {};
  for (const [key, values] of Object.entries(arrays)) {
    const slash = key.indexOf('/');
    const group = key.slice(0, slash);
    groups[group] ??= {};
    groups[group][key.slice(slash + 1)] = values;
  }
  const group = (name: string) => groups[name] ?? {};
  return {
    signature: head.signature,
    position: head.position,
    history: head.history,
    snapshots: head.snapshots.map((snapshot, i) => ({ ...snapshot, weights: group(`snapshot${i}`) })),
    state: {
      weights: group('weights'),
      adam: { first: group('first'), second: group('second'), steps: head.steps },
    },
  };
}
