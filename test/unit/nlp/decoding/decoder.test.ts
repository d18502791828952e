import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Decoder, type Hypothesis, type Source } from '../../../../domain/nlp/decoding/index.ts';
import { Random } from '../../../../domain/nlp/random.ts';
import type { TransformerWeights } from '../../../../domain/nlp/transformer/shape.ts';
import { SessionThreads } from '../../../../domain/serving/index.ts';
import { parametersOf, ReferenceTransformer } from '../../../support/reference-transformer.ts';
import { tinyShape, tinySource, trainTiny, translationOf } from '../../../support/tiny-translation.ts';

const threads = new SessionThreads(2);
let weights: TransformerWeights;
let float32: Decoder;
let int8: Decoder;
let sources: Source[];

beforeAll(() => {
  weights = trainTiny(150);
  const model = { shape: tinyShape, weights: () => weights };
  float32 = new Decoder(model, threads, { precision: 'float32' });
  int8 = new Decoder(model, threads, { precision: 'int8' });
  const random = new Random(11);
  sources = Array.from({ length: 60 }, () => ({ ids: Int32Array.from(tinySource(random, 1 + random.below(9))) }));
});
afterAll(() => threads.close());

const first = (all: Hypothesis[][]) => all.map(([best]) => best as Hypothesis);
const ids = (all: readonly Hypothesis[]) => all.map((h) => [...h.ids]);

describe('greedy translation', () => {
  it('writes what the reference writes, with its probability, for a batch of every length', async () => {
    const reference = new ReferenceTransformer(tinyShape, parametersOf(tinyShape, weights));
    const translations = first(await float32.translate(sources.slice(0, 20), { maxLength: 12 }));
    translations.forEach((translation, i) => {
      const source = [...sources[i]!.ids];
      const expected = reference.greedy(
        source,
        source.map(() => 0),
        12,
      );
      expect([...translation.ids]).toEqual(expected.ids);
      expect(translation.logProbability).toBeCloseTo(expected.logProbability, 3);
    });
  });

  it('gives a sentence the same translation alone and in company', async () => {
    const together = first(await float32.translate(sources));
    const alone = await Promise.all(sources.map(async (source) => first(await float32.translate([source]))[0]!));
    expect(ids(together)).toEqual(ids(alone));
    together.forEach((h, i) => {
      expect(h.score).toBeCloseTo(alone[i]!.score, 4);
    });
  });

  it('says nothing for nothing, keeps to the most ids, and says when it was cut', async () => {
    const long = { ids: Int32Array.from([5, 6, 7, 8, 9, 10, 2]) };
    const [empty, cut] = first(await float32.translate([{ ids: new Int32Array(0) }, long], { maxLength: 3 }));
    expect(empty!.ids).toHaveLength(0);
    expect([...cut!.ids]).toEqual(translationOf([5, 6, 7]));
    expect(cut!.ended).toBe(false);
  });

  it('is faster without scores, and then has none', async () => {
    const scored = first(await float32.translate(sources));
    const plain = first(await float32.translate(sources, { scores: false }));
    expect(ids(plain)).toEqual(ids(scored));
    expect(plain.every((h) => Number.isNaN(h.score))).toBe(true);
  });
});

describe('beam search', () => {
  it('finds translations at least as likely as the greedy ones', async () => {
    const greedy = first(await float32.translate(sources));
    const beam = first(await float32.translate(sources, { beam: 4 }));
    const better = beam.filter((h, i) => h.score >= greedy[i]!.score - 1e-5).length;
    // A beam may lose the path of the greedy search; in nearly all sentences it does not.
    expect(better).toBeGreaterThanOrEqual(sources.length - 2);
    const mean = (hypotheses: Hypothesis[]) => hypotheses.reduce((sum, h) => sum + h.score, 0) / hypotheses.length;
    expect(mean(beam)).toBeGreaterThanOrEqual(mean(greedy));
  });

  it('scores its translations as the model does, sorts them, and repeats none', async () => {
    const all = await float32.translate(sources, { beam: 5, alternatives: 5 });
    const reference = new ReferenceTransformer(tinyShape, parametersOf(tinyShape, weights));
    for (const [i, hypotheses] of all.entries()) {
      expect(hypotheses.length).toBeGreaterThan(1);
      const scores = hypotheses.map((h) => h.score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      expect(new Set(hypotheses.map((h) => h.ids.join(' '))).size).toBe(hypotheses.length);
      if (i >= 5) continue;
      for (const h of hypotheses) {
        expect(reference.logProbability([...sources[i]!.ids], [...h.ids])).toBeCloseTo(h.logProbability, 3);
      }
    }
  });

  it('gives a sentence the same translations alone and in company', async () => {
    const together = await float32.translate(sources.slice(0, 20), { beam: 3, alternatives: 2 });
    for (const [i, source] of sources.slice(0, 20).entries()) {
      const [alone] = await float32.translate([source], { beam: 3, alternatives: 2 });
      expect(ids(together[i]!)).toEqual(ids(alone!));
    }
  });

  it('prefers longer translations with a higher length penalty', async () => {
    const length = async (lengthPenalty: number) =>
      first(await float32.translate(sources, { beam: 5, lengthPenalty })).reduce((sum, h) => sum + h.ids.length, 0);
    expect(await length(1.5)).toBeGreaterThanOrEqual(await length(0));
  });
});

describe('an int8 model', () => {
  it('translates as the float32 one, all but a few', async () => {
    for (const options of [{}, { beam: 4 }]) {
      const exact = ids(first(await float32.translate(sources, options)));
      const rounded = ids(first(await int8.translate(sources, options)));
      const same = exact.filter((words, i) => String(words) === String(rounded[i])).length;
      expect(same).toBeGreaterThanOrEqual(sources.length * 0.93);
    }
  });
});

describe('translate refuses', () => {
  it('ids and factors that the model does not know, and sentences beyond its positions', async () => {
    const refused = (source: Source) => expect(float32.translate([source])).rejects;
    await refused({ ids: Int32Array.of(5, 40, 2) }).toMatchObject({ code: 'VALIDATION_FAILED' });
    await refused({ ids: Int32Array.of(5, 2), factors: Uint8Array.of(0, 2) }).toThrow('The factor 2');
    await refused({ ids: Int32Array.of(5, 2), factors: Uint8Array.of(0) }).toThrow('1 factors came with 2 ids');
    await refused({ ids: new Int32Array(1025).fill(5) }).toThrow('1025 subwords');
  });

  it('a beam or a number of alternatives out of range', async () => {
    await expect(float32.translate(sources, { beam: 0 })).rejects.toThrow('beam is 0');
    await expect(float32.translate(sources, { beam: 33 })).rejects.toThrow('from 1 to 32');
    await expect(float32.translate(sources, { beam: 2, alternatives: 3 })).rejects.toThrow('alternatives is 3');
  });

  it('to go on when cancelled', async () => {
    const stop = new AbortController();
    const translating = float32.translate(sources, { signal: stop.signal });
    stop.abort();
    await expect(translating).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
