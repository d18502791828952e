import type { Layer, Pass } from './layer.ts';
import { type NativeTensor, release } from './native.ts';
import { addBias, matMul, sumRows } from './operations.ts';

/** x · weight + bias for x [rows, from] → [rows, to]. Keeps `x` for the backward pass without owning it. */
export function linear(pass: Pass, name: string, x: NativeTensor): Layer {
  const weight = pass.parameter(`${name}.weight`);
  const product = matMul(x, weight);
  const output = addBias(product, pass.parameter(`${name}.bias`));
  release(product);
  return {
    output,
    backward(gradient) {
      pass.addGradient(`${name}.weight`, matMul(x, gradient, { first: true }));
      pass.addGradient(`${name}.bias`, sumRows(gradient));
      return matMul(gradient, weight, { second: true });
    },
  };
}
