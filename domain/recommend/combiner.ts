import {
  Adam,
  breathe,
  normals,
  Random,
  type Tensor,
  type Tensor2D,
  type TrainHooks,
  tf,
  type Variable,
} from '../nlp/index.ts';

/** Lists of candidates to learn from: list l holds the rows `start[l] … start[l + 1]`. */
export interface RankingLists {
  readonly start: Int32Array;
  /** Row by row [rows × width]. */
  readonly features: Float32Array;
  /** 1 where the customer bought the product, else 0. */
  readonly label: Uint8Array;
}

/** A small network that scores rows of features; plain arrays, so that it can be stored. */
export interface Combiner {
  readonly width: number;
  readonly hidden: readonly [number, number];
  readonly mean: Float32Array;
  readonly scale: Float32Array;
  /** Weights: first, its bias, second, its bias, last, and the direct linear part. */
  readonly weights: readonly Float32Array[];
}

export interface CombinerOptions {
  /** Passes over the lists; default 4. */
  readonly epochs?: number;
  /** Lists in a step; default 64. */
  readonly batch?: number;
  /** Default 0.003, falling to a tenth. */
  readonly learningRate?: number;
  /** Units of the two hidden layers; default 64 and 32. */
  readonly hidden?: readonly [number, number];
  /** Rows of a list seen in a step; longer lists keep their positives and a new sample of the others; default 192. */
  readonly rows?: number;
  /** Weight decay (decoupled); default 0.01. */
  readonly decay?: number;
  /** Share of the inputs set to their mean by chance in a step; default 0. */
  readonly dropout?: number;
  readonly seed: number;
}

const limit = 4;

function network(rows: Tensor2D, weights: readonly Tensor[]): Tensor2D {
  const [w1, b1, w2, b2, w3, direct] = weights as readonly Tensor2D[];
  const first = tf.relu(tf.add(tf.matMul(rows, w1!), b1!)) as Tensor2D;
  const second = tf.relu(tf.add(tf.matMul(first, w2!), b2!)) as Tensor2D;
  return tf.add(tf.matMul(second, w3!), tf.matMul(rows, direct!)) as Tensor2D;
}

function shapes(width: number, [a, b]: readonly [number, number]): [number, number][] {
  return [
    [width, a],
    [1, a],
    [a, b],
    [1, b],
    [b, 1],
    [width, 1],
  ];
}

function standardise(
  features: Float32Array,
  mean: Float32Array,
  scale: Float32Array,
  out: Float32Array,
  to: number,
): void {
  const width = mean.length;
  for (let i = 0; i < features.length; i++) {
    const f = i % width;
    const z = (features[i]! - mean[f]!) * scale[f]!;
    out[to + i] = Math.min(limit, Math.max(-limit, z));
  }
}

const defaults = { epochs: 4, batch: 64 } as const;

/** Steps that {@link trainCombiner} takes. */
export function combinerSteps(
  { start }: RankingLists,
  { epochs = defaults.epochs, batch = defaults.batch }: Pick<CombinerOptions, 'epochs' | 'batch'>,
): number {
  return epochs * Math.ceil((start.length - 1) / batch);
}

/**
 * Learns to rank by a listwise softmax loss (ListNet, Cao et al. 2007): the softmax over a list's scores against the
 * uniform distribution over what was bought. Every list counts the same.
 *
 * Throws CANCELLED when `hooks.signal` fires. `report` gets the steps done and the loss of the last.
 */
