import { describe, expect, it } from 'vitest';
import { evaluationText } from '../../../cli/translation.ts';
import type { Scores } from '../../../pipelines/translation/outputs.ts';

const scores = (name: string, more: Partial<Scores> = {}): Scores => ({
  ...{ name, bleu: 30, bleuLowercase: 31, chrf: 55.25, termsExact: null, termsLemmatised: 0.5 },
  ...more,
});
const cells = (variants: readonly Scores[]) =>
  evaluationText({
    sets: [{ name: 'domain', sentences: 40, terms: 3, variants: [...variants] }],
    againstChampion: null,
  })
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/));

describe('the evaluation as a table', () => {
  it('says of translations with memories how many sentences were matched', () => {
    const all = scores('adapted + memory', { matches: { exact: 2, fuzzy: 17 } });
    const [head, first, second] = cells([scores('adapted'), all]);
    expect(head).toEqual([
      'texts',
      'sentences',
      'model',
      'BLEU',
      'lower case',
      'chrF',
      'terms',
      'in any form',
      'exact',
      'similar',
    ]);
    expect(first).toEqual(['domain', '40', 'adapted', '30.00', '31.00', '55.25', '50.0 %']);
    expect(second).toEqual(['adapted + memory', '30.00', '31.00', '55.25', '50.0 %', '2', '17']);
  });

  it('has no such columns where no memory was used', () => {
    expect(cells([scores('general')])[0]?.at(-1)).toBe('in any form');
    expect(evaluationText(null)).toBe('');
  });
});
