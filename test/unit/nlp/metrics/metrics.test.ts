import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  bleu,
  bleuOf,
  bleuStatistics,
  chrf,
  chrfOf,
  chrfStatistics,
  compareTranslations,
} from '../../../../domain/nlp/metrics/index.ts';

/**
 * Texts and their scores by sacreBLEU itself. The script that made them draws sentences (Python's random.Random(20)) of
 * 0 to 14 words out of lists in Latin, CJK and Cyrillic script and of symbols, joined by blanks of several kinds; makes
 * the hypothesis by dropping, exchanging, raising and adding words at four strengths; adds the edge cases by hand; and
 * writes sacrebleu.corpus_bleu(h, [r]), the same with lowercase=True, and sacrebleu.corpus_chrf(h, [r]).
 */
interface Case {
  name: string;
  hypotheses: string[];
  references: string[];
  bleu: number;
  bleuLower: number;
  chrf: number;
}
const { cases } = JSON.parse(readFileSync(new URL('./sacrebleu.json', import.meta.url), 'utf8')) as { cases: Case[] };

describe('scores', () => {
  it.each(cases.map((one) => [one.name, one] as const))('are those of sacreBLEU: %s', (_, one) => {
    expect(bleu(one.hypotheses, one.references).score).toBeCloseTo(one.bleu, 8);
    expect(bleu(one.hypotheses, one.references, { lowercase: true }).score).toBeCloseTo(one.bleuLower, 8);
    expect(chrf(one.hypotheses, one.references)).toBeCloseTo(one.chrf, 8);
  });

  it('add up from the statistics of sentences', () => {
    const one = cases[0] as Case;
    const pairs = one.hypotheses.map((h, i) => [h, one.references[i] as string] as const);
    expect(bleuOf(pairs.map(([h, r]) => bleuStatistics(h, r))).score).toBeCloseTo(one.bleu, 8);
    expect(chrfOf(pairs.map(([h, r]) => chrfStatistics(h, r)))).toBeCloseTo(one.chrf, 8);
  });

  it.each(['bleu', 'chrf'] as const)('compare two systems by a paired bootstrap, %s', (metric) => {
    const references = Array.from({ length: 60 }, (_, i) => `the ${i} red doors of house ${i * 7} open now`);
    const bad = references.map((text, i) => (i % 2 === 0 ? text.replace('red', 'blue') : text));
    const worse = compareTranslations(bad, references, references, { metric, samples: 200 });
    expect(worse.difference).toBeLessThan(0);
    expect(worse.lower95).toBeLessThanOrEqual(worse.difference);
    expect(worse.upper95).toBeLessThan(0);
    expect(worse.upper95).toBeGreaterThanOrEqual(worse.difference);
    expect(compareTranslations(bad, references, references, { metric, samples: 200 })).toEqual(worse);
    expect(compareTranslations(bad, bad, references, { metric, samples: 50 })).toEqual({
      difference: 0,
      lower95: 0,
      upper95: 0,
    });
    expect(compareTranslations([], [], [], { metric })).toEqual({ difference: 0, lower95: 0, upper95: 0 });
  });

  it('refuse lists of different lengths', () => {
    expect(() => bleu(['a'], [])).toThrow(/1 translations stand against 0 references/);
  });
});
