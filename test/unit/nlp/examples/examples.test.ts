import { describe, expect, it } from 'vitest';
import { ExampleMaker, modelInput } from '../../../../domain/nlp/examples/index.ts';
import { neighbours } from '../../../../domain/nlp/memory/index.ts';
import { end, trainSubwords } from '../../../../domain/nlp/subwords/index.ts';
import { Glossary, mineTerms } from '../../../../domain/nlp/terminology/index.ts';

const nouns = [
  ['engine', 'Motor'],
  ['window', 'Fenster'],
  ['garden', 'Garten'],
  ['letter', 'Brief'],
  ['mountain', 'Berg'],
] as const;
const adjectives = [
  ['yellow', 'gelbe'],
  ['heavy', 'schwere'],
  ['quiet', 'leise'],
] as const;
const pairs = nouns.flatMap(([a, x]) =>
  nouns.flatMap(([b, y]) =>
    adjectives.map(([c, z]) => ({ source: `The ${c} ${a} and the ${b}.`, target: `Der ${z} ${x} und der ${y}.` })),
  ),
);
const languages = { source: 'en', target: 'de' };
const subwords = trainSubwords(
  [
    { language: 'en', texts: pairs.map((pair) => pair.source) },
    { language: 'de', texts: pairs.map((pair) => pair.target) },
  ],
  { size: 420 },
);
const mined = mineTerms(pairs, { ...languages, common: 3 });
const near = neighbours(pairs);

describe('ExampleMaker', () => {
  const maker = (options = {}) => new ExampleMaker(mined, near, { subwords, languages, seed: 1, ...options });
  const all = (made: ExampleMaker, epoch: number) => pairs.map((_, i) => made.make(i, epoch));

  it('mixes plain, annotated, appended and masked examples, anew in every epoch, the same for the same seed', () => {
    const examples = all(maker({ dropout: 0.1 }), 0);
    expect(all(maker({ dropout: 0.1 }), 0)).toEqual(examples);
    expect(all(maker({ dropout: 0.1 }), 1)).not.toEqual(examples);
    const seen = { plain: 0, term: 0, fuzzy: 0, masked: 0 };
    for (const example of examples) {
      if (!example) throw new Error('none is too long');
      expect(example.source).toHaveLength(example.factors.length);
      expect([example.source.at(-1), example.target.at(-1)]).toEqual([end, end]);
      if (example.factors.includes(2)) seen.term++;
      if (example.factors.includes(3)) seen.fuzzy++;
      if (example.source.includes(subwords.special('ph0'))) {
        seen.masked++;
        expect([...example.target]).toContain(subwords.special('ph0'));
      }
      if (example.factors.every((factor) => factor === 0)) seen.plain++;
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(3);
  });

  it('does what it is told and no more', () => {
    const plain = maker({ terms: { share: 0 }, placeholders: { share: 0 }, fuzzyShare: 0, tagged: true });
    for (const [i, pair] of pairs.entries()) {
      const example = plain.make(i, 3);
      expect(example?.source[0]).toBe(subwords.special('2de'));
      expect(subwords.decode(example?.source ?? [])).toBe(pair.source);
      expect(subwords.decode(example?.target ?? [])).toBe(pair.target);
    }
    expect(maker({ longest: 3 }).make(0, 0)).toBeNull();
    const length = (maker({ terms: { share: 0 }, placeholders: { share: 0 }, fuzzyShare: 0 }).make(0, 0)?.source ?? [])
      .length;
    const short = maker({ longest: length, fuzzyShare: 1, terms: { share: 0 }, placeholders: { share: 0 } });
    expect(short.make(0, 0)?.source).toHaveLength(length);
  });
});

describe('modelInput', () => {
  it('is the same in use as in training', () => {
    const text = 'The quiet engine and the garden.';
    const glossary = new Glossary([{ source: 'engine', target: 'Triebwerk' }], 'en');
    const annotations = glossary
      .find(text)
      .map(({ start, end: to, term }) => ({ start, end: to, target: term.target }));
    const match = { source: 'The quiet engine.', target: 'Der leise Motor.' };
    const { source, factors } = subwords.encodeSource(modelInput(text, { languages, annotations, match }), {
      language: 'en',
    });
    const part = (factor: number) => subwords.decode([...source].filter((_, i) => factors[i] === factor));
    expect(part(1)).toBe('Engine');
    expect(part(2)).toBe('Triebwerk');
    expect(part(3)).toBe('Der leise Motor.');
    expect(subwords.decode([...source].filter((_, i) => (factors[i] as number) < 2))).toBe(text);
  });
});
