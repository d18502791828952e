import { expect } from 'vitest';
import { normals, Random, type Tensor, tf } from '../../../../domain/nlp/index.ts';
import type { Example } from '../../../../domain/nlp/transformer/batches.ts';
import type { Layer, Pass } from '../../../../domain/nlp/transformer/layer.ts';
import { floats, floatsOf, type NativeTensor, scoped } from '../../../../domain/nlp/transformer/native.ts';
import type { TransformerShape } from '../../../../domain/nlp/transformer/shape.ts';
import type { Weights } from './plain.ts';

export const smallShape: TransformerShape = {
  vocabulary: 24,
  factors: 3,
  dimensions: 16,
  feedForward: 24,
  heads: 4,
  encoderLayers: 2,
  decoderLayers: 2,
};

/** Greatest difference over the greatest absolute value. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let difference = 0;
  let size = 1e-6;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs((actual[i] as number) - (expected[i] as number)));
    size = Math.max(size, Math.abs(expected[i] as number));
  }
  return difference / size;
}

type Arrays = Record<string, { readonly values: Float32Array; readonly shape: readonly number[] }>;

export function randomArrays(shapes: Record<string, readonly number[]>, seed: number, deviation = 0.5): Arrays {
  const random = new Random(seed);
  const make = (shape: readonly number[]) =>
    normals(
      shape.reduce((a, b) => a * b, 1),
      deviation,
      random,
    );
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { values: make(shape), shape }]));
}

interface Compared {
  /** The parameters, and the inputs under their names. */
  readonly arrays: Arrays;
  /** Names of the inputs among `arrays`. */
  readonly inputs: readonly string[];
  readonly heads?: number;
  native(pass: Pass, input: (name: string) => NativeTensor, addInput: (name: string, g: NativeTensor) => void): Layer;
  plain(weights: Weights): Tensor;
}

/**
 * Expects the native layer's output and its gradients of Σ output · r, for a random r, to be those that TensorFlow.js finds
 * by itself. The first input's gradient is what `backward` returns.
 */
export function expectSameGradients({ arrays, inputs, heads = 1, native, plain }: Compared): void {
  const names = Object.keys(arrays);
  const expected = tf.tidy(() => {
    const variables = new Map(
      names.map((name) => [
        name,
        tf.variable(tf.tensor(arrays[name]?.values as Float32Array, [...(arrays[name]?.shape ?? [])])),
      ]),
    );
    const weights: Weights = (name) => variables.get(name) as Tensor;
    const output = plain(weights);
    const direction = normals(output.size, 1, new Random(99));
    const { grads } = tf.variableGrads(
      () => plain(weights).mul(tf.tensor(direction, output.shape)).sum().asScalar(),
      [...variables.values()],
    );
    const gradients = names.map((name) => {
      const variable = variables.get(name) as NonNullable<ReturnType<typeof variables.get>>;
      return [name, (grads[variable.name] as Tensor).dataSync() as Float32Array] as const;
    });
    const values = output.dataSync() as Float32Array;
    for (const variable of variables.values()) variable.dispose();
    return { values, direction, gradients: Object.fromEntries(gradients) };
  });
  const actual = scoped(() => {
    const tensors = new Map(names.map((name) => [name, floats(arrays[name]!.values.slice(), arrays[name]!.shape)]));
    const gradients = new Map<string, Float32Array>();
    const addGradient = (name: string, gradient: NativeTensor) => {
      expect(gradient.shape).toEqual(arrays[name]?.shape);
      gradients.set(name, floatsOf(gradient));
    };
    const pass: Pass = {
      heads,
      parameter: (name) => tensors.get(name) as NativeTensor,
      addGradient,
      drop: (x) => ({ output: x, backward: (g) => g }),
    };
    const layer = native(pass, (name) => tensors.get(name) as NativeTensor, addGradient);
    const values = floatsOf(layer.output);
    addGradient(inputs[0] as string, layer.backward(floats(expected.direction.slice(), layer.output.shape)));
    return { values, gradients };
  });
  expect(relativeDifference(actual.values, expected.values)).toBeLessThan(1e-5);
  for (const name of names) {
    const difference = relativeDifference(actual.gradients.get(name) ?? [], expected.gradients[name] ?? []);
    expect(difference, name).toBeLessThan(1e-4);
  }
}

/** Examples of random length whose target is the source reversed. */
export function reversals(count: number, random: Random, { symbols = 10, longest = 8 } = {}): Example[] {
  return Array.from({ length: count }, () => {
    const text = Array.from({ length: 1 + random.below(longest) }, () => 3 + random.below(symbols));
    return { source: Int32Array.of(...text, 2), target: Int32Array.of(...text.toReversed(), 2) };
  });
}
