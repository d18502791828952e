import { describe, expect, it } from 'vitest';
import { mask, maskPair, PlaceholderSampler, restore, wordAlignment } from '../../../../domain/nlp/markup/index.ts';
import type { MinedPair } from '../../../../domain/nlp/terminology/index.ts';
import { placeholder, placeholdersOf, words } from '../../../../domain/nlp/text/index.ts';

const [p0, p1, p2, p3] = [0, 1, 2, 3].map(placeholder);

describe('maskPair', () => {
  it.each([
    [
      'Press <b>Save</b> {0}',
      '{0} <b>Sichern</b> drücken',
      `Press ${p0}Save${p1} ${p2}`,
      `${p2} ${p0}Sichern${p1} drücken`,
    ],
    ['a <i>b</i> <i>c</i>', 'x <i>y</i> <i>z</i>', `a ${p0}b${p1} ${p2}c${p3}`, `x ${p0}y${p1} ${p2}z${p3}`],
    ['<p><b>Save</b></p>', '<p><b>Sichern</b></p>', 'Save', 'Sichern'],
    [
      'See <a href="/en">x</a> now',
      'Siehe <a href="/de">x</a> jetzt',
      `See ${p0}x${p1} now`,
      `Siehe ${p0}x${p1} jetzt`,
    ],
  ])('masks %s and %s alike', (source, target, first, second) => {
    expect(maskPair(source, target)).toEqual({ source: first, target: second });
  });

  it('refuses pairs whose parts differ', () => {
    expect(maskPair('Hello {name} x', 'Hallo {nom} x')).toBeNull();
    expect(maskPair('a {0} b', 'a b')).toBeNull();
    expect(maskPair('a <b>x</b> c', 'a <b>x <b> c')).toBeNull();
  });
});

describe('PlaceholderSampler', () => {
  const pair: MinedPair = {
    source: 'The engine is near the yellow house.',
    target: 'Der Motor ist beim gelben Haus.',
    candidates: [
      { start: 4, end: 10, base: 'Motor', targetStart: 4, targetEnd: 9 },
      { start: 23, end: 29, base: 'gelb', targetStart: 19, targetEnd: 25 },
      { start: 23, end: 35, base: 'gelbes Haus', targetStart: 19, targetEnd: 30 },
      { start: 30, end: 35, base: 'Haus', targetStart: 26, targetEnd: 30 },
    ],
  };
  const pairs = Array.from({ length: 300 }, () => pair);

  it('puts the same placeholders into both sides, numbered as in the source', () => {
    const sampler = new PlaceholderSampler(pairs, { seed: 1, epoch: 0, share: 1 });
    const seen = new Set<string>();
    for (let i = 0; i < pairs.length; i++) {
      const drawn = sampler.draw(i);
      if (!drawn) continue;
      const [from, to] = [placeholdersOf(drawn.source), placeholdersOf(drawn.target)];
      expect(from).toEqual(from.map((_, k) => k));
      expect([...to].sort((a, b) => a - b)).toEqual(from);
      seen.add(drawn.source);
    }
    expect(seen.size).toBeGreaterThan(30);
    expect([...seen]).toContain(`The ${p0}engine${p1} is near the yellow house.`);
    expect([...seen]).toContain(`The ${p0} is near the yellow house.`);
  });

  it('leaves pairs alone that have placeholders', () => {
    const own = { ...pair, source: `${p0} ${pair.source}`, target: `${p0} ${pair.target}` };
    expect(new PlaceholderSampler([own], { seed: 1, epoch: 0, share: 1 }).draw(0)).toBeNull();
  });

  it('draws a share, anew in every epoch, the same for the same seed', () => {
    const draw = (epoch: number) => {
      const sampler = new PlaceholderSampler(pairs, { seed: 1, epoch });
      return pairs.map((_, i) => sampler.draw(i)?.source ?? null);
    };
    expect(draw(0)).toEqual(draw(0));
    expect(draw(0)).not.toEqual(draw(1));
    expect(draw(0).filter(Boolean).length).toBeGreaterThan(10);
    expect(draw(0).filter(Boolean).length).toBeLessThan(60);
  });
});

describe('wordAlignment', () => {
  it('brings lost tags to the words that they marked', () => {
    const masked = mask('I have <b>never</b> seen the <i>red house</i> before');
    const translation = 'Das rote Haus habe ich nie zuvor gesehen';
    const dictionary: Record<string, string> = {
      never: 'nie',
      red: 'rote',
      house: 'Haus',
      seen: 'gesehen',
      the: 'Das',
    };
    const target = words(translation).map((word) => word.text);
    const links = words(masked.text).flatMap((word, i) => {
      const j = target.indexOf(dictionary[word.text] ?? '?');
      return j < 0 ? [] : [[i, j] as const];
    });
    const back = restore(translation, masked, { align: wordAlignment(masked.text, translation, links) });
    expect(back.text).toBe('Das <i>rote Haus</i> habe ich <b>nie</b> zuvor gesehen');
  });

  // Links as "source-target", as aligners write them.
  it.each([
    ['around all the words it marks, in whatever order they come', '0-3 1-0 2-1 3-2', 0, 19, [0, 23]],
    ['not over a word far away that one wrong link names', '0-3 1-0 1-3 2-1 3-2', 6, 19, [0, 15]],
    ['next to what follows where nothing of it is linked', '3-2', 6, 9, [9, 9]],
    ['in proportion where nothing is linked at all', '', 0, 19, [0, 23]],
  ] as const)('puts a pair of tags %s', (_, given, open, close, expected) => {
    const links = [...given.matchAll(/(\d)-(\d)/g)].map(([, i, j]) => [Number(i), Number(j)] as const);
    const place = wordAlignment('check the red brake', 'die rote Bremse pruefen', links);
    expect([place(open, 'start', close), place(close, 'end', open)]).toEqual(expected);
  });

  it('takes variables that the translation has for linked words', () => {
    const masked = mask('See <b>{0}</b> or <i>chapter {1}</i> now');
    const [v, w] = [placeholder(1), placeholder(4)];
    const translation = `Jetzt ${w} Kapitel oder ${v} ansehen`;
    const at = (text: string, word: string) => words(text).findIndex((one) => one.text === word);
    const links = [[at(masked.text, 'chapter'), at(translation, 'Kapitel')] as const];
    const back = restore(translation, masked, { align: wordAlignment(masked.text, translation, links) });
    expect(back.text).toBe('Jetzt <i>{1} Kapitel</i> oder <b>{0}</b> ansehen');
  });
});