export async function trainCombiner(
  lists: RankingLists,
  width: number,
  options: CombinerOptions,
  hooks: Pick<TrainHooks, 'signal'>,
  report: (done: number, loss: number) => void,
): Promise<Combiner> {
  const random = new Random(options.seed);
  const hidden = options.hidden ?? [64, 32];
  const epochs = options.epochs ?? defaults.epochs;
  const batch = options.batch ?? defaults.batch;
  const length = options.rows ?? 192;
  const dropout = options.dropout ?? 0;
  const { mean, scale } = moments(lists.features, width);
  const count = lists.start.length - 1;
  const variables = shapes(width, hidden).map(([rows, columns], i) => {
    const bias = rows === 1 || i === 5;
    const values = bias ? new Float32Array(rows * columns) : normals(rows * columns, Math.sqrt(2 / rows), random);
    return tf.tidy(() => tf.variable(tf.tensor2d(values, [rows, columns])) as Variable);
  });
  const adam = new Adam(variables, { decay: options.decay ?? 0.01 });
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const steps = Math.ceil(count / batch);
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      random.shuffle(order);
      for (let step = 0; step < steps; step++) {
        const part = order.subarray(step * batch, Math.min(count, (step + 1) * batch));
        const { x, target, mask } = fill(part);
        const rate = (options.learningRate ?? 0.003) * (1 - (0.9 * (epoch * steps + step)) / (epochs * steps));
        const loss = adam.minimise(() => {
          const rows = tf.tensor2d(x, [part.length * length, width]);
          const scores = network(rows, variables)
            .reshape([part.length, length])
            .add(tf.tensor2d(mask, [part.length, length]));
          const wanted = tf.tensor2d(target, [part.length, length]);
          return tf.mean(tf.sub(tf.logSumExp(scores, 1), tf.sum(tf.mul(scores, wanted), 1)));
        }, rate);
        const value = (await loss.data())[0]!;
        loss.dispose();
        report(epoch * steps + step + 1, value);
        await breathe(hooks.signal);
      }
    }
    const weights = await Promise.all(variables.map(async (v) => (await v.data()) as Float32Array));
    return { width, hidden, mean, scale, weights };
  } finally {
    adam.dispose();
  }

  /** Padded batch: standardised rows, target shares, and −1e9 where a row is padding. */
  function fill(part: Int32Array) {
    const x = new Float32Array(part.length * length * width);
    const target = new Float32Array(part.length * length);
    const mask = new Float32Array(part.length * length).fill(-1e9);
    part.forEach((list, b) => {
      const [from, to] = [lists.start[list]!, lists.start[list + 1]!];
      const rows = Int32Array.from({ length: to - from }, (_, i) => from + i);
      if (rows.length > length) {
        random.shuffle(rows);
        rows.sort((p, q) => lists.label[q]! - lists.label[p]!);
      }
      const used = rows.subarray(0, length);
      const positives = used.reduce((sum, r) => sum + lists.label[r]!, 0);
      used.forEach((r, i) => {
        const at = b * length + i;
        standardise(lists.features.subarray(r * width, (r + 1) * width), mean, scale, x, at * width);
        target[at] = lists.label[r]! / positives;
        mask[at] = 0;
      });
    });
    for (let i = 0; dropout > 0 && i < x.length; i++) if (random.next() < dropout) x[i] = 0;
    return { x, target, mask };
  }
}

function moments(features: Float32Array, width: number): { mean: Float32Array; scale: Float32Array } {
  const rows = features.length / width;
  const [sum, squares] = [new Float64Array(width), new Float64Array(width)];
  for (let i = 0; i < features.length; i++) {
    const [f, value] = [i % width, features[i]!];
    sum[f]! += value;
    squares[f]! += value * value;
  }
  const mean = Float32Array.from(sum, (s) => s / rows);
  const scale = Float32Array.from(squares, (s, f) => 1 / Math.sqrt(Math.max(1e-6, s / rows - mean[f]! ** 2)));
  return { mean, scale };
}

/** A combiner ready to score; dispose it after use. */
export class Scorer {
  readonly #combiner: Combiner;
  readonly #weights: readonly Tensor2D[];

  constructor(combiner: Combiner) {
    this.#combiner = combiner;
    this.#weights = shapes(combiner.width, combiner.hidden).map((shape, i) => tf.tensor2d(combiner.weights[i]!, shape));
  }

  /** Scores of rows of raw features. */
  score(features: Float32Array): Float32Array {
    const { width, mean, scale } = this.#combiner;
    if (features.length === 0) return new Float32Array(0);
    const x = new Float32Array(features.length);
    standardise(features, mean, scale, x, 0);
    const scores = tf.tidy(() => network(tf.tensor2d(x, [x.length / width, width]), this.#weights));
    const out = scores.dataSync() as Float32Array;
    scores.dispose();
    return out;
  }

  dispose(): void {
    for (const weight of this.#weights) weight.dispose();
  }
}
