import { type Tensor, tf, type Variable } from '../../domain/nlp/index.ts';
import { Random } from '../../domain/nlp/random.ts';
import type { TransformerShape, TransformerWeights } from '../../domain/nlp/transformer/shape.ts';
import { parametersOf, ReferenceTransformer, randomWeights } from './reference-transformer.ts';

export const tinyShape: TransformerShape = {
  vocabulary: 40,
  factors: 2,
  dimensions: 32,
  feedForward: 64,
  heads: 2,
  encoderLayers: 1,
  decoderLayers: 1,
};

/** The language that the tiny model learns: word i of the source (3 … 14) is word i + 12 of the target. Above: never seen. */
export const translationOf = (ids: readonly number[]): number[] => ids.filter((id) => id > 2).map((id) => id + 12);

/** A source sentence of so many words, with its end. */
export function tinySource(random: Random, words: number): number[] {
  return [...Array.from({ length: words }, () => 3 + random.below(12)), 2];
}

/**
 * Trains the tiny model until it translates most sentences (some seconds): with ordinary operations and Adam, apart from
 * the training code.
 */
export function trainTiny(steps: number, seed = 5): TransformerWeights {
  const random = new Random(seed);
  const start = parametersOf(tinyShape, randomWeights(tinyShape, seed, 0.6));
  const variables: Record<string, Variable> = {};
  for (const [name, value] of Object.entries(start)) variables[name] = tf.variable(value, true, `tiny.${seed}.${name}`);
  const model = new ReferenceTransformer(tinyShape, variables as Record<string, Tensor>);
  const adam = tf.train.adam(0.004, 0.9, 0.98);
  for (let step = 0; step < steps; step++) {
    const words = 2 + random.below(6);
    const ids = Array.from({ length: 32 }, () => tinySource(random, words));
    const targets = ids.map((row) => [...translationOf(row), 2]);
    const inputs = targets.map((row) => [1, ...row.slice(0, -1)]);
    tf.tidy(() => {
      adam.minimize(() => {
        const encoded = model.encode(
          ids,
          ids.map((row) => row.map(() => 0)),
        );
        const logits = tf.reshape(model.decode(encoded, ids, inputs), [-1, tinyShape.vocabulary]);
        const wanted = tf.oneHot(tf.tensor1d(targets.flat(), 'int32'), tinyShape.vocabulary);
        return tf.losses.softmaxCrossEntropy(wanted, logits) as never;
      });
    });
  }
  const weights: Record<string, Float32Array> = {};
  for (const [name, variable] of Object.entries(variables)) {
    weights[name] = variable.dataSync() as Float32Array;
    variable.dispose();
  }
  adam.dispose();
  return weights;
}
