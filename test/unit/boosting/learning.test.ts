import { describe, expect, it } from 'vitest';
import {
  type BoostingOptions,
  importanceOf,
  lambdarank,
  logistic,
  logLoss,
  ndcg,
  probability,
  scoreRows,
  trainBooster,
  treesOf,
} from '../../../domain/boosting/index.ts';
import { silentHooks } from '../../../domain/nlp/hooks.ts';
import { drawLabels, plantedLists, uniform } from './planted.ts';

const rows = 4000;
const quick: BoostingOptions = { seed: 3, rounds: 120, learningRate: 0.1, minLeaf: 20, l2: 1 };

/** Small trees of many rows: what is drawn by chance is not to be learnt by heart. */
const cautious: BoostingOptions = { ...quick, leaves: 6, minLeaf: 100, rounds: 80, featureFraction: 1 };

/** Mean difference of predicted and observed rate over tenths of the rows by predicted probability. */
function calibrationError(predicted: Float64Array, label: Uint8Array): number {
  const order = Array.from(predicted.keys()).sort((a, b) => predicted[a]! - predicted[b]!);
  const size = Math.floor(order.length / 10);
  let sum = 0;
  for (let tenth = 0; tenth < 10; tenth++) {
    const part = order.slice(tenth * size, (tenth + 1) * size);
    const mean = (of: (row: number) => number) => part.reduce((sum, row) => sum + of(row), 0) / size;
    sum += Math.abs(mean((row) => predicted[row]!) - mean((row) => label[row]!));
  }
  return sum / 10;
}

async function learn(chance: (row: Float32Array) => number, change: (features: Float32Array) => void = () => {}) {
  const width = 4;
  const sets = [1, 2].map((seed) => {
    const features = uniform(rows, width, seed);
    change(features);
    const truth = Array.from({ length: rows }, (_, r) => chance(features.subarray(r * width, (r + 1) * width)));
    return { features, truth, label: drawLabels(truth, seed + 10) };
  });
  const [train, test] = sets as [(typeof sets)[number], (typeof sets)[number]];
  const booster = await trainBooster({ features: train.features, width }, logistic(train), cautious, silentHooks());
  const predicted = scoreRows(booster, test.features).map(probability);
  const error = predicted.reduce((sum, p, r) => sum + Math.abs(p - test.truth[r]!), 0) / rows;
  return { booster, predicted, error, label: test.label };
}

describe('logistic boosting finds what was planted', () => {
  it('a step', async () => {
    const { error, booster } = await learn((x) => (x[2]! > 0.3 ? 0.8 : 0.1));
    expect(error).toBeLessThan(0.05);
    expect(importanceOf(booster).indexOf(Math.max(...importanceOf(booster)))).toBe(2);
  });

  it('an interaction that no feature shows alone, with calibrated probabilities', async () => {
    const { error, predicted, label } = await learn((x) => (x[0]! > 0.5 === x[1]! > 0.5 ? 0.9 : 0.2));
    expect(error).toBeLessThan(0.08);
    expect(calibrationError(predicted, label)).toBeLessThan(0.06);
  });

  it('a smooth slope, with calibrated probabilities', async () => {
    const { error, predicted, label } = await learn((x) => x[3]!);
    expect(error).toBeLessThan(0.08);
    expect(calibrationError(predicted, label)).toBeLessThan(0.04);
  });

  it.each([0.9, 0.05])('missing values, on whichever side they belong (chance %f)', async (chance) => {
    const { error } = await learn(
      (x) => (Number.isNaN(x[1]!) ? chance : x[1]! > 0.5 ? 0.9 : 0.05),
      (features) => {
        for (let i = 1; i < features.length; i += 8) features[i] = Number.NaN;
      },
    );
    expect(error).toBeLessThan(0.06);
  });

  it('nothing in one constant feature: the base rate for everyone', async () => {
    const label = drawLabels(
      Array.from({ length: 500 }, () => 0.25),
      4,
    );
    const booster = await trainBooster(
      { features: new Float32Array(500), width: 1 },
      logistic({ label }),
      quick,
      silentHooks(),
    );
    const rate = label.reduce((sum, y) => sum + y, 0) / label.length;
    expect(probability(scoreRows(booster, Float32Array.of(0))[0]!)).toBeCloseTo(rate, 1);
  });

  it('weights as if rows stood there as often', async () => {
    const features = uniform(400, 2, 8);
    const label = drawLabels(
      Array.from({ length: 400 }, () => 0.5),
      9,
    );
    const weight = Float32Array.from(label, (y) => (y === 1 ? 3 : 1));
    const booster = await trainBooster(
      { features, width: 2 },
      logistic({ label, weight }),
      { ...quick, rounds: 5 },
      silentHooks(),
    );
    const mean =
      scoreRows(booster, features)
        .map(probability)
        .reduce((sum, p) => sum + p, 0) / 400;
    expect(mean).toBeGreaterThan(0.7);
    expect(mean).toBeLessThan(0.8);
  });
});

