import { createRequire } from 'node:module';
import util from 'node:util';
import type * as TensorFlow from '@tensorflow/tfjs-node';

// tfjs-node 4.22 still calls helpers that Node 23 removed; without them its first tensor throws.
const shim = util as unknown as Record<string, unknown>;
shim['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
shim['isArray'] ??= Array.isArray;
// Keeps the native library's start-up lines out of logs; what fails still reaches us as an exception.
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';

/** TensorFlow.js on the native library: the only place it is loaded, by `require`, so that the shim above comes first. */
export const tf = createRequire(import.meta.url)('@tensorflow/tfjs-node') as typeof TensorFlow;
export type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-node';

interface NativeBackend {
  readonly binding: { readonly TF_ATTR_BOOL: number; readonly TF_ATTR_TYPE: number };
  executeSingleOutput(
    op: string,
    attributes: readonly object[],
    inputs: readonly TensorFlow.Tensor[],
  ): TensorFlow.Tensor;
}

/** Inverse of a square float32 matrix by LU on the native library (0.7 s for 2,500²). */
export function invert(matrix: TensorFlow.Tensor2D): TensorFlow.Tensor2D {
  const backend = tf.backend() as unknown as NativeBackend;
  return backend.executeSingleOutput(
    'MatrixInverse',
    [
      { name: 'adjoint', type: backend.binding.TF_ATTR_BOOL, value: false },
      { name: 'T', type: backend.binding.TF_ATTR_TYPE, value: 1 },
    ],
    [matrix],
  ) as TensorFlow.Tensor2D;
}
