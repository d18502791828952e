import { beforeAll, describe, expect, it } from 'vitest';
import { catalogueOf } from '../../../domain/assortment-gap/catalogue.ts';
import { type Assortment, type CustomerText, Linker, trainLinker } from '../../../domain/assortment-gap/index.ts';
import { ownershipOf } from '../../../domain/assortment-gap/ownership.ts';
import { blended, type Readings, readingsOf } from '../../../domain/assortment-gap/readings.ts';
import type { WordEncoder } from '../../../domain/assortment-gap/word-encoder.ts';
import { Pace, Random, silentHooks } from '../../../domain/nlp/index.ts';

const goods = ['TEAPOT', 'CANDLE', 'NOTEBOOK', 'PARASOL', 'CUSHION', 'APRON', 'LANTERN', 'JIGSAW'];
const colours = ['RED', 'BLUE', 'GREEN', 'YELLOW', 'PINK'];
/** As the customers call the goods; nothing of it is like a name. */
const called = ['kanu', 'morfil', 'zetha', 'brundo', 'quaff', 'lisk', 'wompe', 'dryx'];
const names = colours.flatMap((colour) => goods.map((good) => `SET OF 2 ${good} ${colour}`));
const customers = 600;

let assortment: Assortment;
let texts: CustomerText[];
let readings: Readings;
let encoder: WordEncoder;
let linker: Linker;
const catalogue = catalogueOf(names);
const pace = new Pace(new AbortController().signal);

/** Each customer buys four products, and writes of three of them, of two that it doesn't buy, and of the weather. */
beforeAll(async () => {
  const random = new Random(1);
  const bought: number[][] = [];
  texts = Array.from({ length: customers }, (_, customer) => {
    const some = Int32Array.from(names.keys());
    random.shuffle(some);
    bought.push([...some.subarray(0, 4)].sort((a, b) => a - b));
    const said = Int32Array.from([...some.subarray(0, 3), ...some.subarray(4, 6)], (p) => p);
    random.shuffle(said);
    const sentences = Array.from(
      said,
      (p) => `Wir haben ${colours[Math.floor(p / goods.length)]!.toLowerCase()} ${called[p % goods.length]} im Laden.`,
    );
    return { customer, source: 'notes.txt', sentences: [...sentences, 'Das Wetter war gut, der Himmel blue.'] };
  });
  assortment = {
    names,
    market: new Int32Array(customers),
    bought: {
      start: Int32Array.from({ length: customers + 1 }, (_, c) => 4 * c),
      product: Int32Array.from(bought.flat()),
    },
  };
  const nobody = { names, market: new Int32Array(0), bought: { start: new Int32Array(1), product: new Int32Array(0) } };
  ({ encoder } = await trainLinker(nobody, [], { seed: 1, steps: 150, dimensions: 24, buckets: 2048 }, silentHooks()));
  linker = new Linker(names, encoder);
  const words = [...called, 'haben', 'laden', 'wetter', 'himmel', 'red', 'blue', 'green', 'yellow', 'pink', 'seldom'];
  readings = await readingsOf(linker, catalogue, assortment, texts, await ownershipOf(assortment, pace), words, pace);
});

const chanceOf = (word: string, meant: string): number =>
  readings.chance[readings.words.indexOf(word) * catalogue.words.length + catalogue.words.indexOf(meant)]!;

describe('what words mean, read from what is spoken of around them', () => {
  it('is told of words that nobody knows, by the purchases of who writes them', () => {
    for (const [i, word] of called.entries()) {
      const good = goods[i]!.toLowerCase();
      expect(chanceOf(word, good), `${word} for ${good}`).toBeGreaterThan(0.2);
      for (const other of [...goods, ...colours]) {
        if (other.toLowerCase() !== good) expect(chanceOf(word, other.toLowerCase())).toBeLessThan(0.25);
      }
    }
  });

  it('is nothing for words that stand beside any product, or beside none', () => {
    for (const word of ['haben', 'laden', 'wetter', 'himmel']) {
      for (const meant of catalogue.words) expect(chanceOf(word, meant), `${word} for ${meant}`).toBeLessThan(0.25);
    }
  });

  it('has no evidence for a word that nobody writes', () => {
    expect(readings.evidence[readings.words.indexOf('seldom')]).toBe(0);
    expect(chanceOf('seldom', 'teapot')).toBe(0);
  });

  it('makes mentions of products that no name is like', () => {
    const sentence = 'Gestern kam ein green wompe an.';
    const known = new Linker(names, encoder, blended(readings, linker, catalogue));
    const [mention] = known.mentions(sentence);
    expect(names[mention?.product ?? -1]).toBe('SET OF 2 LANTERN GREEN');
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort();
    const ownership = await ownershipOf(assortment, pace);
    await expect(
      readingsOf(linker, catalogue, assortment, texts, ownership, called, new Pace(stop.signal)),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
