import type { Layer, Pass } from './layer.ts';
import { type NativeTensor, release, scalar } from './native.ts';
import { add, addBias, meanLast, multiply, rsqrt, subtract, sumRows } from './operations.ts';

const epsilon = 1e-5;

/** Layer normalisation (Ba et al. 2016) of every row of x [rows, D], with a learned scale and bias. */
export function layerNorm(pass: Pass, name: string, x: NativeTensor): Layer {
  const scale = pass.parameter(`${name}.scale`);
  const mean = meanLast(x);
  const centred = subtract(x, mean);
  const squares = multiply(centred, centred);
  const variance = meanLast(squares);
  const inverse = rsqrt(add(variance, scalar(epsilon)));
  const normal = multiply(centred, inverse);
  const scaled = multiply(normal, scale);
  const output = addBias(scaled, pass.parameter(`${name}.bias`));
  release(mean, centred, squares, variance, scaled);
  return {
    output,
    backward(gradient) {
      pass.addGradient(`${name}.bias`, sumRows(gradient));
      const byNormal = multiply(gradient, normal);
      pass.addGradient(`${name}.scale`, sumRows(byNormal));
      release(byNormal);
      // dx = (g − mean(g) − n · mean(g · n)) / deviation for g = gradient · scale and the normalised n.
      const g = multiply(gradient, scale);
      const gn = multiply(g, normal);
      const along = multiply(normal, meanLast(gn));
      const centredG = subtract(g, meanLast(g));
      const rest = subtract(centredG, along);
      const result = multiply(rest, inverse);
      release(g, gn, along, centredG, rest, normal, inverse);
      return result;
    },
  };
}
