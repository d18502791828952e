import type { Layer, Pass } from './layer.ts';
import { type NativeTensor, release } from './native.ts';
import { add } from './operations.ts';

/** x + dropout(branch(x)). */
export function residual(pass: Pass, x: NativeTensor, branch: Layer): Layer {
  const dropped = pass.drop(branch.output, 'residual');
  const output = add(x, dropped.output);
  release(dropped.output, branch.output);
  return {
    output,
    backward(gradient) {
      const ofDropped = dropped.backward(gradient);
      const ofBranch = branch.backward(ofDropped);
      if (ofDropped !== gradient) release(ofDropped);
      const result = add(gradient, ofBranch);
      release(ofBranch);
      return result;
    },
  };
}
