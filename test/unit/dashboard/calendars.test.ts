import { describe, expect, it } from 'vitest';
import type { CalendarDefinition } from '../../../contracts/schedules.ts';
import { calendarsOf, dayRuleWords, rulesOf } from '../../../dashboard/pages/pipelines/words/calendars.ts';
import { startWords } from '../../../dashboard/pages/pipelines/words/schedules.ts';

/** The words of calendars, a line each rule. */
const wordsOf = (calendars: CalendarDefinition[], missing: 'midnight' | 'all day' = 'midnight') =>
  rulesOf(calendars, missing)?.map(dayRuleWords);

describe('calendars as days and times', () => {
  it.each<[CalendarDefinition, string]>([
    [{}, 'every day at 00:00'],
    [{ hour: 6, dayOfWeek: 'MON-FRI' }, 'Monday to Friday at 06:00'],
    [{ hour: 6, dayOfWeek: '1-5' }, 'Monday to Friday at 06:00'],
    [{ hour: '6,18', minute: 30, dayOfWeek: 0 }, 'every Sunday at 06:30 and 18:30'],
    [{ hour: 4, dayOfMonth: '1,15', month: 'JAN,JUL' }, 'on days 1 and 15 of January and July at 04:00'],
    [{ hour: 7, dayOfMonth: '1-7', dayOfWeek: 'MON' }, 'every Monday that is on days 1 to 7 of the month at 07:00'],
    [{ hour: '8-18', minute: '*/15' }, 'every day every 15 minutes from 08:00 to 18:45'],
    [{ hour: '8-18' }, 'every day every hour from 08:00 to 18:00'],
    [{ hour: '*', minute: '*/10', month: 12 }, 'every day in December every 10 minutes'],
    [{ hour: 6, year: '2027-2028' }, 'every day at 06:00 in 2027-2028'],
  ])('%o is %s, and is written as it was meant', (calendar, words) => {
    expect(wordsOf([calendar])).toEqual([words]);
    const written = calendarsOf(rulesOf([calendar], 'midnight') ?? [], 'midnight');
    expect(wordsOf(written)).toEqual([words]);
  });

  it('keep what the form begins with as it stands', () => {
    const calendars = [{ hour: 6, dayOfWeek: 'MON-FRI' }];
    expect(calendarsOf(rulesOf(calendars, 'midnight') ?? [], 'midnight')).toEqual(calendars);
  });

  it('are several where times differ in their minutes, and one rule again', () => {
    const [rule] = rulesOf([{ hour: 6, dayOfWeek: 'FRI,SAT,SUN' }], 'midnight') ?? [];
    if (!rule) throw new Error('no rule');
    const at = { ...rule, times: { kind: 'at', at: ['18:00', '06:30', '07:30', ''] } } as const;
    const calendars = calendarsOf([at], 'midnight');
    expect(calendars).toEqual([
      { minute: 30, hour: '6,7', dayOfWeek: 'FRI,SAT,SUN' },
      { hour: 18, dayOfWeek: 'FRI,SAT,SUN' },
    ]);
    expect(wordsOf(calendars)).toEqual(['every Friday, Saturday, and Sunday at 06:30, 07:30, and 18:00']);
  });

  it('are all day where nothing starts, unless they say a time', () => {
    expect(wordsOf([{ dayOfWeek: 'SUN' }, { dayOfWeek: 'SAT', hour: 6, minute: 0 }], 'all day')).toEqual([
      'every Sunday',
      'every Saturday at 06:00',
    ]);
    expect(calendarsOf(rulesOf([{ dayOfWeek: 'SUN' }], 'all day') ?? [], 'all day')).toEqual([{ dayOfWeek: 'SUN' }]);
    expect(startWords({ id: 'a', pipeline: 'b', cron: '@daily', skip: [{ dayOfWeek: 'SUN' }] })).toBe(
      'every day at 00:00, UTC, but not every Sunday',
    );
  });

  it.each<CalendarDefinition>([
    { minute: '*/7', hour: '*' },
    { hour: 'six' },
    { dayOfWeek: '5-2' },
    { minute: '1-2-3' },
  ])('%o says more than they can', (calendar) => expect(rulesOf([{ hour: 6 }, calendar], 'midnight')).toBeNull());
});
