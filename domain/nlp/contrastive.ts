import { Adam } from './adam.ts';
import { breathe } from './breathe.ts';
import type { TrainHooks } from './hooks.ts';
import { hashedNgrams } from './ngrams.ts';
import { packBytes, unpackBytes } from './pack.ts';
import { normals, Random } from './random.ts';
import { type Tensor2D, tf, type Variable } from './tensorflow.ts';

/** Sets of texts that were seen together (baskets): the items of group g stand in `items[start[g] … start[g + 1])`. */
export interface Groups {
  readonly start: Int32Array;
  readonly items: Int32Array;
}

export interface ContrastiveOptions {
  /** Length of a vector; default 48. */
  readonly dimensions?: number;
  /** Hash buckets of the n-grams; default 8192. */
  readonly buckets?: number;
  /** n-grams kept of a text; default 40. */
  readonly ngrams?: number;
  /** Default 6. */
  readonly epochs?: number;
  /** Pairs in a step; default 768. */
  readonly batch?: number;
  /** Most steps of an epoch; default 40. */
  readonly stepsPerEpoch?: number;
  /** Default 0.005. */
  readonly learningRate?: number;
  /** Divides the cosines before the softmax; default 0.1. */
  readonly temperature?: number;
  /** Default 1. */
  readonly seed?: number;
}

const kind = 'contrastive-checkpoint';
const version = 1;

/** Two-part encoder: mean of the hashed n-grams of the text plus a part of the item's own, scaled to length 1. */
function encode(table: Variable, own: Variable, grams: Tensor2D, weight: Tensor2D, items: Int32Array): Tensor2D {
  const index = tf.tensor1d(items, 'int32');
  const ids = tf.gather(grams, index);
  const text = tf.gather(table, ids.reshape([-1]).toInt()).reshape([items.length, grams.shape[1], -1]);
  const mean = tf.sum(tf.mul(text, tf.gather(weight, index).expandDims(2)), 1);
  const sum = tf.add(mean, tf.gather(own, index));
  return tf.div(sum, tf.add(tf.norm(sum, 2, 1, true), 1e-6)) as Tensor2D;
}

/** Draws a pair of different members of one group, groups weighted by their size. */
function drawPair(groups: Groups, places: Int32Array, groupOf: Int32Array, random: Random): [number, number] {
  const place = places[random.below(places.length)] as number;
  const group = groupOf[place] as number;
  const from = groups.start[group] as number;
  const size = (groups.start[group + 1] as number) - from;
  let other = from + random.below(size - 1);
  if (other >= place) other++;
  return [groups.items[place] as number, groups.items[other] as number];
}

/**
 * Learns a vector for every text, so that texts of one group lie close: in-batch softmax over pairs of a group
 * (InfoNCE, van den Oord et al. 2018; symmetric as in CLIP). The n-grams let a text without any group find its place
 * beside texts that read alike. Saves a checkpoint after every epoch and resumes from it to the bit.
 *
 * @returns vectors of length 1, row by row [texts.length × dimensions], and the loss of the last epoch (NaN when no
 * group has two members: then the vectors are those of the untrained n-grams).
 */
