import { type CalendarSpec, ScheduleOverlapPolicy, type ScheduleSpec } from '@temporalio/client';
import type { OverlapPolicy, ScheduleDefinition } from '../../contracts/schedules.ts';
import type { Calendar, ServerTiming } from '../../domain/ports/schedules.ts';

const overlaps: Readonly<Record<OverlapPolicy, ScheduleOverlapPolicy>> = {
  skip: ScheduleOverlapPolicy.SKIP,
  'buffer-one': ScheduleOverlapPolicy.BUFFER_ONE,
  'buffer-all': ScheduleOverlapPolicy.BUFFER_ALL,
  'cancel-other': ScheduleOverlapPolicy.CANCEL_OTHER,
  'terminate-other': ScheduleOverlapPolicy.TERMINATE_OTHER,
  'allow-all': ScheduleOverlapPolicy.ALLOW_ALL,
};

export function overlapOf(policy: OverlapPolicy): ScheduleOverlapPolicy {
  return overlaps[policy];
}

/** A single moment is an interval as long as the time since 1970, so it comes again after 2080: the schedule ends before. */
const endOfInstants = new Date('2080-01-01T00:00:00Z');

/** A schedule's times in the words of Temporal. */
export function specOf(timing: ServerTiming, { startAt, endAt }: ScheduleDefinition, jitterMs: number): ScheduleSpec {
  const { timeZone, calendars, skip, interval, instants } = timing;
  const end = endAt === undefined ? undefined : new Date(endAt);
  const limited = instants.length > 0 && (end === undefined || end > endOfInstants) ? endOfInstants : end;
  return {
    timezone: timeZone,
    calendars: calendars.map(calendarOf),
    // An interval may fire between whole minutes.
    skip: skip.map((calendar) => ({ ...calendarOf(calendar), second: { start: 0, end: 59 } })),
    intervals: [
      ...(interval ? [{ every: interval.everyMs, offset: interval.offsetMs }] : []),
      ...instants.map((every) => ({ every, offset: 0 })),
    ],
    ...(startAt === undefined ? {} : { startAt: new Date(startAt) }),
    ...(limited === undefined ? {} : { endAt: limited }),
    ...(jitterMs === 0 ? {} : { jitter: jitterMs }),
  };
}

const months = [
  ...(['JANUARY', 'FEBRUARY', 'MARCH', 'APRIL', 'MAY', 'JUNE', 'JULY'] as const),
  ...(['AUGUST', 'SEPTEMBER', 'OCTOBER', 'NOVEMBER', 'DECEMBER'] as const),
];
const days = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;

function calendarOf(calendar: Calendar): CalendarSpec {
  return {
    second: 0,
    minute: ranges(calendar.minutes),
    hour: ranges(calendar.hours),
    dayOfMonth: ranges(calendar.daysOfMonth),
    month: calendar.months.map((month) => months[month - 1] ?? 'JANUARY'),
    dayOfWeek: calendar.daysOfWeek.map((day) => days[day] ?? 'SUNDAY'),
    ...(calendar.years === null ? {} : { year: ranges(calendar.years) }),
  };
}

/** Sorted numbers as ranges. */
function ranges(values: readonly number[]): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const value of values) {
    const last = found.at(-1);
    if (last && last.end === value - 1) last.end = value;
    else found.push({ start: value, end: value });
  }
  return found;
}
