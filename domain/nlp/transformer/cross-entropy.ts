import { padId } from './batches.ts';
import type { Scatter } from './embedding.ts';
import { floats, integers, type NativeTensor, release, scalar } from './native.ts';
import {
  add,
  concat,
  divide,
  exp,
  gather,
  log,
  matMul,
  maxLast,
  multiply,
  reshape,
  rows,
  subtract,
  sumLast,
  sumRows,
} from './operations.ts';

export interface Labels {
  /** [rows]; rows with {@link padId} count nothing. */
  readonly ids: Int32Array;
  /** How many are no padding. */
  readonly tokens: number;
  /** Label smoothing: share of the probability spread over the whole vocabulary (Szegedy et al. 2016). */
  readonly smoothing: number;
}

export interface CrossEntropy {
  /** Mean over the labels that are no padding, nats: one value. */
  readonly loss: NativeTensor;
  /** The gradients: of y [rows, D]; of the embedding, a dense part [V, D] and rows of the labels. */
  readonly gradient: { readonly y: NativeTensor; readonly embedding: NativeTensor; readonly labels: Scatter };
}

/** Values of a chunk's logits, 5 MB: about the cache of a core; the sums of gradients of smaller chunks would cost more. */
const chunkValues = 1_280_000;

/**
 * Cross-entropy of softmax(y · embeddingᵀ), and its gradient at once, for y [rows, D] and the embedding [V, D]. Neither the
 * logits of the whole batch nor one-hot labels are made: rows go in chunks, whose unnormalised probabilities u = exp(l − max)
 * give both gradients, u · E / Σu and uᵀ · y / Σu; what labels and smoothing take away from them is a row for each.
 */
export function crossEntropy(y: NativeTensor, embedding: NativeTensor, labels: Labels): CrossEntropy {
  const share = Float32Array.from(labels.ids, (id) => (id === padId ? 0 : 1 / labels.tokens));
  const logSums: NativeTensor[] = [];
  const gradients: NativeTensor[] = [];
  let ofEmbedding: NativeTensor | undefined;
  for (const [from, count] of chunks(y, embedding)) {
    const chunk = rows(y, from, count);
    const { logSum, u, sum } = softmaxParts(chunk, embedding);
    const weight = divide(floats(share.subarray(from, from + count), [count, 1]), sum);
    const product = matMul(u, embedding);
    const weighted = multiply(chunk, weight);
    const more = matMul(u, weighted, { first: true });
    logSums.push(logSum);
    gradients.push(multiply(product, weight));
    const before = ofEmbedding;
    ofEmbedding = before ? add(before, more) : more;
    if (before) release(before, more);
    release(chunk, u, sum, weight, product, weighted);
  }
  const whole = concat(gradients, 0);
  const shares = floats(share, [share.length, 1]);
  const { loss, expected } = lossOf(y, embedding, labels, concat(logSums, 0), shares);
  const taken = multiply(expected, shares);
  const byShare = multiply(y, shares);
  const smoothed = multiply(sumRows(byShare), scalar(labels.smoothing / (embedding.shape[0] as number)));
  const result = {
    loss,
    gradient: {
      y: subtract(whole, taken),
      embedding: subtract(ofEmbedding as NativeTensor, smoothed),
      labels: { ids: labels.ids, gradient: multiply(byShare, scalar(labels.smoothing - 1)) },
    },
  };
  release(whole, taken, byShare, expected, ofEmbedding, ...gradients);
  return result;
}

/** The loss alone. */
export function crossEntropyLoss(y: NativeTensor, embedding: NativeTensor, labels: Labels): NativeTensor {
  const share = Float32Array.from(labels.ids, (id) => (id === padId ? 0 : 1 / labels.tokens));
  const logSums: NativeTensor[] = [];
  for (const [from, count] of chunks(y, embedding)) {
    const { logSum, u } = softmaxParts(rows(y, from, count), embedding);
    release(u);
    logSums.push(logSum);
  }
  return lossOf(y, embedding, labels, concat(logSums, 0), floats(share, [share.length, 1])).loss;
}

function* chunks(y: NativeTensor, embedding: NativeTensor): Generator<[from: number, count: number]> {
  const all = y.shape[0] as number;
  const size = Math.max(1, Math.floor(chunkValues / (embedding.shape[0] as number)));
  for (let from = 0; from < all; from += size) yield [from, Math.min(size, all - from)];
}

/** exp(logits − max), its sums and the logarithm of the sum of exp(logits), [count, V] and twice [count, 1]. */
function softmaxParts(chunk: NativeTensor, embedding: NativeTensor) {
  const logits = matMul(chunk, embedding, { second: true });
  const greatest = maxLast(logits);
  const shifted = subtract(logits, greatest);
  release(logits);
  const u = exp(shifted);
  release(shifted);
  const sum = sumLast(u);
  return { u, sum, logSum: add(greatest, log(sum)) };
}

/**
 * Σ share · (log Σ exp(logits) − y · expected), where the row that the labels ask for is expected = (1 − ε) · E[label] + ε · mean(E).
 */
function lossOf(
  y: NativeTensor,
  embedding: NativeTensor,
  labels: Labels,
  logSum: NativeTensor,
  shares: NativeTensor,
): { loss: NativeTensor; expected: NativeTensor } {
  const [V] = embedding.shape as [number];
  const found = gather(embedding, integers(labels.ids));
  const sharpened = multiply(found, scalar(1 - labels.smoothing));
  const mean = multiply(sumRows(embedding), scalar(labels.smoothing / V));
  const expected = add(sharpened, mean);
  const product = multiply(y, expected);
  const each = multiply(subtract(logSum, sumLast(product)), shares);
  release(found, sharpened, product);
  return { loss: sumLast(reshape(each, [1, labels.ids.length])), expected };
}
