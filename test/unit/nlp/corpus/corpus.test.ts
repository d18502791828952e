import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CorpusPair, cleanCorpus, cleanText, LanguageDetector } from '../../../../domain/nlp/corpus/index.ts';

let detector: LanguageDetector;
beforeAll(async () => {
  detector = await LanguageDetector.load();
});

const pair = (source: string, target: string): CorpusPair => ({ source, target });
const reasonOf = (source: string, target: string) => {
  const { report } = cleanCorpus([pair(source, target)], { languages: { detector, source: 'en', target: 'de' } });
  return Object.keys(report.refused)[0] ?? 'kept';
};

describe('cleanCorpus', () => {
  it.each([
    ['The door is open.', 'Die Tür ist offen.', 'kept'],
    [' \u200b ', 'Tür', 'empty'],
    ['12 %', '12 %', 'no-letters'],
    ['word '.repeat(151), 'Wort '.repeat(151), 'too-long'],
    ['x'.repeat(2001), 'y', 'too-long'],
    ['Open it', 'Öffne bitte das Ding dort drüben an der Wand hinter dem Haus', 'length-ratio'],
    ['Hello {name}', 'Hallo {nom}', 'placeholders'],
    ['Stone &amp; tile', 'Stein und Fliese', 'kept'],
    ['<b>Save</b> all', 'Alles sichern', 'placeholders'],
    ['<a href="/en">Save</a> {0}', '{0} <a href="/de">sichern</a>', 'kept'],
    ['In 1998 it was', 'Im Jahr 1989 war es', 'numbers'],
    ['It costs 1,250.50 at 3 pm', 'Um 15 Uhr kostet es 1.250,50', 'kept'],
    ['The customer can order the product in the shop', 'The customer may buy products in our shop', 'language'],
    [
      'Le client peut commander le produit dans la boutique',
      'Der Kunde kann das Produkt im Laden bestellen',
      'language',
    ],
    ['Dashboard', 'Dashboard', 'kept'],
  ])('%s | %s: %s', (source, target, reason) => {
    expect(reasonOf(source, target)).toBe(reason);
  });

  it('drops duplicates, and of several targets keeps all or the most frequent', () => {
    const pairs = [
      pair('Add', 'Hinzufügen'),
      pair('Add', 'Zufügen'),
      pair('Add ', 'Zufügen'),
      pair('Add', 'Zufügen'),
      pair('New', 'Neu'),
    ];
    const all = cleanCorpus(pairs);
    expect(all.pairs.map((p) => p.target)).toEqual(['Hinzufügen', 'Zufügen', 'Neu']);
    expect(all.report).toEqual({
      read: 5,
      kept: 3,
      refused: { duplicate: 2 },
      examples: { duplicate: [pair('Add', 'Zufügen'), pair('Add', 'Zufügen')] },
    });
    const one = cleanCorpus(pairs, { conflicts: 'most-frequent' });
    expect(one.pairs.map((p) => p.target)).toEqual(['Zufügen', 'Neu']);
    expect(one.report.refused).toEqual({ duplicate: 2, conflict: 1 });
  });

  it('keeps copies up to a share, and what else a pair carries', () => {
    const pairs = Array.from({ length: 100 }, (_, i) => ({
      ...pair(`Name ${'x'.repeat(i)}`, `Name ${'x'.repeat(i)}`),
      domain: 'shop',
    }));
    const { pairs: kept, report } = cleanCorpus(pairs);
    expect(kept).toHaveLength(10);
    expect(kept[0]).toEqual({ source: 'Name', target: 'Name', domain: 'shop' });
    expect(report.refused).toEqual({ copy: 90 });
  });

  it('counts every pair once, whatever it holds', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('<b>', '{', '}', '%s', '1', ',', ' ', 'a', '\u00ad') }),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ source: text, target: text })), (pairs) => {
        const { pairs: kept, report } = cleanCorpus(pairs);
        const refused = Object.values(report.refused).reduce((a, b) => a + b, 0);
        expect(kept.length + refused).toBe(pairs.length);
        expect(cleanCorpus(kept).pairs).toEqual(kept);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('stays linear in hostile texts', () => {
    const start = performance.now();
    for (const unit of ['1,', '1 ', '<', '{', ' ', '\u00ad', '%(', '1.2,'])
      cleanCorpus([pair(unit.repeat(100_000), unit.repeat(99_999))], { mostCharacters: 1e9, mostWords: 1e9 });
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('cleanText', () => {
  it('keeps what is seen, and no-break spaces, and takes the rest out', () => {
    expect(cleanText(' a\u00ad\u0007b \t\n c\u00a0: e\u0301 \ufeff')).toBe('ab c\u00a0: é');
  });
});

describe('LanguageDetector', () => {
  it('knows languages, also among given ones, and says when it does not', () => {
    expect(detector.detect('Der Hund läuft schnell über die Straße')).toMatchObject({ language: 'de', reliable: true });
    expect(
      detector
        .detect('Le chien court dans la rue', ['en', 'de'])
        .scores.map((one) => one.language)
        .sort(),
    ).toEqual(['de', 'en']);
    expect(detector.detect('12 34')).toEqual({ language: null, reliable: false, scores: [] });
    expect(detector.mayBe('Ein Satz auf Deutsch, der lang genug ist', 'xx', 'en')).toBe(true);
  });
});
