import { type Tensor, type Tensor2D, tf } from '../../../../domain/nlp/index.ts';
import type { Batch } from '../../../../domain/nlp/transformer/batches.ts';
import type { TransformerShape } from '../../../../domain/nlp/transformer/shape.ts';

/** The transformer by ordinary ops of TensorFlow.js, as plainly as can be: what the native one is measured by. */
export type Weights = (name: string) => Tensor;

export function plainNorm(w: Weights, name: string, x: Tensor): Tensor {
  const mean = x.mean(-1, true);
  const centred = x.sub(mean);
  const variance = centred.square().mean(-1, true);
  return centred
    .div(variance.add(1e-5).sqrt())
    .mul(w(`${name}.scale`))
    .add(w(`${name}.bias`));
}

export const plainLinear = (w: Weights, name: string, x: Tensor): Tensor =>
  tf.matMul(x as Tensor2D, w(`${name}.weight`) as Tensor2D).add(w(`${name}.bias`));

export function plainFeedForward(w: Weights, name: string, x: Tensor): Tensor {
  const hidden = plainLinear(w, `${name}.inner`, plainNorm(w, `${name}.norm`, x)).relu();
  return x.add(plainLinear(w, `${name}.outer`, hidden));
}

function plainAttend(q: Tensor, k: Tensor, v: Tensor, batch: number, heads: number, mask: Tensor | undefined): Tensor {
  const D = q.shape[1] as number;
  const split = (x: Tensor) => x.reshape([batch, -1, heads, D / heads]).transpose([0, 2, 1, 3]);
  const scores = tf.matMul(split(q), split(k), false, true).div(Math.sqrt(D / heads));
  const weights = tf.softmax(mask ? scores.add(mask) : scores);
  return tf.matMul(weights, split(v)).transpose([0, 2, 1, 3]).reshape([-1, D]);
}

export function plainSelfAttention(
  w: Weights,
  name: string,
  x: Tensor,
  { batch, heads, mask }: { batch: number; heads: number; mask?: Tensor | undefined },
): Tensor {
  const qkv = plainLinear(w, `${name}.qkv`, plainNorm(w, `${name}.norm`, x));
  const [q, k, v] = tf.split(qkv, 3, 1) as [Tensor, Tensor, Tensor];
  return x.add(plainLinear(w, `${name}.output`, plainAttend(q, k, v, batch, heads, mask)));
}

export function plainCrossAttention(
  w: Weights,
  name: string,
  x: Tensor,
  memory: Tensor,
  { batch, heads, mask }: { batch: number; heads: number; mask?: Tensor | undefined },
): Tensor {
  const q = plainLinear(w, `${name}.query`, plainNorm(w, `${name}.norm`, x));
  const [k, v] = tf.split(plainLinear(w, `${name}.keyValue`, memory), 2, 1) as [Tensor, Tensor];
  return x.add(plainLinear(w, `${name}.output`, plainAttend(q, k, v, batch, heads, mask)));
}

/** sin(p / 10000^(2j/D)) in the first half of the columns, cos in the second. */
export function plainPositions(length: number, D: number): Tensor {
  const rows = Array.from({ length }, (_, p) => {
    const angles = Array.from({ length: D / 2 }, (_, j) => p / 10_000 ** ((2 * j) / D));
    return [...angles.map(Math.sin), ...angles.map(Math.cos)];
  });
  return tf.tensor2d(rows);
}

function plainEmbed(w: Weights, ids: Int32Array, length: number, factors?: Int32Array): Tensor {
  const E = w('embedding');
  const D = E.shape[1] as number;
  const found = tf.gather(E, tf.tensor1d(ids, 'int32')).mul(Math.sqrt(D));
  const all = factors ? found.add(tf.gather(w('factorEmbedding'), tf.tensor1d(factors, 'int32'))) : found;
  return all.reshape([-1, length, D]).add(plainPositions(length, D)).reshape([-1, D]);
}

/** Label-smoothed cross-entropy by one-hot labels, mean over those that are not 0. */
export function plainCrossEntropy(logits: Tensor, labels: Int32Array, smoothing: number): Tensor {
  const V = logits.shape[1] as number;
  const wanted = tf
    .oneHot(tf.tensor1d(labels, 'int32'), V)
    .toFloat()
    .mul(1 - smoothing)
    .add(smoothing / V);
  const each = tf.logSoftmax(logits).mul(wanted).sum(-1).neg();
  const counts = tf.tensor1d(Float32Array.from(labels, (l) => (l === 0 ? 0 : 1)));
  return each.mul(counts).sum().div(counts.sum());
}

export function plainLoss(shape: TransformerShape, w: Weights, batch: Batch, smoothing: number): Tensor {
  const { source, targetLength } = batch;
  const { heads } = shape;
  const keys = Float32Array.from(source.ids, (id) => (id === 0 ? -1e9 : 0));
  const mask = tf.tensor(keys, [source.rows, 1, 1, source.length]);
  let x = plainEmbed(w, source.ids, source.length, source.factors);
  for (let i = 0; i < shape.encoderLayers; i++) {
    x = plainSelfAttention(w, `encoder.${i}.attention`, x, { batch: source.rows, heads, mask });
    x = plainFeedForward(w, `encoder.${i}.feedForward`, x);
  }
  const memory = plainNorm(w, 'encoder.norm', x);
  const causal = tf.tensor2d(
    Array.from({ length: targetLength }, (_, i) => Array.from({ length: targetLength }, (_, j) => (j > i ? -1e9 : 0))),
  );
  let y = plainEmbed(w, batch.input, targetLength);
  for (let i = 0; i < shape.decoderLayers; i++) {
    y = plainSelfAttention(w, `decoder.${i}.selfAttention`, y, { batch: source.rows, heads, mask: causal });
    y = plainCrossAttention(w, `decoder.${i}.crossAttention`, y, memory, { batch: source.rows, heads, mask });
    y = plainFeedForward(w, `decoder.${i}.feedForward`, y);
  }
  const logits = tf.matMul(plainNorm(w, 'decoder.norm', y) as Tensor2D, w('embedding') as Tensor2D, false, true);
  return plainCrossEntropy(logits, batch.labels, smoothing);
}
