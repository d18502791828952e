import { describe, expect, it } from 'vitest';
import { Random, silentHooks, type TrainHooks } from '../../../../domain/nlp/index.ts';
import {
  averageWeights,
  type Example,
  initialWeights,
  mixWeights,
  type TrainOptions,
  Transformer,
  toBatch,
  trainTransformer,
  translateGreedy,
} from '../../../../domain/nlp/transformer/index.ts';
import { countNativeTensors } from '../../../../domain/nlp/transformer/native.ts';
import { inverseSquareRoot } from '../../../../domain/nlp/transformer/schedule.ts';
import { reversals, smallShape } from './support.ts';

const examples = reversals(300, new Random(1));
const dev = reversals(40, new Random(2));
const quick: TrainOptions = {
  shape: smallShape,
  examples: () => examples,
  dev,
  tokensPerBatch: 512,
  warmup: 10,
  epochs: 3,
  dropout: { embedding: 0.1, residual: 0.1, attention: 0.1, feedForward: 0.1 },
  checkpointSeconds: 0,
  seed: 7,
};

/** A checkpoint in memory; fires `stop` at its `stopAt`th save. */
function memory(stopAt = Infinity): Pick<TrainHooks, 'checkpoint' | 'signal'> & { saves(): number } {
  const stop = new AbortController();
  let kept: Uint8Array | null = null;
  let saves = 0;
  return {
    signal: stop.signal,
    saves: () => saves,
    checkpoint: {
      load: async () => kept,
      save: async (bytes) => {
        kept = bytes;
        if (++saves === stopAt) stop.abort();
      },
    },
  };
}

describe('trainTransformer', () => {
  it('learns to reverse digits that it never saw, and decodes them', async () => {
    const task = { symbols: 10, longest: 3 };
    const layers = { encoderLayers: 1, decoderLayers: 1 };
    const shape = { ...smallShape, ...layers, vocabulary: 13, dimensions: 48, feedForward: 96 };
    const random = new Random(5);
    const trained = await trainTransformer(
      {
        shape,
        examples: () => reversals(1500, random, task),
        dev: reversals(40, new Random(2), task),
        tokensPerBatch: 384,
        rate: 0.007,
        warmup: 50,
        epochs: 30,
        labelSmoothing: 0,
        dropout: {},
        average: 3,
        seed: 3,
      },
      silentHooks(),
    );
    const test = reversals(200, new Random(77), task);
    const translations = translateGreedy(shape, trained.weights, test);
    const right = test.filter(({ target }, i) => translations[i]?.join() === target.subarray(0, -1).join());
    expect(right.length).toBeGreaterThanOrEqual(198);
    expect(trained.devLoss).toBeLessThan(0.1);
  });

  it('goes on from a checkpoint within an epoch to the same bits', async () => {
    const whole = await trainTransformer(quick, silentHooks());
    const first = memory(8);
    await expect(trainTransformer(quick, { ...silentHooks(), ...first })).rejects.toMatchObject({ code: 'CANCELLED' });
    const resumed = await trainTransformer(quick, { ...silentHooks(), checkpoint: first.checkpoint });
    expect(resumed.weights).toEqual(whole.weights);
    const timeless = ({ seconds: _, ...rest }: (typeof whole.history)[number]) => rest;
    expect(resumed.history.map(timeless)).toEqual(whole.history.map(timeless));
    // One after every step but the last.
    expect(first.saves()).toBe(whole.steps - 1);
  });

  it('begins anew when the checkpoint is of other options', async () => {
    const kept = memory();
    await trainTransformer({ ...quick, epochs: 1 }, { ...silentHooks(), ...kept });
    const other = await trainTransformer({ ...quick, epochs: 1, seed: 8 }, { ...silentHooks(), ...kept });
    const fresh = await trainTransformer({ ...quick, epochs: 1, seed: 8 }, silentHooks());
    expect(other.weights).toEqual(fresh.weights);
  });

  it('begins anew when the checkpoint cannot be read', async () => {
    const checkpoint = { load: async () => Uint8Array.of(1, 2, 3), save: async () => {} };
    const trained = await trainTransformer({ ...quick, epochs: 1 }, { ...silentHooks(), checkpoint });
    expect(trained.stopped).toBe('epochs');
  });

  it('says so when training diverges', async () => {
    const wild = { ...quick, rate: 10, warmup: 0, epochs: 50, start: { ...initialWeights(smallShape, 1) } };
    wild.start['embedding'] = new Float32Array(smallShape.vocabulary * smallShape.dimensions).fill(Number.NaN);
    await expect(trainTransformer(wild, silentHooks())).rejects.toThrow(/loss of step 1 is NaN: training diverged/);
  });

  it('stops when the development set no longer gets better, and gives the weights of the best', async () => {
    const scores = [1, 3, 2, 2, 1, 9, 9];
    let asked = 0;
    const trained = await trainTransformer(
      { ...quick, epochs: 50, patience: 3, average: 1, devScore: () => scores[asked++] ?? 0 },
      silentHooks(),
    );
    expect(trained.stopped).toBe('patience');
    expect(trained.history.map(({ score }) => score)).toEqual([1, 3, 2, 2, 1]);
    const two = await trainTransformer({ ...quick, epochs: 2, average: 1, devScore: () => asked++ }, silentHooks());
    expect(trained.weights).toEqual(two.weights);
  });

  it('averages the best snapshots', async () => {
    const snapshots: number[] = [];
    const trained = await trainTransformer({ ...quick, epochs: 6, average: 3 }, silentHooks());
    for (const { devLoss } of trained.history) snapshots.push(devLoss);
    expect(trained.devLoss).toBeLessThanOrEqual(Math.min(...snapshots));
  });

  it.each([
    [{ steps: 4 }, 'steps', 4],
    [{ hours: 1e-6 }, 'time', 0],
  ] as const)('stops at the limit %j, and evaluates what it has', async (limit, stopped, steps) => {
    const trained = await trainTransformer({ ...quick, epochs: 50, ...limit }, silentHooks());
    expect(trained).toMatchObject({ stopped, steps });
    expect(trained.history).toHaveLength(1);
  });

  it('goes on from given weights', async () => {
    const general = await trainTransformer({ ...quick, epochs: 12, average: 1 }, silentHooks());
    const adapted = await trainTransformer(
      { ...quick, start: general.weights, epochs: 1, warmup: 0, rate: 1e-5, average: 1 },
      silentHooks(),
    );
    expect(adapted.history[0]?.devLoss).toBeCloseTo(general.devLoss, 2);
  });

  it('goes a part of the way back to the weights it began with, as long as that does no worse', async () => {
    const { weights: start } = await trainTransformer({ ...quick, epochs: 2, average: 1 }, silentHooks());
    const adapt = (scores: readonly number[]) => {
      let asked = 0;
      const options = { ...quick, start, epochs: 1, average: 1, devScore: () => scores[asked++] ?? 0 };
      return trainTransformer(options, silentHooks());
    };
    const whole = await adapt([5, 5, 4]);
    const partly = await adapt([5, 5, 6, 7, 6, 9]);
    expect(partly.devScore).toBe(7);
    expect(partly.weights).toEqual(mixWeights(start, whole.weights, 0.9));
    expect(partly.weights).not.toEqual(whole.weights);
  });

  it('reports steps, losses and speed, and leaves no native tensor behind', async () => {
    const before = countNativeTensors();
    const progress: [number, number, string][] = [];
    const metrics = new Set<string>();
    const hooks: TrainHooks = {
      ...silentHooks(),
      progress: (...report) => progress.push(report),
      metric: (name) => metrics.add(name),
    };
    const { steps } = await trainTransformer(quick, hooks);
    expect(progress.at(-1)).toEqual([steps, steps, 'steps']);
    expect(progress.every(([done, total]) => done <= total)).toBe(true);
    expect([...metrics].sort()).toEqual(['dev_loss', 'tokens_per_s', 'train_loss']);
    expect(countNativeTensors()).toBe(before);
  });

  it('refuses options out of range and data that is not there', async () => {
    const train = (options: Partial<TrainOptions>) => trainTransformer({ ...quick, ...options }, silentHooks());
    await expect(train({ rate: -1, dropout: { residual: 1 } })).rejects.toThrow(/rate -1 .*dropout.residual 1 /);
    await expect(train({ dev: [] })).rejects.toMatchObject({ code: 'DATA_MISSING' });
    await expect(train({ examples: () => [] })).rejects.toThrow('no examples in epoch 0');
    const wrong: Example = { source: Int32Array.of(99, 2), target: Int32Array.of(2) };
    await expect(train({ examples: () => [wrong] })).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
  });
});

