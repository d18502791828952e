import { describe, expect, it } from 'vitest';
import { normals, Random, type Tensor, tf } from '../../../../domain/nlp/index.ts';
import { crossAttention, selfAttention } from '../../../../domain/nlp/transformer/attention.ts';
import { crossEntropy, crossEntropyLoss } from '../../../../domain/nlp/transformer/cross-entropy.ts';
import { dropout } from '../../../../domain/nlp/transformer/dropout.ts';
import { embed, sumScatters } from '../../../../domain/nlp/transformer/embedding.ts';
import { feedForward } from '../../../../domain/nlp/transformer/feed-forward.ts';
import { layerNorm } from '../../../../domain/nlp/transformer/layer-norm.ts';
import { linear } from '../../../../domain/nlp/transformer/linear.ts';
import { countNativeTensors, floats, floatsOf, integersOf, scoped } from '../../../../domain/nlp/transformer/native.ts';
import { add, argMaxLast } from '../../../../domain/nlp/transformer/operations.ts';
import { causalMask } from '../../../../domain/nlp/transformer/stacks.ts';
import {
  plainCrossAttention,
  plainCrossEntropy,
  plainFeedForward,
  plainLinear,
  plainNorm,
  plainSelfAttention,
} from './plain.ts';
import { expectSameGradients, randomArrays, relativeDifference } from './support.ts';

const [batch, length, D, heads] = [3, 5, 16, 4];
const norm = (name: string) => ({ [`${name}.scale`]: [D], [`${name}.bias`]: [D] });
const projection = (name: string, from: number, to: number) => ({
  [`${name}.weight`]: [from, to],
  [`${name}.bias`]: [to],
});

describe('gradients of the layers equal those of automatic differentiation', () => {
  it('linear', () => {
    expectSameGradients({
      arrays: randomArrays({ x: [7, D], ...projection('l', D, 24) }, 1),
      inputs: ['x'],
      native: (pass, input) => linear(pass, 'l', input('x')),
      plain: (w) => plainLinear(w, 'l', w('x')),
    });
  });

  it('layer norm', () => {
    expectSameGradients({
      arrays: randomArrays({ x: [7, D], ...norm('n') }, 2),
      inputs: ['x'],
      native: (pass, input) => layerNorm(pass, 'n', input('x')),
      plain: (w) => plainNorm(w, 'n', w('x')),
    });
  });

  it('feed-forward block', () => {
    expectSameGradients({
      arrays: randomArrays(
        { x: [7, D], ...norm('f.norm'), ...projection('f.inner', D, 24), ...projection('f.outer', 24, D) },
        3,
      ),
      inputs: ['x'],
      native: (pass, input) => feedForward(pass, 'f', input('x')),
      plain: (w) => plainFeedForward(w, 'f', w('x')),
    });
  });

  const ownAttention = {
    x: [batch * length, D],
    ...norm('a.norm'),
    ...projection('a.qkv', D, 3 * D),
    ...projection('a.output', D, D),
  };

  it('self-attention without a mask', () => {
    expectSameGradients({
      arrays: randomArrays(ownAttention, 4),
      inputs: ['x'],
      heads,
      native: (pass, input) => selfAttention(pass, 'a', input('x'), batch, undefined),
      plain: (w) => plainSelfAttention(w, 'a', w('x'), { batch, heads }),
    });
  });

  it('self-attention that must not look ahead', () => {
    const mask = scoped(() => floatsOf(causalMask(length)));
    expectSameGradients({
      arrays: randomArrays(ownAttention, 5),
      inputs: ['x'],
      heads,
      native: (pass, input) => selfAttention(pass, 'a', input('x'), batch, causalMask(length)),
      plain: (w) => plainSelfAttention(w, 'a', w('x'), { batch, heads, mask: tf.tensor(mask, [1, 1, length, length]) }),
    });
  });

  it('attention to a padded source of another length', () => {
    const sourceLength = 4;
    const mask = new Float32Array(batch * sourceLength);
    mask[3] = -1e9;
    mask[6] = mask[7] = -1e9;
    expectSameGradients({
      arrays: randomArrays(
        {
          x: [batch * length, D],
          memory: [batch * sourceLength, D],
          ...norm('c.norm'),
          ...projection('c.query', D, D),
          ...projection('c.keyValue', D, 2 * D),
          ...projection('c.output', D, D),
        },
        6,
      ),
      inputs: ['x', 'memory'],
      heads,
      native: (pass, input, addInput) =>
        crossAttention(
          pass,
          'c',
          input('x'),
          input('memory'),
          batch,
          floats(mask, [1, batch, 1, 1, sourceLength]),
          (g) => addInput('memory', g),
        ),
      plain: (w) =>
        plainCrossAttention(w, 'c', w('x'), w('memory'), {
          batch,
          heads,
          mask: tf.tensor(mask, [batch, 1, 1, sourceLength]),
        }),
    });
  });

  it('embeddings with factors', () => {
    const ids = Int32Array.of(3, 4, 2, 4, 4, 2);
    const factors = Int32Array.of(0, 1, 0, 2, 1, 0);
    expectSameGradients({
      arrays: randomArrays({ embedding: [9, D], factorEmbedding: [3, D] }, 7),
      inputs: ['embedding'],
      native: (pass) => {
        const { output, backward } = embed(pass, ids, factors, 3);
        return { output, backward: (gradient) => sumScatters([backward(gradient)], 9) };
      },
      plain: (w) => {
        const found = tf.gather(w('embedding'), tf.tensor1d(ids, 'int32')).mul(Math.sqrt(D));
        const angles = (p: number) => Array.from({ length: D / 2 }, (_, j) => p / 10_000 ** ((2 * j) / D));
        const places = tf.tensor2d(
          [0, 1, 2, 0, 1, 2].map((p) => [...angles(p).map(Math.sin), ...angles(p).map(Math.cos)]),
        );
        return found.add(tf.gather(w('factorEmbedding'), tf.tensor1d(factors, 'int32'))).add(places);
      },
    });
  });
});

