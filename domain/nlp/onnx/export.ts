import { PerennialError } from '../../../contracts/errors.ts';
import type { TransformerShape, TransformerWeights } from '../transformer/shape.ts';
import { beamGraph } from './beam.ts';
import { greedyGraph } from './greedy.ts';
import { Layers, type Precision } from './layers.ts';
import { encodeModel } from './proto.ts';
import { encoderGraph, stepGraph } from './step.ts';

/**
 * The graphs of a translation model. `greedy` and `beam` decode a batch in one run; `fast` is greedy without scores;
 * `encoder` and `step` leave the search to the caller.
 */
export type GraphKind = 'greedy' | 'fast' | 'beam' | 'encoder' | 'step';

/**
 * Bytes of an ONNX model (IR 9, opset 18 and ONNX Runtime's contrib operators) that computes one of the graphs of a trained
 * transformer. Takes milliseconds to a second; quantises when `precision` is int8.
 * Throws MODEL_FORMAT naming the weight when one is missing or has another size than `shape` says.
 */
export function exportGraph(
  shape: TransformerShape,
  weights: TransformerWeights,
  kind: GraphKind,
  precision: Precision,
): Uint8Array {
  if (shape.dimensions % (2 * shape.heads) !== 0) {
    throw new PerennialError(
      'MODEL_FORMAT',
      `${shape.dimensions} dimensions do not split into ${shape.heads} heads of an even size`,
      { remedy: 'Choose dimensions that are a multiple of twice the heads.' },
    );
  }
  const layers = new Layers(shape, weights, precision);
  const graphs = {
    greedy: () => greedyGraph(layers, { scores: true }),
    fast: () => greedyGraph(layers, { scores: false }),
    beam: () => beamGraph(layers),
    encoder: () => encoderGraph(layers),
    step: () => stepGraph(layers),
  };
  return encodeModel(graphs[kind](), { kind, precision, shape: JSON.stringify(shape) });
}
