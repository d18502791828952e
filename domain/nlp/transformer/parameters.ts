import { PerennialError } from '../../../contracts/errors.ts';
import { Random } from '../random.ts';
import type { TransformerShape, TransformerWeights } from './shape.ts';

/** Every parameter's name and dimensions, in a fixed order. */
export function parameterShapes(shape: TransformerShape): ReadonlyMap<string, readonly number[]> {
  const { vocabulary: V, factors, dimensions: D, feedForward: F } = shape;
  const all = new Map<string, readonly number[]>([
    ['embedding', [V, D]],
    ['factorEmbedding', [factors, D]],
  ]);
  const norm = (name: string) => all.set(`${name}.scale`, [D]).set(`${name}.bias`, [D]);
  const linear = (name: string, from: number, to: number) =>
    all.set(`${name}.weight`, [from, to]).set(`${name}.bias`, [to]);
  const selfAttention = (name: string) => {
    norm(`${name}.norm`);
    linear(`${name}.qkv`, D, 3 * D);
    linear(`${name}.output`, D, D);
  };
  const feedForward = (name: string) => {
    norm(`${name}.norm`);
    linear(`${name}.inner`, D, F);
    linear(`${name}.outer`, F, D);
  };
  for (let i = 0; i < shape.encoderLayers; i++) {
    selfAttention(`encoder.${i}.attention`);
    feedForward(`encoder.${i}.feedForward`);
  }
  norm('encoder.norm');
  for (let i = 0; i < shape.decoderLayers; i++) {
    selfAttention(`decoder.${i}.selfAttention`);
    norm(`decoder.${i}.crossAttention.norm`);
    linear(`decoder.${i}.crossAttention.query`, D, D);
    linear(`decoder.${i}.crossAttention.keyValue`, D, 2 * D);
    linear(`decoder.${i}.crossAttention.output`, D, D);
    feedForward(`decoder.${i}.feedForward`);
  }
  norm('decoder.norm');
  return all;
}

/**
 * Seeded first weights: embeddings normal with deviation D^-0.5 (so that embedding · √D has variance 1), projections Xavier
 * uniform (Glorot and Bengio 2010; side-by-side q, k, v count as one matrix, as in fairseq), norms 1, biases 0.
 */
export function initialWeights(shape: TransformerShape, seed: number): TransformerWeights {
  const random = new Random(seed);
  const weights: Record<string, Float32Array> = {};
  for (const [name, dimensions] of parameterShapes(shape)) {
    const values = new Float32Array(dimensions.reduce((a, b) => a * b, 1));
    const [from = 1, to = 1] = dimensions;
    if (name.endsWith('mbedding')) {
      for (let i = 0; i < values.length; i++) values[i] = random.normal() / Math.sqrt(shape.dimensions);
    } else if (name.endsWith('.weight')) {
      const limit = Math.sqrt(6 / (from + to));
      for (let i = 0; i < values.length; i++) values[i] = (2 * random.next() - 1) * limit;
    } else if (name.endsWith('.scale')) values.fill(1);
    weights[name] = values;
  }
  return weights;
}

/** Throws MODEL_FORMAT naming the first parameter that `weights` lack or hold in another size. */
export function checkWeights(shape: TransformerShape, weights: TransformerWeights): void {
  for (const [name, dimensions] of parameterShapes(shape)) {
    const values = weights[name];
    const count = dimensions.reduce((a, b) => a * b, 1);
    if (values?.length === count) continue;
    throw new PerennialError(
      'MODEL_FORMAT',
      `The weights ${name} have ${values ? `${values.length} values` : 'no values'}; their shape [${dimensions}] needs ${count}`,
      { remedy: 'Give the weights together with the shape that they were trained with.' },
    );
  }
}
