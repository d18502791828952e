import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../domain/nlp/index.ts';
import {
  Distance,
  exchangeNumbers,
  FuzzySampler,
  fuzzyParts,
  memoryKey,
  neighbours,
  sharedTargetWords,
  TranslationMemory,
} from '../../../../domain/nlp/memory/index.ts';
import { Aligner, alignable } from '../../../../domain/nlp/terminology/index.ts';
import { placeholder, words } from '../../../../domain/nlp/text/index.ts';

/** The textbook's distance. */
function levenshtein(a: readonly unknown[], b: readonly unknown[]): number {
  let row = b.map((_, j) => j + 1);
  row.unshift(0);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(
        (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
        (row[j] as number) + 1,
        (next[j - 1] as number) + 1,
      );
    }
    row = next;
  }
  return row[b.length] as number;
}

const segments = (sources: readonly string[]) =>
  sources.map((source, i) => ({ id: `s${i}`, source, target: `t:${source}` }));

describe('Distance', () => {
  it('is the Levenshtein distance, cut off above the most', () => {
    const list = (most: number) => fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: most });
    fc.assert(
      fc.property(
        fc.oneof(list(12), list(70)),
        fc.oneof(list(12), list(70)),
        fc.integer({ min: 0, max: 60 }),
        (a, b, most) => {
          const distance = new Distance(Int32Array.from(a)).to(Int32Array.from(b), most);
          expect(distance).toBe(Math.min(levenshtein(a, b), most + 1));
        },
      ),
      { numRuns: 2000, seed: 4 },
    );
  });
});

describe('TranslationMemory', () => {
  it('finds what a look at every segment finds, best first', () => {
    const unit = fc.constantFrom('the', 'a', 'red', 'door', 'opens', 'now', ',', '7', '12', placeholder(0));
    const text = fc.array(unit, { minLength: 1, maxLength: 9 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 25 }),
        text,
        fc.constantFrom(0.5, 0.6, 0.7, 0.85),
        (sources, query, threshold) => {
          const memory = new TranslationMemory(segments(sources));
          const found = memory.lookUp(query, { threshold, limit: 100 });
          const split = (t: string) => words(t).map((word) => word.text);
          const score = (source: string) => {
            if (source === query) return 1;
            const [a, b] = [split(query), split(source)];
            return Math.min(0.99, 1 - levenshtein(a, b) / Math.max(a.length, b.length));
          };
          for (const { segment, kind, score: given } of found) {
            if (kind !== 'numbers') expect(given).toBeCloseTo(score(segment.source), 10);
            else expect(given).toBe(0.99);
          }
          const expected = segments(sources).filter((s) => score(s.source) >= threshold - 1e-9);
          const ids = new Set(found.map((match) => match.segment.id));
          for (const segment of expected) expect(ids.has(segment.id)).toBe(true);
          expect(
            found.every((match) => match.kind === 'numbers' || score(match.segment.source) >= threshold - 1e-9),
          ).toBe(true);
          expect(found.map((m) => m.score)).toEqual(found.map((m) => m.score).sort((a, b) => b - a));
        },
      ),
      { numRuns: 500, seed: 6 },
    );
  });

  it('tells exact matches, newest first, from those that differ in case or numbers', () => {
    const memory = new TranslationMemory([
      { id: '1', source: 'Tighten 4 screws at 12.5 Nm.', target: '4 Schrauben mit 12,5 Nm anziehen.' },
      { id: '2', source: 'Open  the door.', target: 'Tür öffnen.' },
      { id: '3', source: 'Open the door.', target: 'Öffne die Tür.' },
    ]);
    expect(memory.lookUp('Open the\tdoor. ', { limit: 2 }).map((m) => [m.kind, m.score, m.target])).toEqual([
      ['exact', 1, 'Öffne die Tür.'],
      ['exact', 1, 'Tür öffnen.'],
    ]);
    expect(memory.lookUp('open the door.')[0]).toMatchObject({ kind: 'fuzzy', score: 0.99 });
    expect(memory.lookUp('Tighten 6 screws at 13.5 Nm.')).toMatchObject([
      { kind: 'numbers', score: 0.99, target: '6 Schrauben mit 13,5 Nm anziehen.', segment: { id: '1' } },
    ]);
    expect(memory.lookUp('Close the door.')[0]).toMatchObject({ kind: 'fuzzy', score: 0.75 });
    expect(memory.lookUp('')).toEqual([]);
  });

  it('forgets what is removed and replaces what is added again', () => {
    const memory = new TranslationMemory(
      segments(Array.from({ length: 1500 }, (_, i) => `word${i} and word${i + 1} meet`)),
    );
    for (let i = 0; i < 1200; i++) expect(memory.remove(`s${i}`)).toBe(true);
    expect(memory.remove('s0')).toBe(false);
    expect(memory.size).toBe(300);
    expect(memory.lookUp('word5 and word6 meet', { threshold: 0.9 })).toEqual([]);
    memory.add({ id: 's1300', source: 'something else', target: 'new' });
    expect(memory.lookUp('word1300 and word1301 meet', { threshold: 0.9 })).toEqual([]);
    expect(memory.lookUp('word1400 and word1401 meet')[0]?.segment.id).toBe('s1400');
    expect(memory.lookUp('something else', { where: (segment) => segment.id !== 's1300' })).toEqual([]);
  });

  it('answers from 20,000 segments within milliseconds', () => {
    const random = new Random(8);
    const sentence = () =>
      Array.from({ length: 5 + random.below(15) }, () => `w${Math.floor(random.next() ** 3 * 3000)}`).join(' ');
    const sources = Array.from({ length: 20_000 }, sentence);
    const memory = new TranslationMemory(segments(sources));
    const times = Array.from({ length: 100 }, (_, i) => {
      const start = performance.now();
      const near = (sources[i * 7] as string).replace(/^\S+/, 'other');
      expect(memory.lookUp(near)[0]?.segment.id).toBe(`s${i * 7}`);
      return performance.now() - start;
    });
    expect(times.sort((a, b) => a - b)[50]).toBeLessThan(25);
  });

  it('takes hostile texts', () => {
    const memory = new TranslationMemory(segments(['a b', 'a '.repeat(5000), '', ' ', '\uE000']));
    const start = performance.now();
    for (const text of ['a '.repeat(5000), 'a '.repeat(100_000), 'x'.repeat(200_000), '.'.repeat(9000)])
      memory.lookUp(text, { threshold: 0.5 });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(memoryKey(' a \u00a0\n b ')).toBe('a b');
  });
});

