import { describe, expect, it } from 'vitest';
import type { DeadlineDefinition } from '../../../contracts/deadlines.ts';
import { dueDays, nextDueDay, partitionDate } from '../../../domain/deadlines/days.ts';

const hourMs = 3_600_000;
const definition = (given: Partial<DeadlineDefinition>): DeadlineDefinition => ({
  id: 'd',
  pipeline: 'p',
  by: '07:00',
  zone: 'Europe/Berlin',
  ...given,
});
/** When a deadline is due on some days around a local date. */
const due = (given: Partial<DeadlineDefinition>, date: string): (string | undefined)[] => {
  const around = Date.parse(`${date}T12:00:00Z`);
  const days = dueDays(definition(given), around - 60 * hourMs, around + 60 * hourMs, { byDay: false });
  const of = (offset: number) => new Date(Date.parse(date) + offset * 24 * hourMs).toISOString().slice(0, 10);
  return [-1, 0, 1].map((offset) => {
    const found = days.find(({ day }) => day === of(offset));
    return found && new Date(found.dueAt).toISOString();
  });
};

describe('over changes of the clock, a deadline is due', () => {
  it.each([
    ['Europe/Berlin', '07:00', '2027-03-28', ['2027-03-27T06:00', '2027-03-28T05:00', '2027-03-29T05:00']],
    // 02:30 does not exist: the first moment after the gap.
    ['Europe/Berlin', '02:30', '2027-03-28', ['2027-03-27T01:30', '2027-03-28T01:00', '2027-03-29T00:30']],
    // 02:30 comes twice: the first.
    ['Europe/Berlin', '02:30', '2027-10-31', ['2027-10-30T00:30', '2027-10-31T00:30', '2027-11-01T01:30']],
    ['Europe/Berlin', '07:00', '2027-10-31', ['2027-10-30T05:00', '2027-10-31T06:00', '2027-11-01T06:00']],
    ['America/New_York', '02:30', '2027-03-14', ['2027-03-13T07:30', '2027-03-14T07:00', '2027-03-15T06:30']],
    ['America/New_York', '07:00', '2027-03-14', ['2027-03-13T12:00', '2027-03-14T11:00', '2027-03-15T11:00']],
    ['America/New_York', '01:30', '2027-11-07', ['2027-11-06T05:30', '2027-11-07T05:30', '2027-11-08T06:30']],
    ['America/New_York', '07:00', '2027-11-07', ['2027-11-06T11:00', '2027-11-07T12:00', '2027-11-08T12:00']],
  ])('in %s by %s around %s', (zone, by, date, expected) => {
    expect(due({ zone, by }, date)).toEqual(expected.map((at) => `${at}:00.000Z`));
  });
});

it('is due on its weekdays only, and next on the first of them', () => {
  // 2027-01-02 is a Saturday.
  const weekdays: Partial<DeadlineDefinition> = { days: ['MON', 'TUE', 'WED', 'THU', 'FRI'] };
  expect(due(weekdays, '2027-01-02')).toEqual(['2027-01-01T06:00:00.000Z', undefined, undefined]);
  expect(nextDueDay(definition(weekdays), Date.parse('2027-01-01T06:00:00Z'))?.day).toBe('2027-01-04');
});

it('is watched from as long before as it says, and where the day of the end counts not before the day', () => {
  const at = Date.parse('2027-01-02T06:00:00Z');
  const watched = (until: number, given: Partial<DeadlineDefinition>, byDay = false) =>
    dueDays(definition(given), at - 1, until, { byDay }).map(({ day }) => day);
  expect(watched(at - 2 * hourMs - 1, { warnAhead: '2h' })).toEqual([]);
  expect(watched(at - 2 * hourMs, { warnAhead: '2h' })).toEqual(['2027-01-02']);
  expect(watched(at - 24 * hourMs, {})).toEqual(['2027-01-02']);
  // Berlin's midnight is 23:00 UTC.
  expect(watched(at - 7 * hourMs - 1, {}, true)).toEqual([]);
  expect(watched(at - 7 * hourMs, {}, true)).toEqual(['2027-01-02']);
});

it('names the partition that is due, also over the ends of months', () => {
  expect(partitionDate(definition({}), '2027-03-01')).toBe('2027-03-01');
  expect(partitionDate(definition({ dayOffset: -1 }), '2027-03-01')).toBe('2027-02-28');
});
