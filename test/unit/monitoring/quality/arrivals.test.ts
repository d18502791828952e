import { describe, expect, it } from 'vitest';
import { checkFreshness, checkVolume } from '../../../../domain/monitoring/quality/index.ts';

const dayMs = 86_400_000;
const date = (n: number) => new Date(Date.UTC(2026, 0, 5) + n * dayMs).toISOString().slice(0, 10);
/** Twelve weeks; Sundays have a tenth of the rows. */
const past = Array.from({ length: 84 }, (_, n) => ({
  date: date(n),
  rows: (n % 7 === 6 ? 100 : 1000) + ((n * 37) % 90),
}));

describe('checkVolume', () => {
  it.each([
    ['as usual on a Monday', 84, 1050, false],
    ['as usual on a Sunday', 90, 130, false],
    ["a Sunday's volume on a Monday", 84, 130, true],
    ["a Monday's volume on a Sunday", 90, 1050, true],
    ['a third of the rows', 85, 340, true],
    ['none at all', 84, 0, true],
  ])('%s', (_, day, rows, told) => expect(checkVolume({ date: date(day), rows }, past)).toHaveLength(told ? 1 : 0));

  it('names the weekday and what it has as a rule', () =>
    expect(checkVolume({ date: date(84), rows: 0 }, past)).toMatchObject([
      {
        check: 'volume',
        severity: 'error',
        observed: 0,
        text: expect.stringMatching(/^0 rows on 2026-03-30; the last 12 Mondays had 10\d\d as a rule \(robust z -/),
      },
    ]));

  it('does not mistake what few rows vary by for a fault', () => {
    const few = Array.from({ length: 84 }, (_, n) => ({ date: date(n), rows: 9 }));
    expect(checkVolume({ date: date(84), rows: 12 }, few)).toEqual([]);
  });

  it('is not misled by one odd day, nor by days to come, and says nothing of a weekday it hardly knows', () => {
    const odd = past.map((day) => (day.date === date(77) ? { ...day, rows: 5 } : day));
    expect(checkVolume({ date: date(84), rows: 1050 }, odd)).toEqual([]);
    expect(checkVolume({ date: date(21), rows: 1 }, past)).toEqual([]);
  });
});

describe('checkFreshness', () => {
  const at = (days: number) => new Date(Date.UTC(2026, 0, 5) + days * dayMs);
  /** Every day but Sundays. */
  const arrivals = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 14].map(at);

  it('allows one and a half times the longest gap', () => {
    expect(checkFreshness(at(14), at(16.9), { arrivals })).toEqual([]);
    expect(checkFreshness(at(14), at(17.5), { arrivals })).toMatchObject([
      {
        check: 'freshness',
        observed: 84,
        expected: 72,
        text: 'The newest data are 3.5 days old, of 2026-01-19T00:00:00.000Z; at most 3 days are expected; the longest gap before was 2 days.',
      },
    ]);
  });

  it('takes the age it is given instead', () => {
    expect(checkFreshness(at(14), at(14.5), { withinMs: 6 * 3_600_000, arrivals })).toMatchObject([
      { observed: 12, expected: 6 },
    ]);
  });

  it('says nothing after too few arrivals', () =>
    expect(checkFreshness(at(3), at(90), { arrivals: arrivals.slice(0, 4) })).toEqual([]));
});