describe('greedy decoding', () => {
  it('says at every position what the whole decoder finds most probable', () => {
    const weights = initialWeights(smallShape, 12);
    const model = new Transformer(smallShape, { labelSmoothing: 0 }, weights);
    const sources = reversals(5, new Random(9));
    const longest = () => 4;
    const translations = model.translate(sources, { longest, tokensPerBatch: 20 });
    sources.forEach(({ source }, i) => {
      const said = translations[i] ?? new Int32Array(0);
      for (let at = 0; at < said.length; at++) {
        // The loss of a target is the sum of its subwords' losses; no other subword at its end makes it smaller.
        const losses = Array.from({ length: smallShape.vocabulary - 1 }, (_, id) => {
          const target = Int32Array.of(...said.subarray(0, at), id + 1);
          return model.loss(toBatch([{ source, target }])) * target.length;
        });
        expect(losses.indexOf(Math.min(...losses)) + 1).toBe(said[at]);
      }
    });
    model.dispose();
  });

  it('translates a sentence alone as among others', () => {
    const weights = initialWeights(smallShape, 13);
    const sources = reversals(9, new Random(10));
    const together = translateGreedy(smallShape, weights, sources);
    const alone = sources.flatMap((source) => translateGreedy(smallShape, weights, [source]));
    expect(together).toEqual(alone);
  });
});

describe('averageWeights', () => {
  it('is the mean, and the same for equal weights', () => {
    const [a, b] = [{ w: Float32Array.of(1, 2) }, { w: Float32Array.of(3, 6) }];
    expect(averageWeights([a, b])).toEqual({ w: Float32Array.of(2, 4) });
    const odd = { w: Float32Array.of(0.1, 1 / 3) };
    expect(averageWeights([odd, odd, odd])).toEqual(odd);
    expect(() => averageWeights([])).toThrow(RangeError);
  });
});

describe('mixWeights', () => {
  it('is on the line between two', () => {
    const [a, b] = [{ w: Float32Array.of(0, 2) }, { w: Float32Array.of(4, 6) }];
    expect(mixWeights(a, b, 0.25)).toEqual({ w: Float32Array.of(1, 3) });
    expect([mixWeights(a, b, 0), mixWeights(a, b, 1)]).toEqual([a, b]);
  });
});

describe('inverseSquareRoot', () => {
  it('rises to the peak and falls with the root', () => {
    const at = (step: number) => inverseSquareRoot(step, { rate: 0.002, warmup: 100 });
    expect(at(50)).toBeCloseTo(0.001, 9);
    expect(at(100)).toBeCloseTo(0.002, 9);
    expect(at(400)).toBeCloseTo(0.001, 9);
    expect(inverseSquareRoot(1, { rate: 0.002, warmup: 0 })).toBe(0.002);
  });
});
