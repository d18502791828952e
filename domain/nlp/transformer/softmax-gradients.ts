import { floats, type NativeTensor, release } from './native.ts';
import { add, concat, divide, exp, log, matMul, maxLast, multiply, rows, subtract, sumLast } from './operations.ts';

/** What softmax(y · embeddingᵀ) adds to loss and gradients, before the labels take theirs away. */
export interface SoftmaxGradients {
  /** log Σ exp(logits) of every row, [rows, 1]. */
  readonly logSum: NativeTensor;
  /** [rows, D] */
  readonly y: NativeTensor;
  /** [V, D] */
  readonly embedding: NativeTensor;
  /** Added to the loss: one value. */
  readonly penalty?: NativeTensor;
}

/** Values of a chunk's logits, 5 MB: about the cache of a core; the sums of gradients of smaller chunks would cost more. */
const chunkValues = 1_280_000;
const leastRows = 32;

/** The rows of a matrix in chunks whose logits over `vocabulary` fit the cache. */
export function* chunks(all: number, vocabulary: number): Generator<[from: number, count: number]> {
  const size = Math.max(leastRows, Math.floor(chunkValues / vocabulary));
  for (let from = 0; from < all; from += size) yield [from, Math.min(size, all - from)];
}

/** exp(logits − max), its sums and the logarithm of the sum of exp(logits): [count, V] and twice [count, 1]. */
export function softmaxParts(chunk: NativeTensor, embedding: NativeTensor) {
  const logits = matMul(chunk, embedding, { second: true });
  const greatest = maxLast(logits);
  const shifted = subtract(logits, greatest);
  release(logits);
  const u = exp(shifted);
  const sum = sumLast(u);
  return { shifted, u, sum, logSum: add(greatest, log(sum)) };
}

/** A sum that grows by one tensor at a time and frees what it has taken in. */
export function runningSum(): { add(more: NativeTensor): void; total(): NativeTensor } {
  let sum: NativeTensor | undefined;
  return {
    add(more) {
      const before = sum;
      sum = before ? add(before, more) : more;
      if (before) release(before, more);
    },
    total: () => sum as NativeTensor,
  };
}

/** The gradients of Σ share · log Σ exp(y · embeddingᵀ), with one share for every row. */
export function softmaxGradients(y: NativeTensor, embedding: NativeTensor, share: Float32Array): SoftmaxGradients {
  const logSums: NativeTensor[] = [];
  const ofY: NativeTensor[] = [];
  const ofEmbedding = runningSum();
  for (const [from, count] of chunks(share.length, embedding.shape[0] as number)) {
    const chunk = rows(y, from, count);
    const { shifted, u, sum, logSum } = softmaxParts(chunk, embedding);
    release(shifted);
    const weight = divide(floats(share.subarray(from, from + count), [count, 1]), sum);
    const product = matMul(u, embedding);
    const weighted = multiply(chunk, weight);
    logSums.push(logSum);
    ofY.push(multiply(product, weight));
    ofEmbedding.add(matMul(u, weighted, { first: true }));
    release(chunk, u, sum, weight, product, weighted);
  }
  const whole = concat(ofY, 0);
  if (ofY.length > 1) release(...ofY);
  return { logSum: concat(logSums, 0), y: whole, embedding: ofEmbedding.total() };
}
