import type { Layer, Pass } from './layer.ts';
import { layerNorm } from './layer-norm.ts';
import { linear } from './linear.ts';
import { type NativeTensor, release } from './native.ts';
import { relu, reluGradient } from './operations.ts';
import { residual } from './residual.ts';

/** Pre-norm feed-forward block: x + outer(dropout(relu(inner(norm(x))))) for x [rows, D]. */
export function feedForward(pass: Pass, name: string, x: NativeTensor): Layer {
  const norm = layerNorm(pass, `${name}.norm`, x);
  const inner = linear(pass, `${name}.inner`, norm.output);
  const positive = relu(inner.output);
  const hidden = pass.drop(positive, 'feedForward');
  const outer = linear(pass, `${name}.outer`, hidden.output);
  release(inner.output);
  if (hidden.output !== positive) release(positive);
  return residual(pass, x, {
    output: outer.output,
    backward(gradient) {
      const ofHidden = outer.backward(gradient);
      const ofPositive = hidden.backward(ofHidden);
      // What dropout zeroed has no gradient left, so that its output tells the positive places as well as its input.
      const ofInner = reluGradient(ofPositive, hidden.output);
      release(hidden.output, ofHidden, ofPositive);
      const ofNorm = inner.backward(ofInner);
      release(ofInner, norm.output);
      const result = norm.backward(ofNorm);
      release(ofNorm);
      return result;
    },
  });
}