describe('cross-entropy', () => {
  // More rows and words than a chunk holds, so that the gradients of several are summed.
  const [rows, V] = [300, 6000];
  const random = new Random(8);
  const labels = Int32Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? 0 : 1 + random.below(V - 1)));
  const tokens = labels.filter((id) => id !== 0).length;
  const y = normals(rows * D, 1, random);
  const E = normals(V * D, 0.5, random);

  it.each([0, 0.1])('has the value and gradients of one-hot labels, smoothed by %d', (smoothing) => {
    const expected = tf.tidy(() => {
      const [vy, ve] = [tf.variable(tf.tensor2d(y, [rows, D])), tf.variable(tf.tensor2d(E, [V, D]))];
      const { value, grads } = tf.variableGrads(() =>
        plainCrossEntropy(tf.matMul(vy, ve, false, true), labels, smoothing).asScalar(),
      );
      const all = [value, grads[vy.name], grads[ve.name]].map((t) => (t as Tensor).dataSync());
      vy.dispose();
      ve.dispose();
      return all;
    });
    const actual = scoped(() => {
      const embedding = floats(E, [V, D]);
      const { loss, gradient } = crossEntropy(floats(y, [rows, D]), embedding, { ids: labels, tokens, smoothing });
      const whole = add(gradient.embedding, sumScatters([gradient.labels], V));
      const alone = crossEntropyLoss(floats(y, [rows, D]), embedding, { ids: labels, tokens, smoothing });
      return [loss, gradient.y, whole, alone].map((t) => floatsOf(t));
    });
    expect(actual[0]?.[0]).toBeCloseTo(expected[0]?.[0] as number, 4);
    expect(actual[3]?.[0]).toBeCloseTo(expected[0]?.[0] as number, 4);
    expect(relativeDifference(actual[1] ?? [], expected[1] ?? [])).toBeLessThan(1e-4);
    expect(relativeDifference(actual[2] ?? [], expected[2] ?? [])).toBeLessThan(1e-4);
  });

  it('has the value and gradients of the divergence between two predictions of the same labels', () => {
    const [half, words, weight] = [90, 500, 1.7];
    const own = Int32Array.from({ length: half }, (_, i) => (i % 5 === 0 ? 0 : 1 + random.below(words - 1)));
    const both = Int32Array.of(...own, ...own);
    const [y2, E2] = [normals(2 * half * D, 1, random), normals(words * D, 0.5, random)];
    const expected = tf.tidy(() => {
      const [vy, ve] = [tf.variable(tf.tensor2d(y2, [2 * half, D])), tf.variable(tf.tensor2d(E2, [words, D]))];
      const { value, grads } = tf.variableGrads(() => {
        const logits = tf.matMul(vy, ve, false, true);
        const [p, q] = tf.split(tf.logSoftmax(logits), 2) as [Tensor, Tensor];
        const counts = tf.tensor1d(Float32Array.from(own, (id) => (id === 0 ? 0 : 1)));
        const divergence = p.exp().sub(q.exp()).mul(p.sub(q)).sum(-1).mul(counts).sum().div(counts.sum());
        return plainCrossEntropy(logits, both, 0.1)
          .add(divergence.mul(weight / 2))
          .asScalar();
      });
      const all = [value, grads[vy.name], grads[ve.name]].map((t) => (t as Tensor).dataSync());
      vy.dispose();
      ve.dispose();
      return all;
    });
    const actual = scoped(() => {
      const tokens = both.filter((id) => id !== 0).length;
      const labels = { ids: both, tokens, smoothing: 0.1, consistency: weight };
      const { loss, gradient } = crossEntropy(floats(y2, [2 * half, D]), floats(E2, [words, D]), labels);
      const whole = add(gradient.embedding, sumScatters([gradient.labels], words));
      return [loss, gradient.y, whole].map((t) => floatsOf(t));
    });
    expect(actual[0]?.[0]).toBeCloseTo(expected[0]?.[0] as number, 4);
    expect(relativeDifference(actual[1] ?? [], expected[1] ?? [])).toBeLessThan(1e-4);
    expect(relativeDifference(actual[2] ?? [], expected[2] ?? [])).toBeLessThan(1e-4);
  });

  it('stays finite where one logit is far above all others', () => {
    const loud = y.map((value) => value * 100);
    const values = scoped(() => {
      const { loss, gradient } = crossEntropy(floats(loud, [rows, D]), floats(E, [V, D]), {
        ids: labels,
        tokens,
        smoothing: 0.1,
      });
      return [loss, gradient.y, gradient.embedding].flatMap((t) => [...floatsOf(t)]);
    });
    expect(values.every(Number.isFinite)).toBe(true);
  });
});

