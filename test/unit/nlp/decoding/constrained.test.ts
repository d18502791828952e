import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Decoder } from '../../../../domain/nlp/decoding/index.ts';
import { SessionThreads } from '../../../../domain/serving/index.ts';
import { tinyShape, trainTiny, translationOf } from '../../../support/tiny-translation.ts';

const threads = new SessionThreads(1);
let decoder: Decoder;
beforeAll(() => {
  const weights = trainTiny(150);
  decoder = new Decoder({ shape: tinyShape, weights: () => weights }, threads, { precision: 'float32' });
});
afterAll(() => threads.close());

const source = { ids: Int32Array.of(5, 9, 3, 7, 2) };
const phrase = (...ways: number[][]) => ways.map((ids) => Int32Array.from(ids));

/** Places at which the ids stand in a translation. */
function occurrences(ids: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const text = ` ${Array.from(ids).join(' ')} `;
  return text.split(` ${Array.from(wanted).join(' ')} `).length - 1;
}

describe('constrained translation', () => {
  it('without phrases is a beam search', async () => {
    const [best] = await decoder.translateConstrained(source, { phrases: [], beam: 4 });
    const expected = (await decoder.translate([source], { beam: 4 }))[0]![0]!;
    expect([...best!.ids]).toEqual([...expected.ids]);
    expect(best!.score).toBeCloseTo(expected.score, 4);
  });

  it('changes nothing where the model writes the phrase by itself', async () => {
    const free = (await decoder.translate([source], { beam: 8 }))[0]![0]!;
    const [best] = await decoder.translateConstrained(source, { phrases: [phrase([...free.ids.slice(1, 3)])] });
    expect([...best!.ids]).toEqual([...free.ids]);
  });

  it('writes words that the model never would, once, and the rest of the sentence around them', async () => {
    const [best] = await decoder.translateConstrained(source, { phrases: [phrase([33, 34, 35])] });
    expect(occurrences(best!.ids, [33, 34, 35])).toBe(1);
    expect(best!.placed).toEqual([true]);
    expect(best!.ended).toBe(true);
    const kept = translationOf([...source.ids]).filter((id) => best!.ids.includes(id));
    expect(kept.length).toBeGreaterThanOrEqual(3);
  });

  it('takes the likelier of several ways to write a phrase', async () => {
    const natural = translationOf([9, 3]);
    const [best] = await decoder.translateConstrained(source, { phrases: [phrase([33, 34], natural, [35])] });
    expect(occurrences(best!.ids, natural)).toBe(1);
    expect([33, 34, 35].some((id) => best!.ids.includes(id))).toBe(false);
  });

  it('asks for as many occurrences as there are equal phrases', async () => {
    const [best] = await decoder.translateConstrained(source, { phrases: [phrase([30, 31]), phrase([30, 31])] });
    expect(occurrences(best!.ids, [30, 31])).toBe(2);
  });

  it('places all phrases, whatever they have in common', async () => {
    const words = fc.integer({ min: 27, max: 39 });
    const way = fc.array(words, { minLength: 1, maxLength: 4 });
    const phrases = fc.array(fc.array(way, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(phrases, async (wanted) => {
        const options = { phrases: wanted.map((ways) => phrase(...ways)), beam: 5 };
        const [best] = await decoder.translateConstrained(source, options);
        expect(best!.placed.every(Boolean)).toBe(true);
        for (const ways of wanted) expect(ways.some((ids) => occurrences(best!.ids, ids) > 0)).toBe(true);
      }),
      { seed: 4, numRuns: 40 },
    );
  });

  it('places no phrase more often than asked for', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lengths, async (sizes) => {
        const wanted = sizes.map((size, c) => Array.from({ length: size }, (_, k) => 27 + 3 * c + k));
        const [best] = await decoder.translateConstrained(source, { phrases: wanted.map((ids) => phrase(ids)) });
        expect(wanted.map((ids) => occurrences(best!.ids, ids))).toEqual(wanted.map(() => 1));
      }),
      { seed: 5, numRuns: 30 },
    );
  });

  it('keeps a phrase a word of its own', async () => {
    // Only even ids begin a word here.
    const options = { phrases: [phrase([34])], startsWord: (id: number) => id % 2 === 0 };
    const [best] = await decoder.translateConstrained(source, options);
    const after = best!.ids[best!.ids.indexOf(34) + 1];
    expect(after === undefined || after % 2 === 0).toBe(true);
  });

  it('says which phrases found no room', async () => {
    const options = { phrases: [phrase([33, 34]), phrase([36, 37])], maxLength: 3 };
    const [best] = await decoder.translateConstrained(source, options);
    expect(best!.placed.filter(Boolean)).toHaveLength(1);
    expect(best!.ended).toBe(false);
  });

  it('gives alternatives, each with all phrases, sorted', async () => {
    const all = await decoder.translateConstrained(source, { phrases: [phrase([33])], alternatives: 3 });
    expect(all).toHaveLength(3);
    expect(all.every(({ ids }) => ids.includes(33))).toBe(true);
    expect(new Set(all.map(({ ids }) => ids.join(' '))).size).toBe(3);
  });

  it('refuses phrases without ids, and special ids', async () => {
    await expect(decoder.translateConstrained(source, { phrases: [phrase([])] })).rejects.toThrow('phrases[0]');
    await expect(decoder.translateConstrained(source, { phrases: [phrase([30]), phrase([2])] })).rejects.toThrow(
      'phrases[1]',
    );
  });
});
