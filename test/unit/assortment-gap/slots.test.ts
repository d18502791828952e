import { expect, it } from 'vitest';
import type { Mention } from '../../../domain/assortment-gap/link.ts';
import { SlotCounter, slotsOf } from '../../../domain/assortment-gap/slots.ts';

/** A sentence with sure mentions in brackets. */
function read(text: string) {
  const mentions: Mention[] = [];
  let sentence = '';
  for (const [i, part] of text.split(/[[\]]/).entries()) {
    const [start, end] = [sentence.length, sentence.length + part.length];
    if (i % 2 === 1) mentions.push({ product: 0, start, end, score: 0.9, features: [] });
    sentence += part;
  }
  return { sentence, mentions };
}

function slotsIn(learned: readonly string[], text: string): string[] {
  const counter = new SlotCounter();
  for (const one of learned) {
    const { sentence, mentions } = read(one);
    counter.add(sentence, mentions);
  }
  const { sentence, mentions } = read(text);
  return slotsOf(counter.model(), sentence, mentions).map(({ tokens }) => tokens.map(({ word }) => word).join(' '));
}
const many = (...texts: string[]) => Array.from({ length: 20 }, () => texts).flat();

it('finds what stands where products stand in sentences, and not what stands elsewhere', () => {
  const learned = many(
    'We use [red mugs] daily.',
    'The weather was fine today.',
    'Our guests love [plates].',
    'They rely on [cups].',
    'We use them.',
  );
  expect(slotsIn(learned, 'We use coffee machines daily.')).toEqual(['coffee machines']);
  expect(slotsIn(learned, 'Our guests love awnings.')).toEqual(['awnings']);
  expect(slotsIn(learned, 'The weather was awful today.')).toEqual([]);
  expect(slotsIn(learned, 'We use [red mugs] daily.')).toEqual([]);
});

it('finds it in lists, where hardly anything but products stands', () => {
  const menu = many('[red mugs]', '[cream plates]', 'coffee machine');
  expect(slotsIn(menu, 'coffee machine')).toEqual(['coffee machine']);
});

it('finds it beside products, in the same enumeration', () => {
  const learned = many('We use [red mugs] and [plates] daily.', 'It rains and snows in winter.');
  expect(slotsIn(learned, 'We use [red mugs] and card readers daily.')).toEqual(['card readers']);
  expect(slotsIn(learned, 'It rains and storms in winter.')).toEqual([]);
});
