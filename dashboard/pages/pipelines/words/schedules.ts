import cronstrue from 'cronstrue';
import type { CalendarDefinition, OverlapPolicy, ScheduleDefinition } from '../../../../contracts/schedules.ts';
import { list } from '../../../format/number.ts';
import { dayRuleWords, rulesOf } from './calendars.ts';
import { durationWords } from './durations.ts';

/** `every day at 05:00`, `Monday to Friday at 06:00`, `every 15 minutes` of a cron line; the line itself when it is none. */
export function cronWords(line: string): string {
  let text: string;
  try {
    // It knows `@daily` and the like in lower case alone.
    text = cronstrue.toString(line.trimStart().startsWith('@') ? line.trim().toLowerCase() : line, {
      use24HourTimeFormat: true,
    });
  } catch {
    return line;
  }
  const plain = text.replaceAll(' through ', ' to ').replaceAll('only on ', 'every ').replaceAll('only in ', 'in ');
  const timed = /^At (\d\d:\d\d(?:(?:, \d\d:\d\d)*,? and \d\d:\d\d)?)(?:, (.*))?$/.exec(plain);
  if (!timed) return plain.charAt(0).toLowerCase() + plain.slice(1);
  return `${timed[2] ?? 'every day'} at ${timed[1]}`;
}

/** A calendar as the cron line with seconds and year that says the same; `fallback` stands for time fields left out. */
function calendarLine(calendar: CalendarDefinition, fallback: string): string {
  const { minute = fallback, hour = fallback, dayOfMonth = '*', month = '*', dayOfWeek = '*', year } = calendar;
  const line = `${minute} ${hour} ${dayOfMonth} ${month} ${dayOfWeek}`;
  return year === undefined || year === '*' ? line : `0 ${line} ${year}`;
}

/** When a schedule starts, in words: `every day at 06:00, Europe/Berlin`. */
export function startWords(definition: ScheduleDefinition): string {
  const { cron, calendars, every, offset, timeZone = 'UTC', skip = [] } = definition;
  const zone = `, ${timeZone}`;
  const times =
    every !== undefined
      ? `every ${durationWords(every)}${offset === undefined ? '' : `, ${durationWords(offset)} later`}`
      : calendars
        ? `${list(calendarWords(calendars))}${zone}`
        : cron === undefined
          ? 'never'
          : `${list([cron].flat().map(cronWords))}${zone}`;
  return skip.length === 0 ? times : `${times}, but not ${skip.map(skipWords).join(' or ')}`;
}

/** Calendars in words, those of the same days together; what is no choice of days and times, as its cron line. */
function calendarWords(calendars: readonly CalendarDefinition[]): readonly string[] {
  const rules = rulesOf(calendars, 'midnight');
  return rules ? rules.map(dayRuleWords) : calendars.map((calendar) => cronWords(calendarLine(calendar, '0')));
}

/** A time at which nothing starts: `on 2026-12-24`, or as a calendar says it. */
export function skipWords(calendar: CalendarDefinition): string {
  const { year, month, dayOfMonth, minute, hour, dayOfWeek } = calendar;
  const isDate = [minute, hour, dayOfWeek].every((field) => field === undefined) && /^\d+$/.test(String(dayOfMonth));
  if (isDate && /^\d+$/.test(String(month))) {
    const date = [month, dayOfMonth].map((part) => String(part).padStart(2, '0')).join('-');
    return `on ${year === undefined ? `${date} of each year` : `${year}-${date}`}`;
  }
  const rule = rulesOf([calendar], 'all day')?.[0];
  return rule ? dayRuleWords(rule) : cronWords(calendarLine(calendar, '*'));
}

/** What happens when a start is due and a run of before is still under way. */
export const overlapWords: Readonly<Record<OverlapPolicy, string>> = {
  skip: 'the new start is left out',
  'buffer-one': 'one start waits until it has ended',
  'buffer-all': 'all starts wait their turn',
  'cancel-other': 'the old run is cancelled, then the new one begins',
  'terminate-other': 'the old run is ended at once',
  'allow-all': 'both run side by side',
};

/** The parts of a cron line that the form for common cases has; null when it says more. */
export interface SimpleCron {
  readonly repeat: 'hourly' | 'daily' | 'weekdays' | 'weekly' | 'monthly';
  readonly time: string;
  /** 0 is Sunday. */
  readonly weekday: string;
  readonly day: string;
}

const blank: SimpleCron = { repeat: 'daily', time: '06:00', weekday: '1', day: '1' };

export function simpleCron(line: string): SimpleCron | null {
  const match = /^(\d{1,2}) (\d{1,2}|\*) (\d{1,2}|\*) \* (\d|1-5|MON-FRI|\*)$/i.exec(line.trim());
  if (!match) return null;
  const [, minute = '0', hour = '0', day = '*', weekday = '*'] = match;
  const time = `${(hour === '*' ? '0' : hour).padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (hour === '*') return day === '*' && weekday === '*' ? { ...blank, repeat: 'hourly', time } : null;
  if (day !== '*') return weekday === '*' ? { ...blank, repeat: 'monthly', time, day } : null;
  if (weekday === '*') return { ...blank, time };
  if (/-/.test(weekday)) return { ...blank, repeat: 'weekdays', time };
  return { ...blank, repeat: 'weekly', time, weekday: String(Number(weekday) % 7) };
}

/** The same as a calendar, from which more can be chosen. */
export function calendarOf({ repeat, time, weekday, day }: SimpleCron): CalendarDefinition {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const days = {
    daily: {},
    weekdays: { dayOfWeek: 'MON-FRI' },
    weekly: { dayOfWeek: weekday },
    monthly: { dayOfMonth: day },
  };
  if (repeat === 'hourly') return { minute, hour: '*' };
  return { ...(minute === 0 ? {} : { minute }), hour, ...days[repeat] };
}

export function cronOf({ repeat, time, weekday, day }: SimpleCron): string {
  const [hour = '0', minute = '0'] = time.split(':').map((part) => String(Number(part)));
  if (repeat === 'hourly') return `${minute} * * * *`;
  const days = { daily: '* * *', weekdays: '* * 1-5', weekly: `* * ${weekday}`, monthly: `${day} * *` };
  return `${minute} ${hour} ${days[repeat]}`;
}
