import { floats, type NativeTensor, release, scalar } from './native.ts';
import { add, concat, divide, log, matMul, multiply, reshape, rows, subtract, sumLast } from './operations.ts';
import { chunks, runningSum, type SoftmaxGradients, softmaxParts } from './softmax-gradients.ts';

/**
 * The gradients of R-Drop (Liang et al. 2021): every label is predicted twice, under two dropout masks, by the first and the
 * second half of the rows; beside the cross-entropy of both, the loss holds λ times the mean of KL(p ‖ q) + KL(q ‖ p) over two,
 * so that the model learns to say the same whatever is dropped. λ is half of the paper's α.
 *
 * With Δ = log p − log q the gradient of the first half's logits is share · (p + λ (p · (Δ − KL(p ‖ q)) + p − q)).
 */
export function consistentGradients(
  y: NativeTensor,
  embedding: NativeTensor,
  share: Float32Array,
  weight: number,
): SoftmaxGradients {
  const half = share.length / 2;
  const sides = [0, 1].map(() => ({ logSums: [] as NativeTensor[], ofY: [] as NativeTensor[] }));
  const ofEmbedding = runningSum();
  const penalties = runningSum();
  for (const [from, count] of chunks(half, embedding.shape[0] as number)) {
    const shares = floats(share.subarray(from, from + count), [count, 1]);
    const chunkPair = [rows(y, from, count), rows(y, half + from, count)] as const;
    const [a, b] = [softmaxParts(chunkPair[0], embedding), softmaxParts(chunkPair[1], embedding)];
    const { gradients, divergence } = pairGradients(a, b, shares, weight);
    release(a.shifted, a.u, b.shifted, b.u);
    penalties.add(sumLast(reshape(multiply(divergence, shares), [1, count])));
    for (const [i, chunk] of chunkPair.entries()) {
      const gradient = gradients[i] as NativeTensor;
      sides[i]?.logSums.push((i === 0 ? a : b).logSum);
      sides[i]?.ofY.push(matMul(gradient, embedding));
      ofEmbedding.add(matMul(gradient, chunk, { first: true }));
      release(gradient, chunk);
    }
  }
  return {
    logSum: concat(
      sides.flatMap(({ logSums }) => logSums),
      0,
    ),
    y: concat(
      sides.flatMap(({ ofY }) => ofY),
      0,
    ),
    embedding: ofEmbedding.total(),
    penalty: multiply(penalties.total(), scalar(weight)),
  };
}

type Parts = ReturnType<typeof softmaxParts>;

/** Of both sides' logits [count, V]; and KL(p ‖ q) + KL(q ‖ p) of every row [count, 1]. */
function pairGradients(a: Parts, b: Parts, shares: NativeTensor, weight: number) {
  const [p, q] = [divide(a.u, a.sum), divide(b.u, b.sum)];
  const apart = subtract(a.shifted, b.shifted);
  const delta = add(apart, subtract(log(b.sum), log(a.sum)));
  const [pDelta, qDelta] = [multiply(p, delta), multiply(q, delta)];
  const [ofP, minusOfQ] = [sumLast(pDelta), sumLast(qDelta)];
  release(apart, delta);
  const scaledShares = multiply(shares, scalar(weight));
  const own = (divergence: NativeTensor) =>
    subtract(multiply(shares, scalar(1 + weight)), multiply(divergence, scaledShares));
  const first = combine(p, own(ofP), subtract(pDelta, q), scaledShares);
  const second = combine(q, own(multiply(minusOfQ, scalar(-1))), add(qDelta, p), multiply(scaledShares, scalar(-1)));
  release(p, q, pDelta, qDelta);
  return { gradients: [first, second], divergence: subtract(ofP, minusOfQ) };
}

/** x · byRow + other · otherByRow, the second and fourth a value for each row; frees `other`. */
function combine(x: NativeTensor, byRow: NativeTensor, other: NativeTensor, otherByRow: NativeTensor): NativeTensor {
  const [left, right] = [multiply(x, byRow), multiply(other, otherByRow)];
  release(other);
  const sum = add(left, right);
  release(left, right);
  return sum;
}
