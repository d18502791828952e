import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import type { PerennialError } from '../../../contracts/errors.ts';
import type { ScheduleDefinition } from '../../../contracts/schedules.ts';
import { definePipeline } from '../../../domain/dag/index.ts';
import { fireTimes } from '../../../domain/schedules/fire-times.ts';
import { resolveParams, scheduleScope } from '../../../domain/schedules/templates.ts';
import { dayClock, endOfGap, instantsOf, transitions } from '../../../domain/schedules/zone.ts';
import { scheduleOf } from '../../support/timings.ts';

const dayMs = 86_400_000;

function faultsOf(given: object): string[] {
  try {
    scheduleOf(given);
  } catch (error) {
    expect((error as PerennialError).code).toBe('VALIDATION_FAILED');
    return ((error as PerennialError).fields ?? []).map((f) => `${f.field}: ${f.message}`);
  }
  return [];
}

function next(given: Partial<ScheduleDefinition>, after: string, count = 3): string[] {
  const times = fireTimes(scheduleOf(given).timing, Date.parse(after), count);
  return times.map((time) => new Date(time).toISOString().slice(0, 16));
}

describe('the check of a schedule', () => {
  it.each<[string, object, RegExp]>([
    [
      'a minute beyond the hour',
      { cron: '61 * * * *' },
      /^cron: has "61" as minute: "61" is not a number from 0 to 59/,
    ],
    ['an hour that is a word', { cron: '0 noon * * *' }, /^cron: has "noon" as hour/],
    ['a range that goes backwards', { cron: '0 0 * * FRI-MON' }, /as day of week: the range "FRI-MON" goes backwards/],
    ['a step of nothing', { cron: '*/0 * * * *' }, /as minute: the step "0"/],
    ['four fields', { cron: '0 0 * *' }, /^cron: has 4 field\(s\); it must have five/],
    ['an unknown shorthand', { cron: '@fortnightly' }, /^cron: is not one of @hourly/],
    ['31 February', { cron: '0 0 31 2 *' }, /^cron: never comes: there is no day 31 in FEB/],
    ['29 February of a year without', { calendars: [{ month: 2, dayOfMonth: 29, year: 2027 }] }, /calendars\.0: never/],
    [
      'a day that its week never has',
      { calendars: [{ year: 2027, month: 1, dayOfMonth: 1, dayOfWeek: 'MON' }] },
      /never/,
    ],
    ['an unknown zone', { cron: '@daily', timeZone: 'Europe/Berlinn' }, /^timeZone: is not an IANA/],
    ['no time at all', {}, /^cron: must say when/],
    ['two ways of saying when', { cron: '@daily', every: '1h' }, /^every: must say when/],
    ['an offset beyond its interval', { every: '1h', offset: '2h' }, /^offset: .*shorter than every/],
    ['half a second', { every: '500ms' }, /^every: must be whole seconds/],
    [
      'an end before its start',
      { cron: '@daily', startAt: '2027-01-02T00:00:00Z', endAt: '2027-01-01T00:00:00Z' },
      /^endAt/,
    ],
    ['a start that calendars do not reach', { cron: '@daily', startAt: '2101-01-01T00:00:00Z' }, /^startAt: .* 2101/],
    ['an end before all calendars', { cron: '@daily', endAt: '1999-01-01T00:00:00Z' }, /^endAt: .* 1999/],
    ['an unknown pipeline', { cron: '@daily', pipeline: 'nope' }, /^pipeline: is not a pipeline here; there are daily/],
    ['a parameter the pipeline refuses', { cron: '@daily', params: { n: 'many' } }, /^params\.n: /],
    ['an unknown parameter', { cron: '@daily', params: { m: 1 } }, /^params\.m: is not a parameter/],
    [
      'an expression with an unknown name',
      { cron: '@daily', params: { day: '{{ tomorrow }}' } },
      /^params\.day: .*tomorrow/,
    ],
    ['an unknown field', { cron: '@daily', zone: 'UTC' }, /^zone: /],
    ['every minute, all left out', { cron: '* * * * *', skip: [{ month: '*' }] }, /^cron: never comes/],
    ['every second, all left out', { every: '1s', skip: [{ hour: '0-11' }, { hour: '12-23' }] }, /^every: never comes/],
    ['an id of the API', { cron: '@daily', id: 'diff' }, /^id: is taken/],
  ])('names %s', (_what, given, message) => {
    expect(faultsOf(given).join('\n')).toMatch(message);
  });

  it('reports all faults at once', () => {
    expect(faultsOf({ cron: '61 * * * *', timeZone: 'Mars', params: { n: 'x' } })).toHaveLength(3);
  });

  it('stands in the check of a pipeline too', () => {
    const define = () =>
      definePipeline({
        id: 'demo',
        title: 'Demo',
        description: 'For tests.',
        params: Type.Object({}),
        partition: { date: 'asOf' },
        schedules: [{ id: 'a', cron: '0 25 * * *' }],
        steps: { a: { run: () => null } },
      });
    expect(define).toThrow(/partition\.date: "asOf" is not a parameter[\s\S]*schedules\.0\.cron: .*as hour/);
  });
});

