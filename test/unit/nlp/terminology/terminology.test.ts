import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../domain/nlp/index.ts';
import type { Segment } from '../../../../domain/nlp/subwords/index.ts';
import {
  Aligner,
  annotate,
  BaseForms,
  checkTerms,
  containedTermAccuracy,
  Glossary,
  mineTerms,
  TermSampler,
  termAccuracy,
  withGlossary,
} from '../../../../domain/nlp/terminology/index.ts';

/** Pairs of a small grammar whose words have other places in the target. */
function corpus(n: number, seed: number) {
  const random = new Random(seed);
  const nouns = [
    ['engine', 'Motor'],
    ['customer', 'Kunde'],
    ['window', 'Fenster'],
    ['bridge', 'Brücke'],
    ['garden', 'Garten'],
    ['letter', 'Brief'],
    ['kitchen', 'Küche'],
    ['mountain', 'Berg'],
  ] as const;
  const verbs = [
    ['finds', 'findet'],
    ['paints', 'malt'],
    ['leaves', 'verlässt'],
    ['watches', 'beobachtet'],
  ] as const;
  const adjectives = [
    ['yellow', 'gelbe'],
    ['heavy', 'schwere'],
    ['quiet', 'leise'],
  ] as const;
  const pick = <T>(list: readonly T[]) => list[random.below(list.length)] as T;
  return Array.from({ length: n }, () => {
    const [[a, x], [b, y], [v, w], [j, k]] = [pick(nouns), pick(nouns), pick(verbs), pick(adjectives)];
    return random.next() < 0.5
      ? { source: `Today the ${j} ${a} ${v} the ${b}.`, target: `Heute ${w} das ${k} ${x} das ${y}.` }
      : { source: `The ${a} of the ${b} ${v} nothing.`, target: `Das ${x} des ${y}s ${w} nichts.` };
  });
}

const pairs = corpus(400, 3);
const mined = mineTerms(pairs, { source: 'en', target: 'de', common: 6 });
const shown = (parts: readonly Segment[]) =>
  parts.map((part) => ('text' in part ? (part.factor ? `[${part.factor}${part.text}]` : part.text) : '')).join('');

describe('Aligner', () => {
  it('finds which words translate each other, also where the order differs', () => {
    const split = (text: string) => text.toLowerCase().replace('.', ' .').split(' ');
    const words = pairs.map((pair) => ({ source: split(pair.source), target: split(pair.target) }));
    const aligner = Aligner.train(words);
    const pair = {
      source: split('Today the heavy bridge paints the letter.'),
      target: split('Heute malt das schwere Brücke das Brief.'),
    };
    const links = aligner.align(pair).map(([i, j]) => `${pair.source[i]}-${pair.target[j]}`);
    expect(links).toEqual(expect.arrayContaining(['today-heute', 'heavy-schwere', 'bridge-brücke', 'letter-brief']));
    expect(links).not.toContain('bridge-brief');
    expect(Aligner.train(words).align(pair)).toEqual(aligner.align(pair));
  });

  it('is read back from bytes', () => {
    const words = pairs.map((pair) => ({ source: pair.source.split(' '), target: pair.target.split(' ') }));
    const aligner = Aligner.train(words);
    const read = Aligner.fromBytes(aligner.toBytes());
    const same = words.filter((pair) => JSON.stringify(read.align(pair)) === JSON.stringify(aligner.align(pair)));
    expect(same.length / words.length).toBeGreaterThan(0.95);
    expect(() => Aligner.fromBytes(new Uint8Array(20))).toThrow(/word-aligner/);
  });

  it('takes empty and unknown sentences', () => {
    const aligner = Aligner.train([]);
    expect(aligner.align({ source: [], target: ['a'] })).toEqual([]);
    expect(aligner.align({ source: ['x'], target: [] })).toEqual([]);
  });
});

