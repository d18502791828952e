import { describe, expect, it } from 'vitest';
import { Random, type Tensor, tf } from '../../../../domain/nlp/index.ts';
import { type Example, toBatch } from '../../../../domain/nlp/transformer/batches.ts';
import { countNativeTensors } from '../../../../domain/nlp/transformer/native.ts';
import { initialWeights, parameterShapes } from '../../../../domain/nlp/transformer/parameters.ts';
import { Transformer, type TransformerOptions } from '../../../../domain/nlp/transformer/transformer.ts';
import { plainLoss } from './plain.ts';
import { relativeDifference, reversals, smallShape } from './support.ts';

const examples: Example[] = reversals(6, new Random(3)).map((example) => ({
  ...example,
  factors: Uint8Array.from(example.source, (id) => id % 3),
}));
const batch = toBatch(examples);
const padded = (count: number, more: number): Int32Array => new Int32Array(count + more);

describe('Transformer', () => {
  it('has the loss and the gradients of the plain model', () => {
    const weights = initialWeights(smallShape, 4);
    const expected = tf.tidy(() => {
      const variables = new Map(
        [...parameterShapes(smallShape)].map(([name, shape]) => [
          name,
          tf.variable(tf.tensor(weights[name] as Float32Array, [...shape])),
        ]),
      );
      const { value, grads } = tf.variableGrads(() =>
        plainLoss(smallShape, (name) => variables.get(name) as Tensor, batch, 0.1).asScalar(),
      );
      const gradients = [...variables].map(([name, v]) => [name, (grads[v.name] as Tensor).dataSync()] as const);
      for (const variable of variables.values()) variable.dispose();
      return { loss: value.dataSync()[0] as number, gradients: Object.fromEntries(gradients) };
    });
    const model = new Transformer(smallShape, { labelSmoothing: 0.1 }, weights);
    const { loss, gradients } = model.gradients(batch);
    model.dispose();
    expect(loss).toBeCloseTo(expected.loss, 5);
    expect(Object.keys(gradients).sort()).toEqual([...parameterShapes(smallShape).keys()].sort());
    for (const [name, values] of Object.entries(expected.gradients))
      expect(relativeDifference(gradients[name] ?? [], values), name).toBeLessThan(1e-4);
  });

  it('gives the same loss and gradients when a batch is padded more', () => {
    const model = new Transformer(smallShape, { labelSmoothing: 0.1 });
    const wider = (values: Int32Array, width: number, to: number) => {
      const out = padded((values.length / width) * to, 0);
      for (let row = 0; row < values.length / width; row++)
        out.set(values.subarray(row * width, (row + 1) * width), row * to);
      return out;
    };
    const { source, targetLength } = batch;
    const [sourceTo, targetTo] = [source.length + 3, targetLength + 2];
    const more = {
      source: {
        rows: source.rows,
        length: sourceTo,
        isPadded: true,
        ids: wider(source.ids, source.length, sourceTo),
        factors: wider(source.factors, source.length, sourceTo),
      },
      targetLength: targetTo,
      input: wider(batch.input, targetLength, targetTo),
      labels: wider(batch.labels, targetLength, targetTo),
      tokens: batch.tokens,
    };
    const [narrow, wide] = [model.gradients(batch), model.gradients(more)];
    expect(model.loss(more)).toBeCloseTo(model.loss(batch), 5);
    model.dispose();
    expect(wide.loss).toBeCloseTo(narrow.loss, 5);
    for (const [name, values] of Object.entries(narrow.gradients))
      expect(relativeDifference(wide.gradients[name] ?? [], values), name).toBeLessThan(1e-4);
  });

  it('makes the steps of Adam', () => {
    const model = new Transformer(smallShape, { labelSmoothing: 0, adam: { epsilon: 1e-8 } });
    const before = model.weights();
    const moments = new Map(
      Object.entries(before).map(([name, w]) => [name, { w: w.slice(), m: w.map(() => 0), v: w.map(() => 0) }]),
    );
    for (let t = 1; t <= 3; t++) {
      const { gradients } = model.gradients(batch);
      model.step(batch, 0.01);
      for (const [name, { w, m, v }] of moments) {
        const g = gradients[name] as Float32Array;
        for (let i = 0; i < w.length; i++) {
          m[i] = 0.9 * (m[i] as number) + 0.1 * (g[i] as number);
          v[i] = 0.98 * (v[i] as number) + 0.02 * (g[i] as number) ** 2;
          const [first, second] = [(m[i] as number) / (1 - 0.9 ** t), (v[i] as number) / (1 - 0.98 ** t)];
          w[i] = (w[i] as number) - (0.01 * first) / (Math.sqrt(second) + 1e-8);
        }
      }
    }
    const after = model.weights();
    model.dispose();
    for (const [name, { w }] of moments) {
      // A gradient of no more than rounding has a direction by chance: keys' biases shift all scores alike.
      if (/qkv.bias|keyValue.bias/.test(name)) continue;
      expect(relativeDifference(after[name] ?? [], w), name).toBeLessThan(2e-3);
    }
  });

  it('gives one pass what two equal passes give, and learns from their difference under dropout', () => {
    const weights = initialWeights(smallShape, 6);
    const gradientsOf = (options: TransformerOptions) => {
      const model = new Transformer(smallShape, options, weights);
      const result = model.gradients(batch);
      model.dispose();
      return result;
    };
    const [one, two] = [gradientsOf({}), gradientsOf({ consistency: 2 })];
    expect(two.loss).toBeCloseTo(one.loss, 5);
    for (const [name, values] of Object.entries(one.gradients))
      expect(relativeDifference(two.gradients[name] ?? [], values), name).toBeLessThan(1e-4);
    const dropout = { residual: 0.3 };
    expect(gradientsOf({ dropout, consistency: 9 }).loss).toBeGreaterThan(
      gradientsOf({ dropout, consistency: 1e-9 }).loss + 0.1,
    );
  });

  it('keeps no native tensor from step to step, and none when disposed', () => {
    const all = { embedding: 0.1, residual: 0.1, attention: 0.1, feedForward: 0.1 };
    const train = () => {
      const model = new Transformer(smallShape, { dropout: all, clip: 1, consistency: 1 });
      model.step(batch, 0.001);
      const before = countNativeTensors();
      for (let i = 0; i < 5; i++) model.step(batch, 0.001);
      model.loss(batch);
      model.weights();
      expect(countNativeTensors()).toBe(before);
      model.dispose();
    };
    // The first time makes constants of the process.
    train();
    const before = [countNativeTensors(), tf.memory().numTensors];
    train();
    expect([countNativeTensors(), tf.memory().numTensors]).toEqual(before);
  });

  it('steps by at most the clipped gradient', () => {
    const tight = new Transformer(smallShape, { clip: 1e-6, adam: { epsilon: 1 } });
    const loose = new Transformer(smallShape, { adam: { epsilon: 1 } });
    const before = tight.weights();
    tight.step(batch, 1);
    loose.step(batch, 1);
    const moved = (model: Transformer) =>
      Math.hypot(
        ...Object.entries(model.weights()).flatMap(([n, w]) => [...w].map((x, i) => x - (before[n]?.[i] ?? 0))),
      );
    expect(moved(tight)).toBeLessThan(2e-6);
    expect(moved(loose)).toBeGreaterThan(1e-2);
    tight.dispose();
    loose.dispose();
  });

  it('goes on from a saved state to the same bits', () => {
    const options = { dropout: { embedding: 0.1, residual: 0.2, attention: 0.1, feedForward: 0.1 }, seed: 5 };
    const model = new Transformer(smallShape, options);
    for (let i = 0; i < 3; i++) model.step(batch, 0.002);
    const state = model.state();
    const losses = [1, 2, 3].map(() => model.step(batch, 0.002).loss);
    const other = new Transformer(smallShape, options);
    other.restore(state);
    expect([1, 2, 3].map(() => other.step(batch, 0.002).loss)).toEqual(losses);
    expect(other.weights()).toEqual(model.weights());
    model.dispose();
    other.dispose();
  });

  it('refuses shapes and weights that do not hold, and says why', () => {
    const odd = () => new Transformer({ ...smallShape, dimensions: 18, heads: 4, decoderLayers: 0 });
    expect(odd).toThrow(/dimensions 18 is no multiple of the 4 heads/);
    expect(odd).toThrow(/decoderLayers 0 is no whole number from 1/);
    const { embedding: _, ...rest } = initialWeights(smallShape, 1);
    expect(() => new Transformer(smallShape, {}, rest)).toThrow(/embedding have no values/);
  });
});
