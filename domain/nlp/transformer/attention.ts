import type { Layer, Pass } from './layer.ts';
import { layerNorm } from './layer-norm.ts';
import { linear } from './linear.ts';
import { type NativeTensor, release, scalar } from './native.ts';
import {
  add,
  concat,
  matMul,
  multiply,
  reshape,
  softmax,
  splitFirst,
  subtract,
  sumLast,
  transpose,
} from './operations.ts';
import { residual } from './residual.ts';

/** [batch · length, parts · D] → `parts` tensors [1, batch, heads, length, D / heads]. */
export function splitHeads(x: NativeTensor, parts: number, batch: number, heads: number): NativeTensor[] {
  const [rows = 0, columns = 0] = x.shape;
  const apart = reshape(x, [batch, rows / batch, parts, heads, columns / parts / heads]);
  const ordered = transpose(apart, 2, 0, 3, 1, 4);
  release(apart);
  if (parts === 1) return [ordered];
  const split = splitFirst(ordered, parts);
  release(ordered);
  return split;
}

/** The opposite of {@link splitHeads}. */
export function mergeHeads(parts: readonly NativeTensor[]): NativeTensor {
  const [, batch = 0, heads = 0, length = 0, size = 0] = parts[0]?.shape ?? [];
  const together = concat(parts, 0);
  const ordered = transpose(together, 1, 3, 0, 2, 4);
  const merged = reshape(ordered, [batch * length, parts.length * heads * size]);
  if (parts.length > 1) release(together);
  release(ordered);
  return merged;
}

/** Softmax(q · kᵀ / √size + mask): the attention weights [1, batch, heads, queries, keys]. */
export function attentionWeights(q: NativeTensor, k: NativeTensor, mask: NativeTensor | undefined): NativeTensor {
  const products = matMul(q, k, { second: true });
  const scaled = multiply(products, scalar(1 / Math.sqrt(q.shape[4] as number)));
  const masked = mask ? add(scaled, mask) : scaled;
  const weights = softmax(masked);
  release(products, scaled, masked);
  return weights;
}

interface Attention {
  readonly output: NativeTensor;
  backward(gradient: NativeTensor): { q: NativeTensor; k: NativeTensor; v: NativeTensor };
}

/** Scaled dot-product attention of all heads (Vaswani et al. 2017). Owns q, k and v. */
function attend(
  pass: Pass,
  [q, k, v]: readonly [NativeTensor, NativeTensor, NativeTensor],
  mask: NativeTensor | undefined,
): Attention {
  const batch = q.shape[1] as number;
  const weights = attentionWeights(q, k, mask);
  const dropped = pass.drop(weights, 'attention');
  const context = matMul(dropped.output, v);
  const output = mergeHeads([context]);
  release(context);
  return {
    output,
    backward(gradient) {
      const [ofContext] = splitHeads(gradient, 1, batch, pass.heads) as [NativeTensor];
      const ofV = matMul(dropped.output, ofContext, { first: true });
      const ofDropped = matMul(ofContext, v, { second: true });
      release(ofContext, v);
      const ofWeights = dropped.backward(ofDropped);
      const product = multiply(ofWeights, weights);
      const centred = subtract(ofWeights, sumLast(product));
      const ofScores = multiply(centred, weights);
      const scaled = multiply(ofScores, scalar(1 / Math.sqrt(q.shape[4] as number)));
      release(dropped.output, ofDropped, ofWeights, product, centred, ofScores, weights);
      const ofQ = matMul(scaled, k);
      const ofK = matMul(scaled, q, { first: true });
      release(scaled, q, k);
      return { q: ofQ, k: ofK, v: ofV };
    },
  };
}

/**
 * Pre-norm self-attention block: x + output(attention(norm(x))) for x [batch · length, D].
 *
 * @param mask added to the scores, broadcast to [1, batch, heads, length, length]: 0, or -1e9 where a key must not be seen.
 */
export function selfAttention(
  pass: Pass,
  name: string,
  x: NativeTensor,
  batch: number,
  mask: NativeTensor | undefined,
): Layer {
  const norm = layerNorm(pass, `${name}.norm`, x);
  const qkv = linear(pass, `${name}.qkv`, norm.output);
  const parts = splitHeads(qkv.output, 3, batch, pass.heads) as [NativeTensor, NativeTensor, NativeTensor];
  release(qkv.output);
  const attention = attend(pass, parts, mask);
  const output = linear(pass, `${name}.output`, attention.output);
  return residual(pass, x, {
    output: output.output,
    backward(gradient) {
      const ofAttention = output.backward(gradient);
      release(attention.output);
      const { q, k, v } = attention.backward(ofAttention);
      const ofQkv = mergeHeads([q, k, v]);
      release(ofAttention, q, k, v);
      const ofNorm = qkv.backward(ofQkv);
      release(ofQkv, norm.output);
      const result = norm.backward(ofNorm);
      release(ofNorm);
      return result;
    },
  });
}

/**
 * Pre-norm attention from the decoder to the encoder's output: x + output(attention(norm(x), memory)).
 *
 * @param memory [batch · source length, D]
 * @param addMemoryGradient takes the gradient of `memory`.
 */
export function crossAttention(
  pass: Pass,
  name: string,
  x: NativeTensor,
  memory: NativeTensor,
  batch: number,
  mask: NativeTensor | undefined,
  addMemoryGradient: (gradient: NativeTensor) => void,
): Layer {
  const norm = layerNorm(pass, `${name}.norm`, x);
  const query = linear(pass, `${name}.query`, norm.output);
  const keyValue = linear(pass, `${name}.keyValue`, memory);
  const [q] = splitHeads(query.output, 1, batch, pass.heads) as [NativeTensor];
  const [k, v] = splitHeads(keyValue.output, 2, batch, pass.heads) as [NativeTensor, NativeTensor];
  release(query.output, keyValue.output);
  const attention = attend(pass, [q, k, v], mask);
  const output = linear(pass, `${name}.output`, attention.output);
  return residual(pass, x, {
    output: output.output,
    backward(gradient) {
      const ofAttention = output.backward(gradient);
      release(attention.output);
      const parts = attention.backward(ofAttention);
      const ofKeyValue = mergeHeads([parts.k, parts.v]);
      addMemoryGradient(keyValue.backward(ofKeyValue));
      const ofQuery = mergeHeads([parts.q]);
      release(ofAttention, ofKeyValue, parts.q, parts.k, parts.v);
      const ofNorm = query.backward(ofQuery);
      release(ofQuery, norm.output);
      const result = norm.backward(ofNorm);
      release(ofNorm);
      return result;
    },
  });
}
