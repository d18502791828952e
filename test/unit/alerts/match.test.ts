import { expect, it } from 'vitest';
import { fits } from '../../../domain/alerts/match.ts';

it('a pattern fits the whole text, with any text for each star; no patterns fit everything', () => {
  expect(fits(undefined, 'France')).toBe(true);
  expect(fits(['Spain', 'Fr*'], 'France')).toBe(true);
  expect(fits(['*an*e'], 'France')).toBe(true);
  expect(fits(['a.c', 'a+', '(abc)', 'ab'], 'abc')).toBe(false);
  expect(fits(['*'], null)).toBe(true);
  expect(fits(['a*'], null)).toBe(false);
});

it('a pattern of many stars costs no time on a text that almost fits', () => {
  const from = performance.now();
  expect(fits([`${'*a'.repeat(99)}b`], 'a'.repeat(200))).toBe(false);
  expect(performance.now() - from).toBeLessThan(1_000);
});
