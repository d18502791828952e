import { beforeAll, describe, expect, it } from 'vitest';
import { catalogueOf } from '../../../domain/assortment-gap/catalogue.ts';
import { type Assortment, Linker, misspell, trainLinker } from '../../../domain/assortment-gap/index.ts';
import { trainWordEncoder } from '../../../domain/assortment-gap/train-encoder.ts';
import type { WordEncoder } from '../../../domain/assortment-gap/word-encoder.ts';
import { Random, silentHooks, type TrainHooks } from '../../../domain/nlp/index.ts';

const goods = ['TEAPOT', 'CANDLE', 'NOTEBOOK', 'PARASOL', 'CUSHION', 'APRON', 'LANTERN', 'JIGSAW'];
const names = ['RED', 'BLUE', 'GREEN', 'YELLOW'].flatMap((colour) => goods.map((good) => `SET OF 2 ${good} ${colour}`));
const nobody: Assortment = {
  names,
  market: new Int32Array(0),
  bought: { start: new Int32Array(1), product: new Int32Array(0) },
};
const options = { seed: 1, steps: 150, dimensions: 24, buckets: 2048 };
let encoder: WordEncoder;
let linker: Linker;

beforeAll(async () => {
  ({ encoder } = await trainLinker(nobody, [], options, silentHooks()));
  linker = new Linker(names, encoder);
});

const found = (sentence: string) =>
  linker.mentions(sentence).map(({ product, start, end }) => [names[product], sentence.slice(start, end)]);

describe('a linker that knows the names alone', () => {
  it('finds products in a sentence, misspelt, in the plural and in another order', () => {
    expect(found('On our shelves you find blue teapots, and a yelow candel.')).toEqual([
      ['SET OF 2 TEAPOT BLUE', 'blue teapots'],
      ['SET OF 2 CANDLE YELLOW', 'yelow candel'],
    ]);
  });

  it('finds nothing where nothing is said of a product', () => {
    expect(found('We open at nine and close at five.')).toEqual([]);
    expect(found('')).toEqual([]);
  });

  it('ranks what a short text may mean', () => {
    const [first, second] = linker.rank('lantern green', 2);
    expect(names[first?.product ?? -1]).toBe('SET OF 2 LANTERN GREEN');
    expect(first?.score).toBeGreaterThan((second?.score ?? 1) + 0.1);
  });

  it('reads a sentence of ten thousand words in no time', () => {
    expect(linker.mentions('blue teapot '.repeat(5000)).length).toBeGreaterThan(0);
  });
});

describe('an encoder', () => {
  it('is the same bytes for the same seed, also when it was interrupted', async () => {
    let saved: Uint8Array | null = null;
    let steps = 0;
    const stop = new AbortController();
    const interrupted: TrainHooks = {
      ...silentHooks(stop.signal),
      progress: () => {
        if (++steps === 120) stop.abort();
      },
      checkpoint: {
        load: async () => saved,
        save: async (bytes) => {
          saved = bytes.slice();
        },
      },
    };
    const lessons = { known: { words: [], chance: new Float32Array(0) }, mentions: [] };
    await expect(trainWordEncoder(names, lessons, options, interrupted)).rejects.toMatchObject({ code: 'CANCELLED' });
    const resumed = { ...silentHooks(), checkpoint: { load: async () => saved, save: async () => {} } };
    const again = await trainWordEncoder(names, lessons, options, resumed);
    expect(again).toEqual(encoder);
  });

  it('knows words of customers with a slip as it knows them without', async () => {
    const words = ['kartoffel', 'morgenrot', 'zimmerpalme', 'briefwaage'];
    const { words: own } = catalogueOf(names);
    const means = ['teapot', 'red', 'candle', 'jigsaw'].map((word) => own.indexOf(word));
    const chance = new Float32Array(words.length * own.length);
    means.forEach((c, i) => {
      chance[i * own.length + c] = 1;
    });
    const known = new Linker(
      names,
      await trainWordEncoder(names, { known: { words, chance }, mentions: [] }, options, silentHooks()),
    );
    const random = new Random(7);
    const slips = words.flatMap((word, i) => Array.from({ length: 10 }, () => ({ i, slip: misspell(word, random) })));
    const right = slips.filter(({ i, slip }) => known.meaning(slip)[means[i]!]! > 0.5);
    expect(right.length).toBeGreaterThan(0.85 * slips.length);
  });

  it('says what is missing when no product has a name', async () => {
    await expect(trainLinker({ ...nobody, names: ['', '?'] }, [], options, silentHooks())).rejects.toMatchObject({
      code: 'DATA_MISSING',
      message: 'None of the 2 products has a name to learn from',
    });
  });
});
