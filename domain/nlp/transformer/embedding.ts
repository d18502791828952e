import type { Pass } from './layer.ts';
import { floats, integers, type NativeTensor, release, scalar } from './native.ts';
import { add, concat, gather, multiply, reshape, scatterSum } from './operations.ts';

/**
 * Sinusoids of the positions 0 … length - 1 [length, D] (Vaswani et al. 2017), sines in the first half of the columns and
 * cosines in the second, as in tensor2tensor: sin(p / 10000^(2j/D)) for column j.
 */
export function positions(length: number, dimensions: number, from = 0): Float32Array {
  const half = dimensions / 2;
  const out = new Float32Array(length * dimensions);
  for (let p = 0; p < length; p++) {
    for (let j = 0; j < half; j++) {
      const angle = (p + from) / 10_000 ** ((2 * j) / dimensions);
      out[p * dimensions + j] = Math.sin(angle);
      out[p * dimensions + half + j] = Math.cos(angle);
    }
  }
  return out;
}

/** Rows of the shared embedding that a pass used, with their gradients; summed into the table once at its end. */
export interface Scatter {
  readonly ids: Int32Array;
  readonly gradient: NativeTensor;
}

/** Gradient of the embedding table [count, D] from the rows used. */
export function sumScatters(scatters: readonly Scatter[], count: number): NativeTensor {
  const ids = new Int32Array(scatters.reduce((n, s) => n + s.ids.length, 0));
  let at = 0;
  for (const scatter of scatters) {
    ids.set(scatter.ids, at);
    at += scatter.ids.length;
  }
  const values = concat(
    scatters.map(({ gradient }) => gradient),
    0,
  );
  const sum = scatterSum(values, integers(ids), count);
  release(values);
  return sum;
}

export interface Embedded {
  readonly output: NativeTensor;
  /** Gives the embedding's share of the gradient; adds that of the factors to the pass. */
  backward(gradient: NativeTensor): Scatter;
}

/**
 * embedding[id] · √D + position, for the source + factorEmbedding[factor]; then dropout. → [rows · length, D]
 *
 * @param ids [rows · length]
 * @param factors as many, or undefined on the target side.
 */
export function embed(
  pass: Pass,
  ids: Int32Array,
  factors: Int32Array | undefined,
  length: number,
  firstPosition = 0,
): Embedded {
  const table = pass.parameter('embedding');
  const D = table.shape[1] as number;
  const found = gather(table, integers(ids));
  const scaled = multiply(found, scalar(Math.sqrt(D)));
  release(found);
  const factorIds = factors && integers(factors);
  const factorTable = pass.parameter('factorEmbedding');
  const sum = factorIds ? add(scaled, gather(factorTable, factorIds)) : scaled;
  const apart = reshape(sum, [ids.length / length, length, D]);
  const placed = add(apart, floats(positions(length, D, firstPosition), [length, D]));
  const together = reshape(placed, [ids.length, D]);
  release(scaled, sum, apart, placed);
  const dropped = pass.drop(together, 'embedding');
  if (dropped.output !== together) release(together);
  return {
    output: dropped.output,
    backward(gradient) {
      const ofSum = dropped.backward(gradient);
      if (factorIds) {
        const count = factorTable.shape[0] as number;
        pass.addGradient('factorEmbedding', scatterSum(ofSum, factorIds, count));
      }
      const ofFound = multiply(ofSum, scalar(Math.sqrt(D)));
      if (ofSum !== gradient) release(ofSum);
      return { ids, gradient: ofFound };
    },
  };
}
