import { describe, expect, it } from 'vitest';
import type { ResourceRecord } from '../../../contracts/language-data.ts';
import type { LanguagePairRecord } from '../../../contracts/translation.ts';
import { chosenOf, ofPair, pairOf, requestOf, wordOf } from '../../../dashboard/pages/translate/choices.ts';

const pair = (source: string, target: string): LanguagePairRecord => ({
  source,
  target,
  model: `${source}-${target}`,
  version: 1,
});
const pairs = [pair('en', 'de'), pair('fr', 'de'), pair('de', 'en')];
const resource = (id: string, source: string, target: string): ResourceRecord => ({
  ...{ id, kind: 'glossary', name: id, source, target, domain: '', version: 1, entries: 1 },
  ...{ createdBy: '', createdAt: '', updatedAt: '' },
});

describe('the pair that is wanted', () => {
  it.each([
    ['what the address says', { from: 'de', to: 'en' }, { source: 'de', target: 'en' }],
    ['the language that is left to be detected', { from: null, to: 'de' }, { source: null, target: 'de' }],
    ['the only one that can be meant', { from: null, to: 'en' }, { source: 'de', target: 'en' }],
    ['another target where there is no such pair', { from: 'fr', to: 'en' }, { source: 'fr', target: 'de' }],
  ] as const)('is %s', (_what, asked, expected) => {
    expect(pairOf(pairs, asked)).toEqual(expected);
  });

  it('is none without any', () => {
    expect(pairOf([], { from: null, to: null })).toBeNull();
  });
});

describe('glossaries and memories', () => {
  const all = [
    resource('a', 'en', 'de'),
    resource('b', 'en-GB', 'de'),
    resource('c', 'en', 'fr'),
    resource('d', 'en-US', 'de-AT'),
  ];
  const fitting = ofPair(all, { source: 'en', target: 'de' });

  it('fit when one of two tags leaves the region out', () => {
    expect(fitting.map(({ id }) => id)).toEqual(['a', 'b', 'd']);
    expect(ofPair(all, { source: 'en-US', target: 'de' }).map(({ id }) => id)).toEqual(['a', 'd']);
    expect(ofPair(all, { source: null, target: 'de' })).toEqual([]);
  });

  it.each([
    [undefined, ['a', 'b', 'd'], null],
    ['none', [], 'none'],
    ['d,a,gone', ['a', 'd'], 'a,d'],
  ] as const)('are chosen by the word %s of the address', (word, ids, again) => {
    expect(chosenOf(word, fitting)).toEqual(ids);
    expect(wordOf(ids, fitting)).toBe(again);
  });

  it('stand in the request by their ids', () => {
    const wanted = { pair: { source: 'en', target: 'de' }, glossaries: ['a'], memories: ['m', 'n'], model: null };
    expect(requestOf('x', wanted)).toEqual({
      ...{ text: 'x', source: 'en', target: 'de', sentences: true, memory: { ids: ['m', 'n'] }, glossaries: ['a'] },
    });
    expect(requestOf('x', { ...wanted, memories: [], model: '3' })).toMatchObject({ memory: false, model: '3' });
    expect(requestOf('x', { ...wanted, pair: { source: null, target: 'de' } })).not.toHaveProperty('source');
  });
});
