import { describe, expect, it } from 'vitest';
import { normaliseUnicode, placeholder, placeholdersOf, stemmer, words } from '../../../../domain/nlp/text/index.ts';

describe('words', () => {
  it('are runs of letters and digits; symbols and Han characters stand alone', () => {
    const split = (text: string) => words(text).map((word) => word.text);
    expect(split(`L'été, 3.5 km — "ok"!`)).toEqual([
      'L',
      "'",
      'été',
      ',',
      '3',
      '.',
      '5',
      'km',
      '—',
      '"',
      'ok',
      '"',
      '!',
    ]);
    expect(split(`漢字とA1${placeholder(2)}`)).toEqual(['漢', '字', 'と', 'A1', placeholder(2)]);
    expect(words(' a 😀')).toEqual([
      { text: 'a', start: 1, end: 2, kind: 'word' },
      { text: '😀', start: 3, end: 5, kind: 'symbol' },
    ]);
  });
});

describe('stemmer', () => {
  it('brings forms of a word together, in any case', () => {
    const german = stemmer('de-AT');
    expect(german('Häuser')).toBe(german('Haus'));
    expect(german('rote')).toBe(german('ROTEN'));
    expect(stemmer('en')('orders')).toBe(stemmer('en')('ordered'));
    expect(stemmer('xx')('Words')).toBe('words');
    expect(stemmer('en')('running'.repeat(100_000))).toHaveLength(700_000);
  });
});

describe('normaliseUnicode', () => {
  it('composes letters, keeps what people typed, and replaces halves of characters', () => {
    expect(normaliseUnicode('e\u0301 x² ﬁ \uD800!')).toBe('é x² ﬁ \uFFFD!');
    expect(placeholdersOf(`a${placeholder(3)}b${placeholder(0)}`)).toEqual([3, 0]);
  });
});
