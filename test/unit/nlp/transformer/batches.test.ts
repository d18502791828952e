import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../domain/nlp/index.ts';
import { checkExamples, type Example, planBatches, toBatch } from '../../../../domain/nlp/transformer/batches.ts';

const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 })), {
  maxLength: 300,
});
const settings = fc.record({
  tokens: fc.integer({ min: 1, max: 400 }),
  seed: fc.nat(),
  window: fc.option(fc.integer({ min: 1, max: 80 })),
});

describe('planBatches', () => {
  it('puts every example into exactly one batch, of no more than the given tokens with padding', () => {
    fc.assert(
      fc.property(lengths, settings, (examples, { tokens, seed, window }) => {
        const batches = planBatches(examples, tokens, new Random(seed), window ?? undefined);
        expect(batches.flatMap((batch) => [...batch]).sort((a, b) => a - b)).toEqual(examples.map((_, i) => i));
        for (const batch of batches) {
          const longest = Math.max(...Array.from(batch, (i) => Math.max(...(examples[i] ?? []))));
          expect(batch.length === 1 || longest * batch.length <= tokens).toBe(true);
        }
      }),
    );
  });

  it('gives the same batches for the same seed, and others for another', () => {
    const examples = Array.from({ length: 200 }, (_, i) => [1 + (i % 17), 1 + (i % 13)] as const);
    const plan = (seed: number) => planBatches(examples, 64, new Random(seed)).map((batch) => [...batch]);
    expect(plan(1)).toEqual(plan(1));
    expect(plan(1)).not.toEqual(plan(2));
  });

  it('pads little where there are many examples', () => {
    const random = new Random(4);
    const examples = Array.from({ length: 5000 }, () => {
      const length = 3 + random.below(30);
      return [length + random.below(4), length] as const;
    });
    const batches = planBatches(examples, 2048, new Random(1));
    let padded = 0;
    let used = 0;
    for (const batch of batches) {
      const targets = Array.from(batch, (i) => examples[i]?.[1] ?? 0);
      padded += Math.max(...targets) * targets.length;
      used += targets.reduce((a, b) => a + b, 0);
    }
    expect(used / padded).toBeGreaterThan(0.95);
  });
});

describe('toBatch', () => {
  it('shifts the target by the begin of sentence and pads both sides', () => {
    const examples: Example[] = [
      { source: Int32Array.of(5, 6, 2), target: Int32Array.of(7, 2), factors: Uint8Array.of(0, 1, 0) },
      { source: Int32Array.of(8, 2), target: Int32Array.of(9, 10, 2) },
    ];
    const batch = toBatch(examples);
    expect(batch).toMatchObject({ targetLength: 3, tokens: 5, source: { rows: 2, length: 3, isPadded: true } });
    expect([...batch.source.ids]).toEqual([5, 6, 2, 8, 2, 0]);
    expect([...batch.source.factors]).toEqual([0, 1, 0, 0, 0, 0]);
    expect([...batch.input]).toEqual([1, 7, 0, 1, 9, 10]);
    expect([...batch.labels]).toEqual([7, 2, 0, 9, 10, 2]);
  });
});

describe('checkExamples', () => {
  const good: Example = { source: Int32Array.of(5, 2), target: Int32Array.of(6, 2) };
  it.each([
    [{ ...good, target: Int32Array.of(6) }, /Example 1 has a target that does not end with id 2/],
    [{ ...good, source: new Int32Array(0) }, /Example 1 has a source that does not end/],
    [{ ...good, source: Int32Array.of(12, 2) }, /Example 1 has the source id 12; the vocabulary has 1 to 9/],
    [{ ...good, factors: Uint8Array.of(1) }, /Example 1 has 1 factors for 2 source subwords/],
    [{ ...good, factors: Uint8Array.of(3, 0) }, /Example 1 has the factor 3; the model has 0 to 1/],
  ])('names the example and what is wrong', (bad, message) => {
    expect(() => checkExamples([good, bad], 10, 2)).toThrow(message);
    expect(() => checkExamples([good, good], 10, 2)).not.toThrow();
  });
});
