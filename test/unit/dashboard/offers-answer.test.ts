import { describe, expect, it } from 'vitest';
import type { MarketSummary } from '../../../contracts/market-lists.ts';
import { answerOf } from '../../../dashboard/pages/offers/words.ts';

const market = (name: string, asOf: string): MarketSummary => ({
  ...{ market: name, asOf, runId: 'r', modelVersion: 1, customers: 1, offers: 1, gaps: 1, figures: {} },
});
const [today, yesterday] = ['2026-03-03', '2026-03-02'];

describe('the sentence about lists', () => {
  it.each([
    [[], false, 'There are no lists yet.'],
    [[market('DE', today)], false, 'The list of DE is from today.'],
    [[market('DE', today), market('FR', today)], true, 'Lists of all 2 markets are from today.'],
    [
      [market('DE', yesterday), market('FR', today), market('UK', today)],
      false,
      'Lists of 2 of 3 markets are from today; DE waits: the newest is of 2 Mar.',
    ],
    [
      [market('DE', yesterday), market('FR', yesterday)],
      true,
      'Lists of all 2 markets are of 2 Mar. Those of today are being made.',
    ],
    [
      [market('A', today), ...['B', 'C', 'D', 'E'].map((name) => market(name, yesterday))],
      false,
      'Lists of 1 of 5 markets are from today; 4 markets wait for theirs.',
    ],
  ])('says who has them and who waits: %#', (markets, isRunning, sentence) => {
    expect(answerOf(markets, today, isRunning)).toBe(sentence);
  });
});
