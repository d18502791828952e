import { describe, expect, it } from 'vitest';
import type { TermEvidence } from '../../../contracts/translation.ts';
import { termPlaces } from '../../../dashboard/pages/translate/term-places.ts';
import { cutBy } from '../../../dashboard/text/ranges.ts';

const term = (found: string, used: string | null): TermEvidence => ({
  ...{ source: found, target: used ?? 'x', found, used, enforced: false, glossary: 'g' },
  form: used === null ? 'missed' : 'exact',
});

describe('places of terms', () => {
  it('are each taken once, in both texts, whatever their order in the translation', () => {
    const source = 'A bag, a red bag and a tin.';
    const target = 'Eine Dose, eine Tasche und eine rote Tasche.';
    const places = termPlaces({
      source,
      target,
      terms: [term('bag', 'Tasche'), term('bag', 'Tasche'), term('tin', 'Dose')],
    });
    const words = (side: 'source' | 'target') =>
      places[side].map(({ start, end, index }) => [index, start, { source, target }[side].slice(start, end)]);
    expect(words('source')).toEqual([
      [0, 2, 'bag'],
      [1, 13, 'bag'],
      [2, 23, 'tin'],
    ]);
    expect(words('target')).toEqual([
      [0, 16, 'Tasche'],
      [1, 37, 'Tasche'],
      [2, 5, 'Dose'],
    ]);
  });

  it('are left out where a term was missed, or stands otherwise in the text', () => {
    const places = termPlaces({
      source: 'a cake\u00a0tin',
      target: 'etwas',
      terms: [term('cake tin', null), term('a', null)],
    });
    expect(places.source).toMatchObject([{ index: 1, start: 0, end: 1 }]);
    expect(places.target).toEqual([]);
  });
});

describe('a text cut by ranges', () => {
  it('loses nothing, and leaves out what overlaps or lies outside', () => {
    const text = 'one two three';
    const ranges = [
      { start: 4, end: 7 },
      { start: 6, end: 9 },
      { start: 8, end: 99 },
      { start: 0, end: 3 },
      { start: 12, end: 12 },
    ];
    const pieces = cutBy(text, ranges);
    expect(pieces.map((piece) => piece.text)).toEqual(['one', ' ', 'two', ' three']);
    expect(pieces.map(({ range }) => range?.start ?? null)).toEqual([0, null, 4, null]);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  });
});