describe('mineTerms', () => {
  it('finds translations in base form, at their places', () => {
    let right = 0;
    let all = 0;
    const dictionary = new Map([
      ['engine', 'Motor'],
      ['customer', 'Kunde'],
      ['window', 'Fenster'],
      ['garden', 'Garten'],
      ['letter', 'Brief'],
      ['mountain', 'Berg'],
    ]);
    for (const { source, target, candidates } of mined) {
      for (const one of candidates) {
        const expected = dictionary.get(source.slice(one.start, one.end));
        if (expected === undefined) continue;
        all++;
        if (one.base === expected && target.slice(one.targetStart, one.targetEnd).startsWith(expected)) right++;
      }
    }
    expect(all).toBeGreaterThan(200);
    expect(right / all).toBeGreaterThan(0.97);
    expect(
      mined.some(({ source, target, candidates }) =>
        candidates.some(
          (c) =>
            source.slice(c.start, c.end) === 'letter' &&
            target.slice(c.targetStart, c.targetEnd) === 'Briefs' &&
            c.base === 'Brief',
        ),
      ),
    ).toBe(true);
  });

  it('gives way to the terms of a glossary that the translation follows', () => {
    const pair = {
      source: 'The customer buys parts',
      target: 'Der Kunde kauft Teile',
      candidates: [
        { start: 4, end: 12, base: 'Kunde', targetStart: 4, targetEnd: 9 },
        { start: 18, end: 23, base: 'Teil', targetStart: 16, targetEnd: 21 },
      ],
    };
    const glossary = new Glossary(
      [
        { source: 'part', target: 'Teile' },
        { source: 'customer', target: 'Mandant' },
      ],
      'en',
    );
    const [merged] = withGlossary([pair], glossary, 'de');
    expect(merged?.candidates.map((one) => one.base)).toEqual(['Kunde', 'Teile']);
  });

  it('takes the shortest common form of a stem as its base', () => {
    const bases = new BaseForms('de');
    for (const text of [
      'Der Kunde zahlt',
      'Die Kunden zahlen',
      'Den Kunden geht es gut',
      'Einem Kund',
      'x Hunde y Hunde',
    ])
      bases.addText(text);
    expect(bases.base(bases.key('Kunden'))).toBe('Kund');
    expect(bases.base(bases.key('Hund'))).toBe('Hunde');
    expect(bases.base('unknown')).toBeUndefined();
  });
});

describe('TermSampler', () => {
  it('annotates a share of the sentences, anew in every epoch, the same for the same seed', () => {
    const draw = (seed: number, epoch: number) => {
      const sampler = new TermSampler(mined, { seed, epoch, share: 0.4 });
      return mined.map((_, i) => sampler.draw(i));
    };
    const first = draw(1, 0);
    expect(draw(1, 0)).toEqual(first);
    expect(draw(1, 1)).not.toEqual(first);
    expect(draw(2, 0)).not.toEqual(first);
    const share = first.filter((one) => one.terms > 0).length / first.length;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.5);
    for (const [i, one] of first.entries()) {
      const source = one.source.map((part) => ('text' in part && part.factor !== 2 ? part.text : '')).join('');
      expect(source).toBe(pairs[i]?.source);
    }
  });

  it('exchanges targets for invented words on both sides', () => {
    const sampler = new TermSampler(mined, { seed: 1, epoch: 0, share: 1, invented: 1 });
    let changed = 0;
    for (const [i, pair] of mined.entries()) {
      const { source, target } = sampler.draw(i);
      if (target === pair.target) continue;
      changed++;
      const words = source.flatMap((part) => ('text' in part && part.factor === 2 ? [part.text.trim()] : []));
      expect(words.some((word) => target.includes(word) && !pair.target.includes(word))).toBe(true);
    }
    expect(changed).toBeGreaterThan(250);
  });

  it('exchanges source words for invented ones too where it is asked for', () => {
    const sampler = new TermSampler(mined, { seed: 1, epoch: 0, share: 1, invented: 1, inventedSources: 0.5 });
    let [changed, unknown] = [0, 0];
    for (const [i, pair] of mined.entries()) {
      const { source, target } = sampler.draw(i);
      const text = source.map((part) => ('text' in part && part.factor !== 2 ? part.text : '')).join('');
      if (target !== pair.target) changed++;
      if (text !== pair.source) unknown++;
    }
    expect(unknown).toBeGreaterThan(changed / 4);
    expect(unknown).toBeLessThan(changed);
  });
});

