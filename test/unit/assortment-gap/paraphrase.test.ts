import { describe, expect, it } from 'vitest';
import { paraphrase } from '../../../domain/assortment-gap/index.ts';
import { Random } from '../../../domain/nlp/index.ts';

const name = 'PACK OF 12 VINTAGE LUNCH BOXES';
const many = (kind: Parameters<typeof paraphrase>[1][number]) =>
  Array.from({ length: 40 }, (_, seed) => paraphrase(name, [kind], new Random(seed)));

describe('a paraphrase', () => {
  it('is the same for the same seed', () => {
    expect(paraphrase(name, ['order', 'slip'], new Random(3))).toBe(paraphrase(name, ['order', 'slip'], new Random(3)));
  });

  it('keeps every word in another order', () => {
    const words = 'pack of 12 vintage lunch boxes'.split(' ').sort();
    for (const text of many('order')) expect(text.split(' ').sort()).toEqual(words);
    expect(new Set(many('order')).size).toBeGreaterThan(3);
  });

  it('has a plural for a singular and the other way round', () => {
    expect(many('plural')).toContain('pack of 12 vintage lunch box');
    expect(many('plural')).toContain('pack of 12 vintages lunch boxes');
  });

  it('cuts a long word short, to four letters at least', () => {
    for (const text of many('abbreviation')) expect(text).toMatch(/\bvint(a|ag)?\b|\bboxe?\b/);
  });

  it('leaves a word out, but not of a name of two', () => {
    for (const text of many('missing')) expect(text.split(' ')).toHaveLength(5);
    expect(paraphrase('RED MUG', ['missing'], new Random(1))).toBe('red mug');
  });

  it('has a slip behind the first letter of one word', () => {
    for (const text of many('slip')) {
      const changed = text.split(' ').filter((word, i) => word !== 'pack of 12 vintage lunch boxes'.split(' ')[i]);
      expect(changed.length).toBeLessThanOrEqual(1);
    }
  });

  it('of a name without letters and digits is empty', () => {
    expect(paraphrase('???', ['order', 'missing', 'slip', 'plural', 'abbreviation'], new Random(1))).toBe('');
  });
});