describe('dropout', () => {
  const ones = (shape: readonly number[]) => floats(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1), shape);
  const drawn = (rate: number, seed: [number, number], shape: readonly number[] = [200, 50]) =>
    scoped(() => floatsOf(dropout(ones(shape), rate, seed).output));

  it('zeroes the given share and keeps the mean', () => {
    const values = drawn(0.3, [5, 1]);
    expect(values.filter((v) => v === 0).length / values.length).toBeCloseTo(0.3, 1);
    expect(values.reduce((a, b) => a + b) / values.length).toBeCloseTo(1, 1);
    expect(new Set(values).size).toBe(2);
  });

  it('draws the same for the same seed, other values for another place or step, and takes any size', () => {
    expect(drawn(0.3, [5, 1])).toEqual(drawn(0.3, [5, 1]));
    expect(drawn(0.3, [5, 1])).not.toEqual(drawn(0.3, [6, 1]));
    expect(drawn(0.3, [5, 1])).not.toEqual(drawn(0.3, [5, 2]));
    expect(drawn(0.3, [5, 1], [3, 3, 3])).toHaveLength(27);
  });

  it('lets the gradient through where the value went through', () => {
    scoped(() => {
      const layer = dropout(ones([40, 7]), 0.5, [1, 2]);
      const forward = floatsOf(layer.output);
      expect(floatsOf(layer.backward(ones([40, 7])))).toEqual(forward);
    });
  });
});

describe('native tensors', () => {
  it('are freed at the end of their scope, also after an error', () => {
    const before = countNativeTensors();
    expect(() =>
      scoped(() => {
        floats(new Float32Array(4), [4]);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(countNativeTensors()).toBe(before);
  });

  it('say which op failed, and why', () => {
    const sum = () => scoped(() => add(floats(new Float32Array(3), [3]), floats(new Float32Array(4), [4])));
    expect(sum).toThrow(/AddV2|Incompatible|shapes/i);
  });

  it('argMax gives the lowest number among equals', () => {
    const found = scoped(() => integersOf(argMaxLast(floats(Float32Array.of(1, 5, 5, 0, 0, 0), [2, 3]))));
    expect([...found]).toEqual([1, 0]);
  });
});
