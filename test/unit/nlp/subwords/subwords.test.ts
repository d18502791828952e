import fc from 'fast-check';
import tokenizers from 'tokenizers';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../domain/nlp/index.ts';
import { type Casing, end, Subwords, trainSubwords } from '../../../../domain/nlp/subwords/index.ts';
import { normaliseUnicode, placeholder } from '../../../../domain/nlp/text/index.ts';

/** Sentences of a small language with capitals as in German. */
function sentences(n: number, seed: number): { en: string[]; de: string[] } {
  const nouns: [string, string][] = [
    ['house', 'Haus'],
    ['engine', 'Motor'],
    ['brake disc', 'Bremsscheibe'],
    ['customer', 'Kunde'],
    ['order', 'Bestellung'],
    ['café', 'Café'],
  ];
  const random = new Random(seed);
  const pick = () => nouns[random.below(nouns.length)] as [string, string];
  const en: string[] = [];
  const de: string[] = [];
  for (let i = 0; i < n; i++) {
    const [[a, x], [b, y]] = [pick(), pick()];
    const number = random.below(2000);
    en.push(`The ${a} is near the ${b}, and the ${b} costs ${number} euros.`);
    de.push(`Das ${x} ist nahe bei das ${y}, und das ${y} kostet ${number} Euro.`);
    if (i % 5 === 0) en.push(`Is the ${a} new?`);
  }
  return { en, de };
}

const { en, de } = sentences(300, 1);
const corpora = [
  { language: 'en', texts: en },
  { language: 'de', texts: de },
];
const casings: Casing[] = ['cased', 'sentence', 'inline'];
const made = new Map(casings.map((casing) => [casing, trainSubwords(corpora, { size: 440, casing })]));
const of = (casing: Casing) => made.get(casing) as Subwords;
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      '\uD800',
      '\uDC00',
      ' ',
      '▁',
      '\n',
      '\t',
      '\0',
      '<',
      'ß',
      'İ',
      'ŉ',
      'ǅ',
      '🤷🏽‍♀️',
      '\uE000',
      '\uE01F',
      '\uE020',
      'A',
      'a',
      '1',
      '.',
    ),
  }),
  fc.string({
    unit: fc.constantFrom('The', 'house', 'IS', ' ', 'new', 'Das', '<ph0>', '<s>', '<0x41>', 'iPhone', 'é', 'e\u0301'),
  }),
);

describe.each(casings)('subwords, %s', (casing) => {
  it('give back the normal form of any text', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('en', 'de', undefined), (text, language) => {
        const options = language === undefined ? {} : { language };
        const normal = normaliseUnicode(text);
        expect(of(casing).decode(of(casing).encode(text, options))).toBe(normal);
        const random = new Random(3);
        expect(of(casing).decode(of(casing).encode(text, { ...options, dropout: 0.3, random }))).toBe(normal);
      }),
      { numRuns: 600, seed: 7 },
    );
  });

  it('are read back from JSON as they were, the same bytes for the same texts', () => {
    const json = of(casing).serialise();
    expect(trainSubwords(corpora, { size: 440, casing }).serialise()).toBe(json);
    const read = Subwords.parse(json);
    expect(read.serialise()).toBe(json);
    expect(read.encode(en[0] as string, { language: 'en' })).toEqual(
      of(casing).encode(en[0] as string, { language: 'en' }),
    );
  });
});

describe('subwords', () => {
  it('are those that the tokenizers library finds with the same file', async () => {
    const library = tokenizers.Tokenizer.fromString(JSON.stringify(JSON.parse(of('cased').serialise()).tokenizer));
    const texts = [
      ...en.slice(0, 50),
      ...de.slice(0, 50),
      'A  Häuserblock — 12.5 € (neu)! 漢字 🚗',
      "don't",
      ' x ',
      'résumé',
    ];
    for (const text of texts) {
      const encoding = await library.encode(text);
      expect(of('cased').encode(text)).toEqual(encoding.getIds());
      expect(await library.decode(encoding.getIds(), true)).toBe(text);
    }
  });

  it('fill the size asked for, no more, and know every byte', () => {
    expect(of('cased').size).toBe(440);
    expect(of('cased').token(of('cased').special('ph3'))).toBe('<ph3>');
    expect(of('cased').special('2de')).toBeGreaterThan(of('cased').special('ph31'));
    expect(() => of('cased').special('2fr')).toThrow(/<2fr>/);
    expect(() => trainSubwords(corpora, { size: 100 })).toThrow(/size: 100/);
    expect(() => trainSubwords(corpora, { size: 40_000 })).toThrow(/size: 40000/);
    expect(() => trainSubwords([{ language: 'en', texts: ['', ' '] }])).toThrow(/no character/);
    expect(() => trainSubwords([{ language: 'English', texts: ['a'] }])).toThrow(/"English"/);
  });

  it('write the first word of a sentence as within one, and bring its capital back', () => {
    const s = of('sentence');
    const tokens = (text: string, language: string) => s.encode(text, { language }).map((id) => s.token(id));
    expect(tokens('The house', 'en')).toEqual(tokens('the house', 'en').slice(1));
    expect(tokens('the house', 'en')[0]).toBe('<low>');
    expect(tokens('Haus', 'de').join('')).toBe('▁Haus');
  });

  it('mark parts of the input by factors, and keep placeholders whole', () => {
    const s = of('sentence');
    const { source, factors } = s.encodeSource(
      [
        { text: 'The', factor: 0 },
        { text: ' engine', factor: 1 },
        { text: ' Motor', factor: 2 },
        { text: ` is ${placeholder(3)}new`, factor: 0 },
        { special: 'fuzzy', factor: 3 },
        { text: 'Das Haus', factor: 3, sentence: 'de' },
      ],
      { language: 'en', target: 'de' },
    );
    expect(source).toHaveLength(factors.length);
    expect(source[0]).toBe(s.special('2de'));
    expect(source.at(-1)).toBe(end);
    expect(Array.from(source)).toContain(s.special('ph3'));
    const part = (factor: number) => s.decode([...source].filter((_, i) => factors[i] === factor));
    expect(part(1)).toBe('Engine');
    expect(part(2)).toBe('Motor');
    expect(part(3)).toBe('Das Haus');
    const plain = s.encodeSource('The engine.', { language: 'en' });
    expect([...plain.source]).toEqual([...s.encode('The engine.', { language: 'en' }), end]);
    expect([...s.encodeTarget('Das Haus.')].at(-1)).toBe(end);
  });

  it('vary by dropout, the same for the same seed', () => {
    const s = of('cased');
    const sample = (seed: number) => s.encode(en[0] as string, { dropout: 0.5, random: new Random(seed) });
    expect(sample(1)).toEqual(sample(1));
    expect(sample(1)).not.toEqual(sample(2));
    expect(sample(1).length).toBeGreaterThan(s.encode(en[0] as string).length);
  });

  it('take hostile text in linear time', () => {
    const start = performance.now();
    for (const text of ['a'.repeat(300_000), ' '.repeat(300_000), '\u0301'.repeat(300_000), '🤷🏽‍♀️'.repeat(30_000)]) {
      expect(of('sentence').decode(of('sentence').encode(text, { language: 'en' }))).toBe(normaliseUnicode(text));
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('refuse a file that is none', () => {
    expect(() => Subwords.parse('{')).toThrow(/not JSON/);
    expect(() => Subwords.parse('{}')).toThrow(/does not say/);
    expect(() => Subwords.parse(of('cased').serialise().replace('"version":1', '"version":9'))).toThrow(/version 9/);
  });
});
