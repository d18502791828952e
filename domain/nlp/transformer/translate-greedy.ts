import type { Example } from './batches.ts';
import { checkShape } from './check-shape.ts';
import { decodeGreedy, type GreedyOptions } from './greedy.ts';
import { inferencePass } from './inference-pass.ts';
import { floats, scoped } from './native.ts';
import { checkWeights, parameterShapes } from './parameters.ts';
import type { TransformerShape, TransformerWeights } from './shape.ts';

/**
 * Greedy translations of sources by given weights, without the end of sentence; what {@link Transformer.translate} says.
 *
 * @throws PARAMETER_INVALID for a shape that does not hold, MODEL_FORMAT for weights of another shape.
 */
export function translateGreedy(
  shape: TransformerShape,
  weights: TransformerWeights,
  sources: readonly Pick<Example, 'source' | 'factors'>[],
  options?: GreedyOptions,
): Int32Array[] {
  checkShape(shape);
  checkWeights(shape, weights);
  return scoped(() => {
    const parameters = new Map(
      [...parameterShapes(shape)].map(([name, dimensions]) => [
        name,
        floats(weights[name] as Float32Array, dimensions),
      ]),
    );
    return decodeGreedy(inferencePass(shape.heads, parameters), shape, sources, options);
  });
}
