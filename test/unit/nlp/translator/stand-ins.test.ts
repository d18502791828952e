import { describe, expect, it } from 'vitest';
import { placeholder } from '../../../../domain/nlp/text/index.ts';
import { prepareTerms } from '../../../../domain/nlp/translator/index.ts';
import { standIns } from '../../../../domain/nlp/translator/stand-ins.ts';
import { applyTerms, findTerms } from '../../../../domain/nlp/translator/terms.ts';

const [p0, p1, p2] = [0, 1, 2].map(placeholder) as [string, string, string];
const glossaries = [
  prepareTerms(
    [
      { source: 'valve', target: 'Brumsel' },
      { source: 'pump', target: 'losax' },
    ],
    'en',
  ).required,
];
/** The stand-ins of a passage for the terms that a translation of it misses. */
const of = (text: string, translation: string) =>
  standIns(text, applyTerms(translation, findTerms(text, glossaries), 'de'));

describe('standIns', () => {
  it('puts placeholders in the place of missed terms alone; the others stay annotated', () => {
    const given = of('Open the valve of the pump.', 'Öffne das Brumsel der Pumpe.');
    expect(given).toMatchObject({
      text: `Open the valve of the ${p0}.`,
      annotations: [{ start: 9, end: 14, target: 'Brumsel' }],
      placeholders: [p0],
    });
    expect(given?.restore(`Öffne das Brumsel der ${p0}.`)).toBe('Öffne das Brumsel der losax.');
  });

  it('numbers them with those of the passage, in the order of the text, and finds back to those', () => {
    const given = of(`Open ${p0}the valve${p1} now`, 'Öffne');
    expect(given).toMatchObject({ text: `Open ${p0}the ${p1}${p2} now`, placeholders: [p1] });
    expect(given?.restore(`Öffne ${p0}das ${p1}${p2} jetzt`)).toBe(`Öffne ${p0}das Brumsel${p1} jetzt`);
  });

  it('keeps the words that it puts in apart from others, and raises one that begins the sentence', () => {
    const given = of('The valve and the pump', 'Nichts');
    expect(given?.placeholders).toEqual([p0, p1]);
    expect(given?.restore(`${p1}${p0}und mehr`)).toBe('Losax Brumsel und mehr');
    expect(given?.restore(`Das ${p0}, die ${p1}-Halle`)).toBe('Das Brumsel, die losax-Halle');
  });

  it('leaves the word behind one that begins the sentence without a capital', () => {
    const given = of(`${p0}Open the valve`, 'Nichts');
    expect(given?.restore(`${p0}${p1} Öffnen`, `${p0}${p1} öffnen`)).toBe(`${p0}Brumsel öffnen`);
    expect(given?.restore(`${p0}Öffne ${p1}`, `${p0}öffne ${p1}`)).toBe(`${p0}Öffne Brumsel`);
  });

  it('is null when there are more placeholders than a model knows', () => {
    const many = Array.from({ length: 32 }, (_, i) => placeholder(i)).join(' ');
    expect(of(`${many} valve`, 'nichts')).toBeNull();
    expect(of(`${many.slice(2)} valve`, 'nichts')).not.toBeNull();
  });
});
