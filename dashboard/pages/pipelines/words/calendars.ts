import type { CalendarDefinition } from '../../../../contracts/schedules.ts';
import { list } from '../../../format/number.ts';

/** At which times of a day. */
export type DayTimes =
  /** `HH:MM`, any number of them. */
  | { readonly kind: 'at'; readonly at: readonly string[] }
  /** Every so many minutes of each full hour of a span, whose last hour counts as a whole. */
  | { readonly kind: 'every'; readonly minutes: number; readonly from: number; readonly to: number }
  /** All day; of times at which nothing starts. */
  | { readonly kind: 'day' };

/** A calendar as people think of one: days that fit all that is chosen, and times. What is empty limits nothing. */
export interface DayRule {
  /** 1 is Monday, 7 Sunday. */
  readonly weekdays: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  /** As a calendar has them: `2027`, `2027-2029`. */
  readonly years: string;
  readonly times: DayTimes;
}

export const weekdayWords = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
export const monthWords = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
/** Steps of a `DayTimes` of the kind `every`. */
export const minuteSteps = [5, 10, 15, 20, 30, 60] as const;

/** What a calendar without hours and minutes means: midnight, or, of times at which nothing starts, all day. */
export type Missing = 'midnight' | 'all day';

const short = (words: readonly string[]): string[] => words.map((word) => word.slice(0, 3).toUpperCase());
const [weekdayNames, monthNames] = [short(weekdayWords), short(monthWords)];
/** Times that are listed one by one; more are no list any more. */
const mostTimes = 24;
/** So many full hours on end are a span, fewer a list of times. */
const leastHours = 5;

