import { describe, expect, it } from 'vitest';
import type { MarketSummary } from '../../../contracts/market-lists.ts';
import type { ReliabilityBin } from '../../../contracts/outcomes.ts';
import { answerOf, calibrationWords } from '../../../dashboard/pages/offers/words.ts';

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

describe('the sentence about calibration', () => {
  const bin = (predicted: number, sold: number, interval: [number, number]): ReliabilityBin => ({
    ...{ rows: 100, sold, predicted, observed: sold / 100, lowest: predicted, highest: predicted },
    interval: { lower95: interval[0], upper95: interval[1] },
  });
  const of = (bins: readonly ReliabilityBin[], calibrationError: number | null, predicted: number | null) =>
    calibrationWords({
      ...{ market: 'DE', from: '2026-01-01', to: '2026-04-01', modelVersion: null, offers: 400, outcomes: 300 },
      ...{ predicted, observed: 0.3, calibrationError, bins },
    });
  const [low, middle, high] = [
    bin(0.1, 12, [0.07, 0.2]),
    bin(0.3, 28, [0.2, 0.37]),
    bin(0.7, 45, [0.35, 0.55]),
  ] as const;

  it.each([
    [of([], null, null), ''],
    [
      of([low, middle], 0.02, 0.25),
      'Of offers given 30%, 28% sold. The calibration error is 2 percentage points. All 2 groups are within what chance explains.',
    ],
    [
      of([middle], 0.01, 0.3),
      'Of offers given 30%, 28% sold. The calibration error is 1 percentage point. That is within what chance explains.',
    ],
    [
      of([low, middle, high], 0.0967, 0.36),
      'Of offers given 30%, 28% sold. The calibration error is 9.7 percentage points. 1 of 3 groups promised too much, beyond what chance explains.',
    ],
    [
      of([bin(0.1, 40, [0.31, 0.5]), high], 0.275, 0.36),
      'Of offers given 10%, 40% sold. The calibration error is 27.5 percentage points. 1 of 2 groups promised too much and 1 too little, beyond what chance explains.',
    ],
  ])('says what became of the usual offer, the error, and whether it is chance: %#', (said, sentence) => {
    expect(said).toBe(sentence);
  });
});