describe('Glossary', () => {
  const glossary = new Glossary(
    [
      { source: 'shipping', target: 'Versand' },
      { source: 'shipping cost', target: 'Versandkosten' },
      { source: 'customer', target: 'Kunde' },
      { source: 'product', target: 'Produkt' },
      { source: 'products', target: 'Produkte' },
      { source: 'category', target: 'Kategorie' },
      { source: 'IT', target: 'EDV', caseSensitive: true },
      { source: 'spare part', target: 'Ersatzteil', inflected: false },
      { source: 'C++', target: 'C++' },
      { source: '', target: 'x' },
    ],
    'en',
  );
  const found = (text: string) =>
    glossary.find(text).map((m) => `${text.slice(m.start, m.end)}=${m.term.target}/${m.form}`);

  it('takes the longest term, ignoring case unless it counts', () => {
    expect(found('Shipping costs and SHIPPING of products')).toEqual([
      'Shipping costs=Versandkosten/inflected',
      'SHIPPING=Versand/exact',
      'products=Produkte/exact',
    ]);
    expect(found('is it IT?')).toEqual(['IT=EDV/exact']);
    expect(found('We use C++.')).toEqual(['C++=C++/exact']);
  });

  it('finds inflected forms, but no other words of the same stem', () => {
    expect(found('Categories of customers')).toEqual(['Categories=Kategorie/inflected', 'customers=Kunde/inflected']);
    expect(found('custom production of spare parts, unshipping')).toEqual([]);
  });

  it('stays linear in hostile texts and terms', () => {
    const start = performance.now();
    const nested = new Glossary(
      Array.from({ length: 19 }, (_, n) => ({ source: 'a '.repeat(n + 1) + 'b', target: 'x' })),
      'en',
    );
    expect(nested.find('a '.repeat(200_000))).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('annotates what it finds behind the term', () => {
    const text = 'The shipping (customer) of it';
    const parts = annotate(
      text,
      glossary.find(text).map((m) => ({ start: m.start, end: m.end, target: m.term.target })),
    );
    expect(shown(parts)).toBe('The[1 shipping][2 Versand] ([1customer][2 Kunde]) of it');
    expect(annotate('', [])).toEqual([{ text: '', factor: 0 }]);
  });

  it('tells which terms a translation has, each place once', () => {
    const matches = glossary.find('customer customer product shipping cost category');
    expect(checkTerms('Der Kunde mit Produkten im Versandkostenrechner', matches, 'de').map((use) => use.form)).toEqual(
      ['exact', 'missed', 'inflected', 'contained', 'missed'],
    );
    expect(termAccuracy(['a customer', 'no term'], ['den Kunden', 'x'], glossary, 'de')).toEqual({
      terms: 1,
      exact: 0,
      lemmatised: 1,
    });
  });

  it('counts contained terms as Python would', () => {
    const terms = [
      { source: 'cat', target: 'Katze' },
      { source: 'a+b', target: 'Summe' },
      { source: 'été', target: 'summer' },
    ];
    const sources = ['Cat, cats', 'concat', 'x a+b', 'aa+b', 'l’ÉTÉ', 'été_', 'cat9 cat'];
    const translations = ['KATZENHAUS', 'Katze', 'summe', 'Summe', 'Summer', 'summer', 'Hund'];
    expect(containedTermAccuracy(sources, translations, terms)).toEqual({ terms: 4, right: 3, accuracy: 0.75 });
  });

  it('finds only what stands in the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('shipping', 'cost', ' ', 'customer', 's', '\uE000', 'é', '😀') }),
        (text) => {
          let last = 0;
          for (const { start, end } of glossary.find(text)) {
            expect(start).toBeGreaterThanOrEqual(last);
            expect(end).toBeGreaterThan(start);
            last = end;
          }
          expect(last).toBeLessThanOrEqual(text.length);
        },
      ),
      { seed: 2 },
    );
  });
});
