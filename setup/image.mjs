// What the container image needs: packages, the TensorFlow addon and the build; servers run beside it.
import { build } from './build.mjs';
import { fail } from './console.mjs';
import { checkNode, installPackages } from './packages.mjs';
import { installTensorFlow } from './tensorflow.mjs';

try {
  checkNode();
  await installPackages();
  await installTensorFlow();
  await build();
} catch (error) {
  fail(error);
}
