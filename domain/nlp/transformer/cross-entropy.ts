import { padId } from './batches.ts';
import { consistentGradients } from './consistency.ts';
import type { Scatter } from './embedding.ts';
import { floats, integers, type NativeTensor, release, scalar } from './native.ts';
import { add, concat, gather, multiply, reshape, rows, subtract, sumLast, sumRows } from './operations.ts';
import { chunks, softmaxGradients, softmaxParts } from './softmax-gradients.ts';

export interface Labels {
  /** [rows]; rows with {@link padId} count nothing. */
  readonly ids: Int32Array;
  /** How many are no padding. */
  readonly tokens: number;
  /** Label smoothing: share of the probability spread over the whole vocabulary (Szegedy et al. 2016). */
  readonly smoothing: number;
  /** Weight of the consistency between the two halves of the rows ({@link consistentGradients}); default: none. */
  readonly consistency?: number;
}

export interface CrossEntropy {
  /** Mean over the labels that are no padding, nats: one value. */
  readonly loss: NativeTensor;
  /** The gradients: of y [rows, D]; of the embedding, a dense part [V, D] and rows of the labels. */
  readonly gradient: { readonly y: NativeTensor; readonly embedding: NativeTensor; readonly labels: Scatter };
}

/**
 * Cross-entropy of softmax(y · embeddingᵀ), and its gradient at once, for y [rows, D] and the embedding [V, D]. Neither the
 * logits of the whole batch nor one-hot labels are made: rows go in chunks, whose unnormalised probabilities u = exp(l − max)
 * give both gradients, u · E / Σu and uᵀ · y / Σu; what labels and smoothing take away from them is a row for each.
 */
export function crossEntropy(y: NativeTensor, embedding: NativeTensor, labels: Labels): CrossEntropy {
  const share = sharesOf(labels);
  const parts = labels.consistency
    ? consistentGradients(y, embedding, share, labels.consistency)
    : softmaxGradients(y, embedding, share);
  const shares = floats(share, [share.length, 1]);
  const { loss, expected } = lossOf(y, embedding, labels, parts.logSum, shares);
  const taken = multiply(expected, shares);
  const byShare = multiply(y, shares);
  const smoothed = multiply(sumRows(byShare), scalar(labels.smoothing / (embedding.shape[0] as number)));
  const result = {
    loss: parts.penalty ? add(loss, parts.penalty) : loss,
    gradient: {
      y: subtract(parts.y, taken),
      embedding: subtract(parts.embedding, smoothed),
      labels: { ids: labels.ids, gradient: multiply(byShare, scalar(labels.smoothing - 1)) },
    },
  };
  release(parts.y, parts.embedding, taken, byShare, expected);
  return result;
}

/** The loss alone. */
export function crossEntropyLoss(y: NativeTensor, embedding: NativeTensor, labels: Labels): NativeTensor {
  const share = sharesOf(labels);
  const logSums: NativeTensor[] = [];
  for (const [from, count] of chunks(share.length, embedding.shape[0] as number)) {
    const { logSum, shifted, u } = softmaxParts(rows(y, from, count), embedding);
    release(shifted, u);
    logSums.push(logSum);
  }
  return lossOf(y, embedding, labels, concat(logSums, 0), floats(share, [share.length, 1])).loss;
}

/** What every row counts: 1 / tokens, and nothing for padding. */
const sharesOf = ({ ids, tokens }: Labels) => Float32Array.from(ids, (id) => (id === padId ? 0 : 1 / tokens));

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