describe('labels beyond what happens anyway', () => {
  it('teach what is left of the chance', async () => {
    const features = uniform(rows, 3, 6);
    const anyway = Float64Array.from(uniform(rows, 1, 7), (x) => x / 2);
    const planted = Array.from({ length: rows }, (_, r) => (features[3 * r]! > 0.5 ? 0.6 : 0.05));
    const drawn = drawLabels(
      planted.map((chance, r) => anyway[r]! + (1 - anyway[r]!) * chance),
      12,
    );
    const label = Float64Array.from(drawn, (y, r) => (y - anyway[r]!) / (1 - anyway[r]!));
    const weight = Float32Array.from(anyway, (chance) => 1 - chance);
    const booster = await trainBooster({ features, width: 3 }, logistic({ label, weight }), cautious, silentHooks());
    const predicted = scoreRows(booster, features).map(probability);
    const error = predicted.reduce((sum, p, r) => sum + Math.abs(p - planted[r]!), 0) / rows;
    expect(error).toBeLessThan(0.06);
  });

  it('have a log loss that the right chance makes lowest', () => {
    const label = [-0.5, 1];
    const at = (chance: number) => logLoss({ label }).of(new Float64Array(2).fill(Math.log(chance / (1 - chance))));
    expect(at(0.25)).toBeLessThan(at(0.2));
    expect(at(0.25)).toBeLessThan(at(0.3));
  });
});

describe('lambdarank', () => {
  it('puts planted relevant rows on top of lists it has not seen', async () => {
    const [train, test] = [plantedLists(150, 1), plantedLists(60, 2)];
    const booster = await trainBooster(train, lambdarank(train), quick, silentHooks());
    expect(ndcg(test, 5).of(scoreRows(booster, test.features))).toBeGreaterThan(0.9);
    expect(ndcg(test, 5).of(new Float64Array(test.label.length))).toBeLessThan(0.4);
    const [f0, f1, ...others] = importanceOf(booster);
    expect(f1).toBeGreaterThan(f0!);
    expect(f0! + f1!).toBeGreaterThan(5 * others.reduce((sum, share) => sum + share, 0));
  });

  it('learns the same whatever the order of the lists, when all are drawn', async () => {
    const lists = plantedLists(40, 5);
    const turned = { ...lists, features: lists.features.slice(), label: lists.label.slice() };
    for (let l = 0; l < 40; l++) {
      const from = (39 - l) * 40;
      turned.features.set(lists.features.subarray(from * 5, (from + 40) * 5), l * 40 * 5);
      turned.label.set(lists.label.subarray(from, from + 40), l * 40);
    }
    const options = { ...quick, rounds: 20, baggingFraction: 1 };
    const [one, other] = [
      await trainBooster(lists, lambdarank(lists), options, silentHooks()),
      await trainBooster(turned, lambdarank(turned), options, silentHooks()),
    ];
    const [a, b] = [scoreRows(one, lists.features), scoreRows(other, lists.features)];
    for (const [row, score] of a.entries()) expect(b[row]).toBeCloseTo(score, 4);
  });

  it('has derivatives of each list that sum to nothing, and none where all labels are alike', () => {
    const lists = plantedLists(3, 6);
    lists.label.fill(0, 40, 80);
    const scores = Float64Array.from(uniform(120, 1, 7));
    const derivatives = new Float32Array(240);
    lambdarank(lists).derive(scores, Int32Array.of(0, 1, 2), derivatives);
    for (const l of [0, 1, 2]) {
      const own = Array.from({ length: 40 }, (_, i) => derivatives[2 * (l * 40 + i)]!);
      expect(own.reduce((sum, g) => sum + g, 0)).toBeCloseTo(0, 5);
      expect(own.some((g) => g !== 0)).toBe(l !== 1);
    }
    // What is relevant is pushed up: its derivative is negative.
    expect(derivatives[2 * lists.label.indexOf(2)]).toBeLessThan(0);
  });

  it('ranks lists longer than what is sorted by insertion', () => {
    const n = 700;
    const label = new Uint8Array(n);
    label[650] = 1;
    const derivatives = new Float32Array(2 * n);
    const objective = lambdarank({ start: Int32Array.of(0, n), label });
    objective.derive(
      Float64Array.from({ length: n }, (_, i) => -i),
      Int32Array.of(0),
      derivatives,
    );
    expect(derivatives[2 * 650]).toBeLessThan(0);
    expect(derivatives[0]).toBeGreaterThan(0);
    expect(derivatives[2 * 100]).toBe(0);
  });
});

describe('early stopping', () => {
  it('keeps the trees up to the best of the validation set', async () => {
    const width = 3;
    const features = uniform(600, width, 21);
    const chances = Array.from({ length: 600 }, (_, r) => (features[r * width]! > 0.5 ? 0.7 : 0.3));
    const [label, held] = [drawLabels(chances, 22), drawLabels(chances, 23)];
    const metric = logLoss({ label: held });
    const options = { ...quick, rounds: 400, minLeaf: 5 };
    const stopped = await trainBooster({ features, width }, logistic({ label }), options, silentHooks(), {
      features,
      width,
      metric,
      patience: 20,
    });
    const whole = await trainBooster({ features, width }, logistic({ label }), options, silentHooks());
    expect(treesOf(stopped)).toBeGreaterThan(3);
    expect(treesOf(stopped)).toBeLessThan(200);
    expect(metric.of(scoreRows(stopped, features))).toBeLessThan(metric.of(scoreRows(whole, features)));
  });
});
