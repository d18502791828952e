import { describe, expect, it } from 'vitest';
import { exchange, inventWords, parseNouns } from '../../../bench/invented-terms.ts';
import { nounsEnDe } from '../../../bench/nouns-en-de.ts';
import { benchObedience } from '../../../bench/obedience.ts';
import type { TranslationAnswer, TranslationRequest } from '../../../contracts/translation.ts';
import { Random } from '../../../domain/nlp/random.ts';

describe('invented words', () => {
  it('are as many as asked for, all different, in none of the texts, the same for the same seed', () => {
    const first = inventWords(60, [], new Random(1));
    expect(new Set(first).size).toBe(60);
    expect(inventWords(60, [], new Random(1))).toEqual(first);
    const known = `Ein ${first[0]?.toLowerCase()}haus.`;
    expect(inventWords(60, [known], new Random(1))).not.toContain(first[0]);
    for (const word of first) expect(word).toMatch(/^\p{Lu}\p{Ll}{3,}$/u);
  });
});

describe('exchange', () => {
  const dog = { source: 'dog', usual: ['Hund'] };
  const hat = { source: 'hat', usual: ['Hut', 'Mütze'] };

  it('puts invented words into the places of the usual ones, whatever their ending', () => {
    expect(
      exchange('Hunde mit einer Mütze.', [
        [dog, 'Brumsel'],
        [hat, 'Losax'],
      ]),
    ).toBe('Brumsel mit einer Losax.');
  });

  it('is null where the reference says it in another way, in a compound, or twice', () => {
    expect(exchange('Ein Tier läuft.', [[dog, 'Brumsel']])).toBeNull();
    expect(exchange('Eine Hundeleine.', [[dog, 'Brumsel']])).toBeNull();
    expect(exchange('Hund und Hund.', [[dog, 'Brumsel']])).toBeNull();
  });
});

describe('benchObedience', () => {
  const pairs = [
    { source: 'A dog runs.', target: 'Ein Hund läuft.' },
    { source: 'A man sleeps.', target: 'Ein Mann schläft.' },
    { source: 'Two dogs run on the beach.', target: 'Zwei Hunde laufen am Strand.' },
  ];
  const nouns = [
    { source: 'dog', usual: ['Hund'] },
    { source: 'beach', usual: ['Strand'] },
  ];
  const options = { pair: { source: 'en', target: 'de' }, model: 'champion', beam: 5, seed: 1, show: 1 };

  /** Translates as the references do; obeys the first term only unless terms are enforced. */
  const service = {
    async translate({ text, terms = [], enforceTerms = true }: TranslationRequest) {
      const obeyed = enforceTerms ? terms : terms.slice(0, 1);
      const translations = (text as string[]).map((source, index) => {
        const plain = pairs.find((pair) => pair.source === source)?.target ?? '';
        const invented = (usual: string, noun: string) => obeyed.find((term) => term.source === noun)?.target ?? usual;
        const said = plain
          .replace(/Hunde?/, (usual) => invented(usual, 'dog'))
          .replace('Strand', invented('Strand', 'beach'));
        return { text: said, index } as TranslationAnswer;
      });
      return { translations, milliseconds: 1 };
    },
  };

  it('counts which invented words appear, with and without enforcing them, and scores the sentences around them', async () => {
    const lines: string[] = [];
    const figures = await benchObedience(service, pairs, nouns, options, (line) => lines.push(line));
    expect(figures).toEqual({
      terms: 2,
      sentences: 2,
      occurrences: 3,
      appeared: 1,
      appeared_by_input: 0.6667,
      judged: 2,
      bleu_with_terms: 100,
      bleu_by_input: expect.any(Number),
      bleu_without_terms: 100,
    });
    expect(figures.bleu_by_input).toBeLessThan(100);
    expect(lines).toEqual([
      'A dog runs.',
      '  without terms: Ein Hund läuft.',
      expect.stringMatching(/^ {2}with: +Ein \p{Lu}\p{Ll}+ läuft\.$/u),
    ]);
  });

  it('refuses sentences without any of the nouns', async () => {
    await expect(benchObedience(service, pairs.slice(1, 2), nouns, options, () => {})).rejects.toMatchObject({
      code: 'DATA_MISSING',
    });
  });
});

describe('the nouns for English to German', () => {
  it('are sixty different ones, each with a usual word', () => {
    const nouns = parseNouns(nounsEnDe);
    expect(new Set(nouns.map(({ source }) => source)).size).toBe(60);
    for (const { usual } of nouns) for (const word of usual) expect(word).toMatch(/^\p{Lu}/u);
  });
});
