import { beforeAll, describe, expect, it } from 'vitest';
import { type Assortment, type CustomerText, Linker } from '../../../domain/assortment-gap/index.ts';
import { ownershipOf } from '../../../domain/assortment-gap/ownership.ts';
import { blended, type Readings, readingsOf } from '../../../domain/assortment-gap/readings.ts';
import type { WordEncoder } from '../../../domain/assortment-gap/word-encoder.ts';
import { Pace } from '../../../domain/nlp/index.ts';
import { called, catalogue, colours, encoderOfNames, goods, names, plantedTexts } from './planted.ts';

let assortment: Assortment;
let texts: CustomerText[];
let readings: Readings;
let encoder: WordEncoder;
let linker: Linker;
const pace = new Pace(new AbortController().signal);

beforeAll(async () => {
  ({ assortment, texts } = plantedTexts());
  encoder = await encoderOfNames();
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