/** The numbers that a field of a calendar means; null where it is none that can be read. */
function numbersOf(field: string | number | undefined, least: number, most: number, names: readonly string[] = []) {
  const found = new Set<number>();
  for (const part of String(field ?? '*').split(',')) {
    const match = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part.trim().toUpperCase());
    if (!match) return null;
    const [, first = '', last, step] = match;
    const number = (text: string): number => (names.includes(text) ? names.indexOf(text) + 1 : Number(text));
    const from = first === '*' ? least : number(first);
    const to = first === '*' ? most : last === undefined ? (step === undefined ? from : most) : number(last);
    if (!(from >= least && to <= most && from <= to) || step === '0') return null;
    for (let value = from; value <= to; value += Number(step ?? 1)) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

/** Numbers as a field of a calendar: `5`, `1,15`, `8-18`; names where there are some. */
function fieldOf(numbers: readonly number[], names: readonly string[] = []): string | number {
  const name = (n: number): string => names[n - 1] ?? String(n);
  const [first = 0, last = 0] = [numbers[0], numbers.at(-1)];
  if (numbers.length === 1) return names.length > 0 ? name(first) : first;
  // A week ends on Sunday here and begins with it there, so that a span up to it cannot be written.
  const isSpan = numbers.length > 2 && last - first === numbers.length - 1 && !(names === weekdayNames && last === 7);
  return isSpan ? `${name(first)}-${name(last)}` : numbers.map(name).join(',');
}

const none = (numbers: readonly number[], all: number): readonly number[] => (numbers.length === all ? [] : numbers);
const clock = (hour: number, minute: number): string => [hour, minute].map((n) => String(n).padStart(2, '0')).join(':');

function timesOf({ minute, hour }: CalendarDefinition, missing: Missing): DayTimes | null {
  if (missing === 'all day' && minute === undefined && hour === undefined) return { kind: 'day' };
  const fallback = missing === 'midnight' ? 0 : '*';
  const minutes = numbersOf(minute ?? fallback, 0, 59);
  const hours = numbersOf(hour ?? fallback, 0, 23);
  if (!minutes || !hours) return null;
  const [from = 0, to = 0] = [hours[0], hours.at(-1)];
  const step = 60 / minutes.length;
  const isSpan = to - from === hours.length - 1;
  if (isSpan && minuteSteps.some((one) => one === step) && minutes.every((one, n) => one === n * step))
    if (step < 60 || hours.length >= leastHours) return { kind: 'every', minutes: step, from, to };
  if (minutes.length * hours.length > mostTimes) return null;
  return { kind: 'at', at: hours.flatMap((h) => minutes.map((m) => clock(h, m))) };
}

function ruleOf(calendar: CalendarDefinition, missing: Missing): DayRule | null {
  const times = timesOf(calendar, missing);
  const days = numbersOf(calendar.dayOfMonth, 1, 31);
  const months = numbersOf(calendar.month, 1, 12, monthNames);
  // 0 is Sunday too.
  const weekdays = numbersOf(String(calendar.dayOfWeek ?? '*').replace(/\b0\b/, '7'), 1, 7, weekdayNames);
  if (!times || !days || !months || !weekdays) return null;
  const years = calendar.year === undefined || calendar.year === '*' ? '' : String(calendar.year);
  return { weekdays: none(weekdays, 7), days: none(days, 31), months: none(months, 12), years, times };
}

const dateOf = ({ times: _, ...date }: DayRule): string => JSON.stringify(date);

/** Calendars as rules, those of the same days together; null when one says more than a rule can. */
export function rulesOf(calendars: readonly CalendarDefinition[], missing: Missing): readonly DayRule[] | null {
  const rules: DayRule[] = [];
  for (const calendar of calendars) {
    const rule = ruleOf(calendar, missing);
    if (!rule) return null;
    const before = rules.at(-1);
    if (before?.times.kind === 'at' && rule.times.kind === 'at' && dateOf(before) === dateOf(rule)) {
      const at = [...new Set([...before.times.at, ...rule.times.at])].sort();
      rules[rules.length - 1] = { ...before, times: { kind: 'at', at } };
    } else rules.push(rule);
  }
  return rules;
}

/** Rules as calendars: one each, or more where its times have different minutes in different hours. */
export function calendarsOf(rules: readonly DayRule[], missing: Missing): CalendarDefinition[] {
  return rules.flatMap(({ weekdays, days, months, years, times }) => {
    const date = {
      ...(days.length > 0 ? { dayOfMonth: fieldOf(days) } : {}),
      ...(months.length > 0 ? { month: fieldOf(months, monthNames) } : {}),
      ...(weekdays.length > 0 ? { dayOfWeek: fieldOf(weekdays, weekdayNames) } : {}),
      ...(years.trim() === '' ? {} : { year: /^\d+$/.test(years.trim()) ? Number(years) : years.trim() }),
    };
    return clockFields(times, missing).map((clock) => ({ ...clock, ...date }));
  });
}

function clockFields(times: DayTimes, missing: Missing): Pick<CalendarDefinition, 'minute' | 'hour'>[] {
  if (times.kind === 'day') return [{}];
  if (times.kind === 'every') {
    const { minutes, from, to } = times;
    const hour = from === 0 && to === 23 ? '*' : from === to ? from : `${from}-${to}`;
    return [{ minute: minutes === 60 ? 0 : `*/${minutes}`, hour }];
  }
  const hoursOf = new Map<number, number[]>();
  for (const time of [...new Set(times.at)].filter(Boolean).sort()) {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    hoursOf.set(minute, [...(hoursOf.get(minute) ?? []), hour]);
  }
  const minutesOf = new Map<string, number[]>();
  for (const [minute, hours] of hoursOf) {
    const key = String(fieldOf(hours));
    minutesOf.set(key, [...(minutesOf.get(key) ?? []), minute]);
  }
  return [...minutesOf].map(([hours, minutes]) => ({
    ...(missing === 'midnight' && minutes.length === 1 && minutes[0] === 0 ? {} : { minute: fieldOf(minutes) }),
    hour: /^\d+$/.test(hours) ? Number(hours) : hours,
  }));
}

/** A rule in words: `Monday to Friday at 06:00 and 18:00`, `on day 1 of January and July at 04:30`. */
export function dayRuleWords({ weekdays, days, months, years, times }: DayRule): string {
  const inMonths = months.length > 0 ? list(months.map((month) => monthWords[month - 1] ?? '')) : '';
  const isWeek = weekdays.join() === '1,2,3,4,5';
  const names = weekdays.map((day) => weekdayWords[day - 1] ?? '');
  const onDays = days.length > 0 ? `day${days.length > 1 ? 's' : ''} ${spanWords(days)}` : '';
  const week = isWeek ? 'Monday to Friday' : `every ${list(names)}`;
  const date =
    weekdays.length > 0
      ? `${week}${onDays ? ` that is on ${onDays} of the month` : ''}${inMonths ? ` in ${inMonths}` : ''}`
      : onDays
        ? `on ${onDays} of ${inMonths || 'the month'}`
        : `every day${inMonths ? ` in ${inMonths}` : ''}`;
  return [date, timeWords(times), years.trim() && `in ${years.trim()}`].filter(Boolean).join(' ');
}

function timeWords(times: DayTimes): string {
  if (times.kind === 'day') return '';
  if (times.kind === 'at')
    return times.at.some(Boolean) ? `at ${list([...times.at].filter(Boolean).sort())}` : 'at no time';
  const { minutes, from, to } = times;
  const every = minutes === 60 ? 'every hour' : `every ${minutes} minutes`;
  if (from === 0 && to === 23) return every;
  return `${every} from ${clock(from, 0)} to ${clock(to, minutes === 60 ? 0 : 60 - minutes)}`;
}

/** `1 to 7`, `1, 15 and 31`. */
function spanWords(numbers: readonly number[]): string {
  const [first = 0, last = 0] = [numbers[0], numbers.at(-1)];
  const isSpan = numbers.length > 2 && last - first === numbers.length - 1;
  return isSpan ? `${first} to ${last}` : list(numbers.map(String));
}
