import { describe, expect, it } from 'vitest';
import {
  type Booster,
  type BoostingOptions,
  boosterArrays,
  boosterFrom,
  boosterMeta,
  lambdarank,
  logistic,
  ndcg,
  scoreRows,
  trainBooster,
  treesOf,
} from '../../../domain/boosting/index.ts';
import { silentHooks } from '../../../domain/nlp/hooks.ts';
import { packBytes, unpackBytes } from '../../../domain/nlp/pack.ts';
import { drawLabels, dyingHooks, plantedLists, uniform } from './planted.ts';

const lists = plantedLists(60, 1);
const options: BoostingOptions = { seed: 7, rounds: 24, leaves: 8, checkpointEvery: 5 };
const bytesOf = (booster: Booster) =>
  packBytes({ kind: 'booster', version: 1, meta: boosterMeta(booster), arrays: boosterArrays(booster) });
const train = (changes: Partial<BoostingOptions> = {}) =>
  trainBooster(lists, lambdarank(lists), { ...options, ...changes }, silentHooks());

describe('scores', () => {
  it('of rows do not depend on what stands beside them', async () => {
    const booster = await train({ leaves: 12 });
    const { features, width } = lists;
    const rows = 301;
    const many = scoreRows(booster, features.slice(0, rows * width));
    for (const row of [0, 1, 255, 256, 299, 300])
      expect(scoreRows(booster, features.slice(row * width, (row + 1) * width))[0]).toBe(many[row]);
    // A missing value is looked for in another way.
    const missing = Float32Array.from([
      ...features.slice(0, rows * width),
      ...new Array<number>(width).fill(Number.NaN),
    ]);
    expect(scoreRows(booster, missing).slice(0, rows)).toEqual(many);
  });
});

describe('the same again', () => {
  it('gives the same bytes with the same seed, others with another', async () => {
    const [one, again, other] = [await train(), await train(), await train({ seed: 8 })];
    expect(bytesOf(again)).toEqual(bytesOf(one));
    expect(bytesOf(other)).not.toEqual(bytesOf(one));
  });

  it.each([1, 3])('goes on from checkpoint %i to the bit', async (saves) => {
    const { hooks, saved } = dyingHooks(saves);
    await expect(trainBooster(lists, lambdarank(lists), options, hooks)).rejects.toThrow('the process died');
    expect(saved()).not.toBeNull();
    const done: number[] = [];
    const watching = { ...hooks, progress: (trees: number) => done.push(trees) };
    const resumed = await trainBooster(lists, lambdarank(lists), options, watching);
    expect(done[0]).toBe(saves * 5 + 1);
    expect(bytesOf(resumed)).toEqual(bytesOf(await train()));
  });

  it('goes on to the bit when it stops early', async () => {
    const held = plantedLists(20, 2);
    const stopping = { ...held, metric: ndcg(held), patience: 8 };
    const whole = await trainBooster(lists, lambdarank(lists), options, silentHooks(), stopping);
    const { hooks } = dyingHooks(2);
    await expect(trainBooster(lists, lambdarank(lists), options, hooks, stopping)).rejects.toThrow('the process died');
    const resumed = await trainBooster(lists, lambdarank(lists), options, hooks, stopping);
    expect(bytesOf(resumed)).toEqual(bytesOf(whole));
  });

  it('begins anew when the checkpoint is of other options', async () => {
    const { hooks } = dyingHooks(1);
    await expect(trainBooster(lists, lambdarank(lists), options, hooks)).rejects.toThrow();
    const changed = { ...options, leaves: 4 };
    expect(bytesOf(await trainBooster(lists, lambdarank(lists), changed, hooks))).toEqual(
      bytesOf(await train({ leaves: 4 })),
    );
  });
});

describe('scoring', () => {
  it('equals a walk node by node, missing values and infinities included', async () => {
    const width = 3;
    const features = uniform(900, width, 4);
    for (let i = 0; i < features.length; i += 5) features[i] = Number.NaN;
    for (let i = 1; i < features.length; i += 31) features[i] = Number.POSITIVE_INFINITY;
    const label = drawLabels(
      Array.from({ length: 900 }, (_, r) => (features[r * width]! > 0.4 ? 0.9 : 0.2)),
      5,
    );
    const booster = await trainBooster({ features, width }, logistic({ label }), options, silentHooks());
    const other = uniform(700, width, 6).map((x, i) => (i % 7 === 0 ? Number.NaN : 1.2 * x - 0.1));
    const naive = (row: Float32Array): number => {
      let sum = booster.initialScore;
      for (let t = 0; t < treesOf(booster); t++) {
        if (booster.nodeStart[t] === booster.nodeStart[t + 1]) {
          sum += booster.value[booster.leafStart[t]!]!;
          continue;
        }
        let node = booster.nodeStart[t]!;
        while (node >= 0) {
          const x = row[booster.feature[node]!]!;
          const left = Number.isNaN(x) ? booster.missingLeft[node] === 1 : x <= booster.threshold[node]!;
          node = left ? booster.left[node]! : booster.right[node]!;
        }
        sum += booster.value[~node]!;
      }
      return sum;
    };
    const expected = Array.from({ length: 700 }, (_, r) => naive(other.subarray(r * width, (r + 1) * width)));
    expect(Array.from(scoreRows(booster, other))).toEqual(expected);
  });

  it('is the same after being stored and read, and empty without rows', async () => {
    const booster = await train();
    const { meta, arrays } = unpackBytes(bytesOf(booster), 'booster', 1);
    expect(scoreRows(boosterFrom(meta, arrays), lists.features)).toEqual(scoreRows(booster, lists.features));
    expect(scoreRows(booster, new Float32Array(0))).toHaveLength(0);
  });
});

