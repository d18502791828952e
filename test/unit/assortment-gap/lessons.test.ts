import { beforeAll, describe, expect, it } from 'vitest';
import { Linker } from '../../../domain/assortment-gap/index.ts';
import { lessonsOf } from '../../../domain/assortment-gap/lessons.ts';
import { ownershipOf } from '../../../domain/assortment-gap/ownership.ts';
import { blended, readingsOf } from '../../../domain/assortment-gap/readings.ts';
import type { Lessons } from '../../../domain/assortment-gap/train-encoder.ts';
import { Pace } from '../../../domain/nlp/index.ts';
import { called, catalogue, encoderOfNames, goods, names, plantedTexts } from './planted.ts';

let lessons: Lessons;

/** What is read of words is right, but for the weather, which is taken for a product. */
beforeAll(async () => {
  const { assortment, texts } = plantedTexts();
  const pace = new Pace(new AbortController().signal);
  const ownership = await ownershipOf(assortment, pace);
  const encoder = await encoderOfNames();
  const plain = new Linker(names, encoder);
  const words = [...called, 'wetter', 'gut', 'himmel'];
  const read = await readingsOf(plain, catalogue, assortment, texts, ownership, words, pace);
  const meant = blended(read, plain, catalogue);
  for (const [word, wrong] of [
    ['wetter', 'candle'],
    ['gut', 'red'],
  ] as const) {
    read.evidence[words.indexOf(word)] = 100;
    const row = new Float32Array(catalogue.words.length + 1);
    row[catalogue.words.indexOf(wrong)] = 1;
    row[catalogue.words.length] = 1;
    meant.set(word, row);
  }
  lessons = await lessonsOf(new Linker(names, encoder, meant), read, meant, catalogue, texts, ownership, pace);
});

const chanceOf = (word: string, means: string): number =>
  lessons.known.chance[lessons.known.words.indexOf(word) * catalogue.words.length + catalogue.words.indexOf(means)]!;

describe('what a round learns from', () => {
  it('is nothing of a phrase that passes for a product which nobody buys for it', () => {
    expect(chanceOf('wetter', 'candle')).toBeLessThan(0.4);
    expect(chanceOf('gut', 'red')).toBeLessThan(0.4);
    expect(lessons.mentions.filter(({ words }) => words.includes('wetter') || words.includes('gut'))).toEqual([]);
  });

  it('is what words mean whose writers buy it', () => {
    for (const [i, word] of called.entries()) expect(chanceOf(word, goods[i]!.toLowerCase())).toBeGreaterThan(0.2);
    const right = lessons.mentions.filter(({ words, product }) =>
      words.some((word) => names[product]!.includes(goods[called.indexOf(word)] ?? '?')),
    );
    expect(right.length).toBeGreaterThan(500);
    expect(right.length / lessons.mentions.length).toBeGreaterThan(0.9);
  });

  it('has the words of the catalogue mean themselves', () => {
    for (const word of catalogue.words) expect(chanceOf(word, word)).toBe(1);
  });
});
