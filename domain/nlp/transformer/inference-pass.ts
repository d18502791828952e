import type { Pass } from './layer.ts';
import type { NativeTensor } from './native.ts';

/** A pass that only goes forward: nothing is dropped, and no gradient is kept. */
export function inferencePass(heads: number, parameters: ReadonlyMap<string, NativeTensor>): Pass {
  return {
    heads,
    parameter: (name) => parameters.get(name) as NativeTensor,
    addGradient() {},
    drop: (x) => ({ output: x, backward: (gradient) => gradient }),
  };
}