describe('limits of a tree', () => {
  it('has at most `leaves` leaves, and none with fewer than `minLeaf` rows', async () => {
    const booster = await train({ leaves: 6, minLeaf: 100, baggingFraction: 1, rounds: 5 });
    for (let t = 0; t < 5; t++) {
      const [from, to] = [booster.leafStart[t]!, booster.leafStart[t + 1]!];
      expect(to - from).toBeLessThanOrEqual(6);
      expect(to - from).toBeGreaterThan(1);
      const rows = new Map<number, number>();
      for (let r = 0; r < lists.label.length; r++) {
        let node = booster.nodeStart[t]!;
        while (node >= 0) {
          const x = lists.features[r * lists.width + booster.feature[node]!]!;
          node = x <= booster.threshold[node]! ? booster.left[node]! : booster.right[node]!;
        }
        rows.set(~node, (rows.get(~node) ?? 0) + 1);
      }
      expect(rows.size).toBe(to - from);
      for (const count of rows.values()) expect(count).toBeGreaterThanOrEqual(100);
    }
  });

  it('is a leaf alone when there are too few rows to part', async () => {
    const booster = await train({ minLeaf: 2000 });
    expect(treesOf(booster)).toBe(24);
    expect(booster.feature).toHaveLength(0);
    expect(scoreRows(booster, lists.features).every(Number.isFinite)).toBe(true);
  });
});

describe('stopping and telling', () => {
  it('ends within 100 ms of an abort with CANCELLED', async () => {
    const stop = new AbortController();
    let aborted = 0;
    const hooks = {
      ...silentHooks(stop.signal),
      progress(done: number) {
        if (done !== 3) return;
        aborted = performance.now();
        stop.abort();
      },
    };
    await expect(trainBooster(lists, lambdarank(lists), { ...options, rounds: 100_000 }, hooks)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(performance.now() - aborted).toBeLessThan(100);
  });

  it('lets an abort in while it computes', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    await expect(
      trainBooster(lists, lambdarank(lists), { ...options, rounds: 100_000 }, silentHooks(stop.signal)),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('reports trees done of all', async () => {
    const seen: unknown[] = [];
    const hooks = { ...silentHooks(), progress: (...report: unknown[]) => seen.push(report) };
    await trainBooster(lists, lambdarank(lists), { ...options, rounds: 2 }, hooks);
    expect(seen).toEqual([
      [1, 2, 'trees'],
      [2, 2, 'trees'],
    ]);
  });
});

describe('faults of the caller', () => {
  it.each([
    ['rounds', 0],
    ['rounds', 2.5],
    ['learningRate', 0],
    ['leaves', 1],
    ['minLeaf', Number.NaN],
    ['featureFraction', 1.5],
    ['baggingFraction', -1],
    ['bins', 256],
    ['l2', -1],
    ['seed', -1],
  ] as const)('names %s, its value %d and what to do', async (field, value) => {
    await expect(train({ [field]: value })).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      message: expect.stringContaining(`${field}: ${value}`),
      fields: [{ field, value }],
      remedy: expect.stringMatching(/./),
    });
  });

  it('names data that are empty or do not belong together', async () => {
    const empty = { start: Int32Array.of(0), label: new Uint8Array(0) };
    expect(() => lambdarank(empty)).toThrow(expect.objectContaining({ code: 'DATA_MISSING' }));
    expect(() => logistic({ label: new Uint8Array(0) })).toThrow(expect.objectContaining({ code: 'DATA_MISSING' }));
    expect(() => lambdarank({ start: Int32Array.of(0, 3), label: new Uint8Array(2) })).toThrow(/label has length 2/);
    expect(() => logistic({ label: new Uint8Array(2), weight: new Float32Array(3) })).toThrow(/weight has length 3/);
    const graded = { start: Int32Array.of(0, 2), label: Uint8Array.of(0, 40) };
    expect(() => lambdarank(graded)).toThrow(/label: 40 is not a grade/);
    expect(() => lambdarank(lists, { truncation: 0 })).toThrow(/truncation: 0/);
    await expect(train({ rounds: 100_000, leaves: 4096 })).rejects.toMatchObject({ fields: [{ field: 'rounds' }] });
    const label = new Uint8Array(4);
    const short = { features: new Float32Array(7), width: 2 };
    await expect(trainBooster(short, logistic({ label }), options, silentHooks())).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      fields: [{ field: 'features', value: 7 }],
    });
  });
});