describe('cron', () => {
  it('takes names, ranges, steps, lists and Sunday as 0 and 7', () => {
    expect(next({ cron: '5,10/25 8-9 * JAN-mar 7' }, '2026-12-31T00:00Z', 6)).toEqual([
      '2027-01-03T08:05',
      '2027-01-03T08:10',
      '2027-01-03T08:35',
      '2027-01-03T09:05',
      '2027-01-03T09:10',
      '2027-01-03T09:35',
    ]);
    expect(next({ cron: '0 0 * * 0' }, '2027-01-01T00:00Z', 1)).toEqual(['2027-01-03T00:00']);
  });

  it('means either when both the day of month and the day of week are limited', () => {
    expect(next({ cron: '0 0 13 * FRI' }, '2027-01-01T12:00Z', 4)).toEqual([
      '2027-01-08T00:00',
      '2027-01-13T00:00',
      '2027-01-15T00:00',
      '2027-01-22T00:00',
    ]);
    expect(next({ calendars: [{ dayOfMonth: 13, dayOfWeek: 'FRI' }] }, '2027-01-01T12:00Z', 1)).toEqual([
      '2027-08-13T00:00',
    ]);
  });

  it('finds a day that comes every four years', () => {
    expect(next({ cron: '0 0 29 2 *' }, '2027-01-01T00:00Z', 2)).toEqual(['2028-02-29T00:00', '2032-02-29T00:00']);
  });

  it('keeps between its start and its end', () => {
    const given = { every: '6h', offset: '1h', startAt: '2027-01-01T08:00:00Z', endAt: '2027-01-01T13:00:00Z' };
    expect(next(given, '2026-01-01T00:00Z', 9)).toEqual(['2027-01-01T13:00']);
  });
});

describe('what a schedule leaves out', () => {
  it('is the whole day of a date, and the whole hour of an hour', () => {
    const given = {
      cron: '30 4,16 * * *',
      skip: [
        { month: 12, dayOfMonth: '24-26' },
        { month: 12, hour: 16 },
      ],
    };
    expect(next(given, '2026-12-22T12:00Z', 3)).toEqual(['2026-12-23T04:30', '2026-12-27T04:30', '2026-12-28T04:30']);
  });

  it('is a time only where it says so', () => {
    const given = { cron: '0,30 4 * * *', skip: [{ dayOfMonth: 24, hour: 4, minute: 0 }] };
    expect(next(given, '2026-12-24T00:00Z', 2)).toEqual(['2026-12-24T04:30', '2026-12-25T04:00']);
  });

  it('holds for an interval too, by the local clock and between whole minutes', () => {
    const given = { every: '90s', timeZone: 'Asia/Kolkata', skip: [{ hour: '*', minute: '0-57' }] };
    const times = fireTimes(scheduleOf(given).timing, Date.parse('2027-01-01T00:00Z'), 3);
    expect(times.map((time) => new Date(time).toISOString().slice(11, 19))).toEqual([
      '00:28:30',
      '01:28:30',
      '02:28:30',
    ]);
  });
});

describe('the clock of a day', () => {
  it.each(['Europe/Berlin', 'Australia/Lord_Howe', 'America/Nuuk', 'Africa/Casablanca', 'Asia/Kolkata'])(
    'is that of each of its times in %s',
    (zone) => {
      const from = Date.parse('2026-01-01T00:00Z');
      for (const { at } of [{ at: from }, ...transitions(zone, from, from + 400 * dayMs)]) {
        const day = Math.floor(at / dayMs) * dayMs;
        for (let midnight = day - 2 * dayMs; midnight <= day + 2 * dayMs; midnight += dayMs) {
          const clock = dayClock(zone, midnight);
          for (let wall = midnight; wall < midnight + dayMs; wall += 900_000) {
            const instants = instantsOf(zone, wall);
            expect(clock(wall)).toEqual({ instants, first: instants[0] ?? endOfGap(zone, wall) });
          }
        }
      }
    },
  );
});

describe('parameters of a schedule', () => {
  it('take their values from the local time of the start', () => {
    const scope = scheduleScope('nightly', 'America/New_York', Date.parse('2027-03-14T03:30:00Z'));
    const params = { day: '{{date}}', before: '{{ previousDate }}', text: 'for {{ nextDate }} at {{ time }}', n: 3 };
    expect(resolveParams(params, scope)).toEqual({
      day: '2027-03-13',
      before: '2027-03-12',
      text: 'for 2027-03-14 at 22:30',
      n: 3,
    });
    expect(resolveParams({ late: '{{ time > "20:00" }}', of: ['{{ scheduleId }}'] }, scope)).toEqual({
      late: true,
      of: ['nightly'],
    });
  });
});
