import { describe, expect, it } from 'vitest';
import { Random } from '../../../../domain/nlp/index.ts';
import { editRate } from '../../../../domain/nlp/metrics/index.ts';

describe('the edit rate', () => {
  it.each([
    ['Der rote Wagen ist alt.', 'Der rote Wagen ist alt.', 0],
    ['Das rot Wagen ist alt.', 'Der rote Wagen ist alt.', 2 / 6],
    ['Der Wagen ist alt', 'Der rote Wagen ist alt.', 2 / 6],
    ['Der sehr rote Wagen', 'Der Wagen', 2 / 2],
    ['', 'Der Wagen', 1],
    ['Der Wagen', '', 2],
    ['', '', 0],
    // Blanks are no words.
    ['Der  Wagen\n', 'Der Wagen', 0],
  ])('of "%s" for "%s" is %d', (answer, correction, rate) => {
    expect(editRate(answer, correction)).toBeCloseTo(rate, 12);
  });

  it('knows words of scripts without blanks', () => {
    const rate = editRate('車は古いです。', '赤い車は古いです。');
    expect(rate).toBeGreaterThan(0);
    expect(rate).toBeLessThan(0.5);
  });

  it('says of very long texts what differs between their common ends, and at most that all of it does', () => {
    const random = new Random(1);
    const words = Array.from({ length: 9000 }, () => `w${random.below(1000)}`);
    const changed = words.with(4500, 'other').with(4510, 'other');
    expect(editRate(changed.join(' '), words.join(' '))).toBeCloseTo(2 / 9000, 12);
    const others = words.map((word) => `${word}x`);
    expect(editRate(others.join(' '), words.join(' '))).toBe(1);
  });
});
