import { afterAll, describe, expect, it } from 'vitest';
import { tf } from '../../../../domain/nlp/index.ts';
import { exportGraph } from '../../../../domain/nlp/onnx/index.ts';
import { dataOf, float32, int64, type OnnxTensors, SessionThreads } from '../../../../domain/serving/index.ts';
import { parametersOf, ReferenceTransformer, randomWeights } from '../../../support/reference-transformer.ts';

const shapes = {
  'several layers and factors': {
    vocabulary: 61,
    factors: 3,
    dimensions: 32,
    feedForward: 48,
    heads: 4,
    encoderLayers: 2,
    decoderLayers: 3,
  },
  'one factor, a vocabulary cut into blocks with padding': {
    vocabulary: 2111,
    factors: 1,
    dimensions: 16,
    feedForward: 16,
    heads: 2,
    encoderLayers: 1,
    decoderLayers: 1,
  },
};
const threads = new SessionThreads(1);
afterAll(() => threads.close());

const ids = [
  [5, 9, 33, 4, 60, 2],
  [7, 8, 2, 0, 0, 0],
];
const factorsOf = (kinds: number) => ids.map((row) => row.map((id, i) => (id === 0 ? 0 : (i * 2 + id) % kinds)));
const flat = (rows: number[][]) => int64(rows.flat(), [rows.length, rows[0]!.length]);

function farthest(a: Float32Array, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

describe.each(Object.entries(shapes))('a float32 model with %s computes what the reference does', (_, shape) => {
  const weights = randomWeights(shape, 3);
  const reference = new ReferenceTransformer(shape, parametersOf(shape, weights));
  const factors = factorsOf(shape.factors);
  const source = { ids: flat(ids), ...(shape.factors > 1 ? { factors: flat(factors) } : {}) };

  it('in the encoder', async () => {
    const session = await threads.open(exportGraph(shape, weights, 'encoder', 'float32'));
    const encoded = dataOf(await session.run(source), 'encoded', 'float32');
    const expected = tf.tidy(() => reference.encode(ids, factors).dataSync());
    // What stands at padding is nobody's business.
    const used = ids.flat().flatMap((id) => Array<boolean>(shape.dimensions).fill(id !== 0));
    expect(
      farthest(
        encoded.filter((__, i) => used[i]),
        expected.filter((__, i) => used[i]),
      ),
    ).toBeLessThan(1e-4);
    await session.release();
  });

  it('in every step of the decoder, whichever hypothesis a row continues', async () => {
    const encoder = await threads.open(exportGraph(shape, weights, 'encoder', 'float32'));
    const step = await threads.open(exportGraph(shape, weights, 'step', 'float32'));
    const one = [ids[0]!];
    const { encoded: __, ...read } = await encoder.run({
      ids: flat(one),
      ...(shape.factors > 1 ? { factors: flat([factors[0]!]) } : {}),
    });
    const none = float32(new Float32Array(0), [1, shape.heads, 0, shape.dimensions / shape.heads]);
    const past = (outputs: OnnxTensors | undefined) =>
      Object.fromEntries(
        Array.from({ length: shape.decoderLayers }, (___, i) =>
          ['key', 'value'].map((part) => [`past.${i}.${part}`, outputs?.[`present.${i}.${part}`] ?? none] as const),
        ).flat(),
      );
    // Two hypotheses part after the first step, then both continue the second of them.
    const steps = [
      { token: [1], parents: [0], prefixes: [[1]] },
      {
        token: [11, 12],
        parents: [0, 0],
        prefixes: [
          [1, 11],
          [1, 12],
        ],
      },
      {
        token: [20, 21, 22],
        parents: [1, 0, 1],
        prefixes: [
          [1, 12, 20],
          [1, 11, 21],
          [1, 12, 22],
        ],
      },
    ];
    let outputs: OnnxTensors | undefined;
    for (const [position, { token, parents, prefixes }] of steps.entries()) {
      outputs = await step.run({
        ...read,
        ...past(outputs),
        token: int64(token, [token.length]),
        parents: int64(parents, [parents.length]),
        position: int64([position]),
      });
      const rows = dataOf(outputs, 'logProbabilities', 'float32');
      const width = rows.length / token.length;
      prefixes.forEach((prefix, row) => {
        const expected = tf.tidy(() => {
          const logits = reference.decode(reference.encode(one, [factors[0]!]), one, [prefix]);
          return tf.logSoftmax(logits.slice([0, position], [1, 1])).dataSync();
        });
        const got = rows.subarray(row * width, row * width + shape.vocabulary);
        expect(farthest(got, expected)).toBeLessThan(1e-4);
      });
    }
    await Promise.all([encoder.release(), step.release()]);
  });

  it('in greedy decoding, with its log-probabilities', async () => {
    const session = await threads.open(exportGraph(shape, weights, 'greedy', 'float32'));
    const outputs = await session.run({ ...source, maxLength: int64([8]) });
    const tokens = dataOf(outputs, 'tokens', 'int64');
    const logs = dataOf(outputs, 'logProbabilities', 'float32');
    ids.forEach((row, b) => {
      const length = row.indexOf(2) + 1;
      const expected = reference.greedy(row.slice(0, length), factors[b]!.slice(0, length), 8);
      const got = Array.from({ length: tokens.length / 2 }, (__, t) => Number(tokens[2 * t + b]));
      const end = got.findIndex((id) => id <= 2);
      const steps = end < 0 ? got.length : end + 1;
      expect(got.slice(0, end < 0 ? undefined : end)).toEqual(expected.ids);
      const sum = Array.from({ length: steps }, (__, t) => logs[2 * t + b]!).reduce((a, c) => a + c, 0);
      expect(sum).toBeCloseTo(expected.logProbability, 3);
    });
    await session.release();
  });
});

describe('an int8 model', () => {
  it('has nearly the probabilities of the float32 one', async () => {
    const shape = shapes['several layers and factors'];
    const weights = randomWeights(shape, 3);
    const rows = await Promise.all(
      (['float32', 'int8'] as const).map(async (precision) => {
        const session = await threads.open(exportGraph(shape, weights, 'encoder', precision));
        const outputs = await session.run({ ids: flat(ids), factors: flat(factorsOf(3)) });
        await session.release();
        return dataOf(outputs, 'encoded', 'float32');
      }),
    );
    const [exact, rounded] = rows as [Float32Array, Float32Array];
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
    expect(dot(exact, rounded) / Math.sqrt(dot(exact, exact) * dot(rounded, rounded))).toBeGreaterThan(0.998);
  });
});

describe('exportGraph', () => {
  it('names the weight that is missing or has another size', () => {
    const shape = shapes['several layers and factors'];
    const weights = randomWeights(shape, 3);
    const { 'decoder.norm.bias': _, ...without } = weights;
    expect(() => exportGraph(shape, without, 'beam', 'int8')).toThrow('decoder.norm.bias has no numbers');
    expect(() => exportGraph({ ...shape, feedForward: 50 }, weights, 'greedy', 'float32')).toThrow('feedForward.inner');
  });
});
