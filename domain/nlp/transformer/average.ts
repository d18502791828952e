import type { TransformerWeights } from './shape.ts';

/** Mean of several weights of one model (checkpoint averaging, Vaswani et al. 2017); at least one is needed. */
export function averageWeights(all: readonly TransformerWeights[]): TransformerWeights {
  const [first] = all;
  if (!first) throw new RangeError('The average of no weights does not exist');
  const out: Record<string, Float32Array> = {};
  for (const [name, { length }] of Object.entries(first)) {
    // Sums in float64, so that the mean of equal weights is those weights.
    const sum = new Float64Array(length);
    for (const weights of all) {
      const values = weights[name] as Float32Array;
      for (let i = 0; i < length; i++) sum[i] = (sum[i] as number) + (values[i] as number);
    }
    out[name] = Float32Array.from(sum, (value) => value / all.length);
  }
  return out;
}

/** Weights on the line between two of one model: `from` at share 0, `to` at 1. */
export function mixWeights(from: TransformerWeights, to: TransformerWeights, share: number): TransformerWeights {
  return Object.fromEntries(
    Object.entries(from).map(([name, a]) => {
      const b = to[name] as Float32Array;
      return [name, Float32Array.from(a, (value, i) => (1 - share) * value + share * (b[i] as number))];
    }),
  );
}