export async function trainContrastive(
  texts: readonly string[],
  groups: Groups,
  options: ContrastiveOptions,
  hooks: TrainHooks,
): Promise<{ vectors: Float32Array; dimensions: number; loss: number }> {
  const dimensions = options.dimensions ?? 48;
  const buckets = options.buckets ?? 8192;
  const limit = options.ngrams ?? 40;
  const epochs = options.epochs ?? 6;
  const random = new Random(options.seed ?? 1);
  const gramIds = new Int32Array(texts.length * limit);
  const gramWeight = new Float32Array(texts.length * limit);
  texts.forEach((text, i) => {
    const ids = hashedNgrams(text, buckets, limit);
    ids.forEach((id, k) => {
      gramIds[i * limit + k] = id;
      gramWeight[i * limit + k] = 1 / Math.sqrt(ids.length);
    });
  });
  const grams = tf.tensor2d(gramIds, [texts.length, limit], 'int32');
  const weight = tf.tensor2d(gramWeight, [texts.length, limit]);
  const table = tf.tidy(() =>
    tf.variable(tf.tensor2d(normals(buckets * dimensions, 0.3, random), [buckets, dimensions])),
  );
  const own = tf.tidy(() =>
    tf.variable(tf.tensor2d(normals(texts.length * dimensions, 0.01, random), [texts.length, dimensions])),
  );
  const adam = new Adam([table, own], { decay: 0.02 });
  try {
    const groupOf = new Int32Array(groups.items.length);
    const places: number[] = [];
    for (let g = 0; g + 1 < groups.start.length; g++) {
      const [from, to] = [groups.start[g] as number, groups.start[g + 1] as number];
      groupOf.fill(g, from, to);
      if (to - from > 1) for (let p = from; p < to; p++) places.push(p);
    }
    const loss = await learn(Int32Array.from(places), groupOf);
    return { vectors: await project(), dimensions, loss };
  } finally {
    adam.dispose();
    grams.dispose();
    weight.dispose();
  }

  async function learn(places: Int32Array, groupOf: Int32Array): Promise<number> {
    if (places.length === 0) return Number.NaN;
    const batch = Math.max(2, Math.min(options.batch ?? 768, places.length));
    const steps = Math.max(1, Math.min(options.stepsPerEpoch ?? 40, Math.ceil((places.length * 3) / batch)));
    const signature = JSON.stringify([
      texts.length,
      groups.items.length,
      dimensions,
      buckets,
      limit,
      batch,
      steps,
      epochs,
    ]);
    let epoch = 0;
    let loss = Number.NaN;
    const saved = await hooks.checkpoint.load();
    const found = saved ? unpackBytes(saved, kind, version) : null;
    if (found && found.meta['signature'] === signature) {
      epoch = Number(found.meta['epoch']);
      loss = Number(found.meta['loss']);
      random.state = Number(found.meta['random']);
      adam.load(found.arrays, Number(found.meta['steps']));
    }
    for (; epoch < epochs; epoch++) {
      let sum = 0;
      for (let step = 0; step < steps; step++) {
        const left = new Int32Array(batch);
        const right = new Int32Array(batch);
        for (let i = 0; i < batch; i++) {
          const [a, b] = drawPair(groups, places, groupOf, random);
          left[i] = a;
          right[i] = b;
        }
        const done = (epoch * steps + step) / (epochs * steps);
        const value = adam.minimise(
          () => pairLoss(left, right, options.temperature ?? 0.1),
          (options.learningRate ?? 0.005) * (1 - 0.9 * done),
        );
        sum += (await value.data())[0] as number;
        value.dispose();
        hooks.progress(epoch * steps + step + 1, epochs * steps, 'steps');
        await breathe(hooks.signal);
      }
      loss = sum / steps;
      hooks.metric('vector_loss', loss);
      await hooks.checkpoint.save(
        packBytes({
          kind,
          version,
          meta: { signature, epoch: epoch + 1, loss, random: random.state, steps: adam.steps },
          arrays: await adam.save(),
        }),
      );
    }
    return loss;
  }

  function pairLoss(left: Int32Array, right: Int32Array, temperature: number) {
    const a = encode(table, own, grams, weight, left);
    const b = encode(table, own, grams, weight, right);
    // The same item as another pair's answer is no wrong answer: it is taken out of the softmax.
    const same = new Float32Array(left.length * right.length);
    for (let i = 0; i < left.length; i++) {
      for (let j = 0; j < right.length; j++) {
        if (i !== j && (right[i] === right[j] || left[i] === right[j] || left[i] === left[j])) {
          same[i * right.length + j] = -1e9;
        }
      }
    }
    const logits = tf.add(
      tf.div(tf.matMul(a, b, false, true), temperature),
      tf.tensor2d(same, [left.length, right.length]),
    );
    const hit = tf.sum(tf.mul(a, b), 1).div(temperature);
    const rows = tf.logSumExp(logits, 1).sub(hit);
    const columns = tf.logSumExp(logits, 0).sub(hit);
    return tf.mean(tf.add(rows, columns)).div(2);
  }

  async function project(): Promise<Float32Array> {
    const out = new Float32Array(texts.length * dimensions);
    const chunk = 2048;
    for (let from = 0; from < texts.length; from += chunk) {
      const items = Int32Array.from({ length: Math.min(chunk, texts.length - from) }, (_, i) => from + i);
      const rows = tf.tidy(() => encode(table, own, grams, weight, items));
      out.set(await rows.data(), from * dimensions);
      rows.dispose();
      await breathe(hooks.signal);
    }
    return out;
  }
}
