import type { Example } from './batches.ts';
import type { GreedyOptions } from './greedy.ts';
import type { TransformerShape, TransformerWeights } from './shape.ts';
import { Transformer } from './transformer.ts';

/** Greedy translations of sources by given weights, without the end of sentence; see {@link Transformer.translate}. */
export function translateGreedy(
  shape: TransformerShape,
  weights: TransformerWeights,
  sources: readonly Pick<Example, 'source' | 'factors'>[],
  options?: GreedyOptions,
): Int32Array[] {
  const model = new Transformer(shape, {}, weights);
  try {
    return model.translate(sources, options);
  } finally {
    model.dispose();
  }
}