describe('exchangeNumbers', () => {
  it.each([
    ['7 of 9', '5 of 9', '5 von 9', '7 von 9'],
    ['at 1,500 rpm', 'at 2,000 rpm', 'bei 2.000 U/min', 'bei 1.500 U/min'],
    ['page 3', 'page 2', 'zweite Seite', null],
    ['3 x 4', '2 x 2', '2 x 2', null],
    [`see ${placeholder(1)}`, `see ${placeholder(0)}`, `siehe ${placeholder(0)}`, `siehe ${placeholder(1)}`],
    ['two of 8', 'two of 8', 'zwei von acht', 'zwei von acht'],
  ])('%s after %s = %s', (now, old, target, expected) => {
    expect(exchangeNumbers(now, old, target)).toBe(expected);
  });
});

describe('fuzzy matches in the input', () => {
  const pairs = [
    { source: 'the red door opens', target: 'die rote Tür öffnet sich' },
    { source: 'the red door closes', target: 'die rote Tür schließt sich' },
    { source: 'nothing like it', target: 'nichts dergleichen' },
    { source: 'the red door opens', target: 'doppelt' },
  ];

  it('tell apart what the sources share', () => {
    const links = [
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ] as const;
    expect(sharedTargetWords('the red door opens', 'the red door closes', 'die rote Tür schließt sich', links)).toEqual(
      [true, true, true, false, false],
    );
    const parts = fuzzyParts('the red door opens', pairs[1] as (typeof pairs)[0], { source: 'en', target: 'de' });
    expect(parts).toEqual([
      { special: 'fuzzy', factor: 3 },
      { text: 'die rote Tür schließt sich', factor: 3, sentence: 'de' },
    ]);
  });

  it('lose nothing of the match, whatever is linked', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', ' ', '.', 'é', placeholder(1)), maxLength: 30 });
    const pair = fc.record({ source: text, target: text });
    fc.assert(
      fc.property(text, pair, fc.array(pair, { maxLength: 3 }), (query, match, others) => {
        const languages = { source: 'en', target: 'de' };
        const aligner = Aligner.train([match, ...others].map((one) => alignable(one, languages)));
        const parts = fuzzyParts(query, match, languages, aligner);
        const joined = parts.map((part) => ('text' in part ? part.text : '')).join('');
        expect(joined).toBe(words(match.target).length > 0 ? match.target : '');
        expect(parts.filter((part) => 'text' in part && part.sentence !== undefined).length).toBe(
          joined === '' ? 0 : 1,
        );
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('are never the sentence itself, and drawn by seed and epoch', () => {
    const found = neighbours(pairs);
    expect(found.map((n) => n?.index ?? null)).toEqual([1, 3, null, 1]);
    expect(found[0]?.score).toBe(0.75);
    const draw = (epoch: number) => {
      const many = Array.from({ length: 50 }, () => pairs).flat();
      const near = many.map((_, i) =>
        found[i % 4] ? { ...(found[i % 4] as { index: number; score: number }) } : null,
      );
      const sampler = new FuzzySampler(many, near, { seed: 1, epoch, languages: { source: 'en', target: 'de' } });
      return many.map((_, i) => sampler.draw(i).length > 0);
    };
    expect(draw(0)).toEqual(draw(0));
    expect(draw(0)).not.toEqual(draw(1));
    expect(draw(0).filter(Boolean).length / 150).toBeCloseTo(0.5, 0);
  });
});
