import type { CalendarDefinition } from '../../contracts/schedules.ts';
import type { Calendar } from '../ports/schedules.ts';

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const fields = {
  minute: { name: 'minute', least: 0, most: 59 },
  hour: { name: 'hour', least: 0, most: 23 },
  dayOfMonth: { name: 'day of month', least: 1, most: 31 },
  month: { name: 'month', least: 1, most: 12, names: ['', ...months] },
  // 7 is Sunday too, as in cron.
  dayOfWeek: { name: 'day of week', least: 0, most: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] },
  year: { name: 'year', least: 2000, most: 2100 },
} as const satisfies Record<string, Field>;

const macros: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** A fault of a schedule's text, in words. */
export class TimingFault extends Error {}

/**
 * A cron line of five fields as calendars. As cron has it, a line that limits both the day of month and the day of week
 * means days that match either; a field that begins with `*` limits nothing.
 *
 * @throws TimingFault that names the field.
 */
export function parseCron(text: string): Calendar[] {
  const parts = (macros[text.trim().toLowerCase()] ?? text).trim().split(/\s+/);
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = parts;
  if (text.trim().startsWith('@') && parts.length === 1)
    throw new TimingFault(`is not one of ${Object.keys(macros).join(', ')}`);
  if (parts.length !== 5) {
    throw new TimingFault(
      `has ${parts.length} field(s); it must have five: minute, hour, day of month, month, day of week`,
    );
  }
  const time = { minute, hour, month };
  if (dayOfMonth.startsWith('*') || dayOfWeek.startsWith('*'))
    return [parseCalendar({ ...time, dayOfMonth, dayOfWeek })];
  // Each part alone would be refused for a day that never comes; both together have days by the week.
  return [parseCalendar({ ...time, dayOfMonth }), parseCalendar({ ...time, dayOfWeek })];
}

/** @throws TimingFault that names the field, or says that no day matches. */
export function parseCalendar(given: CalendarDefinition): Calendar {
  const daysOfWeek = parseField(fields.dayOfWeek, given.dayOfWeek ?? '*').map((day) => day % 7);
  const calendar: Calendar = {
    minutes: parseField(fields.minute, given.minute ?? 0),
    hours: parseField(fields.hour, given.hour ?? 0),
    daysOfMonth: parseField(fields.dayOfMonth, given.dayOfMonth ?? '*'),
    months: parseField(fields.month, given.month ?? '*'),
    daysOfWeek: [...new Set(daysOfWeek)].sort((a, b) => a - b),
    years: given.year === undefined || given.year === '*' ? null : parseField(fields.year, given.year),
  };
  if (!hasDay(calendar)) {
    const days = calendar.daysOfMonth.join(', ');
    throw new TimingFault(
      `never comes: there is no day ${days} in ${calendar.months.map((m) => months[m - 1]).join(', ')}${calendar.years ? ` of ${calendar.years.join(', ')}` : ''}`,
    );
  }
  return calendar;
}

/** As {@link parseCalendar} for what is left out: a field that is not given matches any time, so a date means all day. */
export function parseSkip(given: CalendarDefinition): Calendar {
  return parseCalendar({ minute: '*', hour: '*', ...given });
}

/** Whether the date of a wall time matches. */
export function matchesDay({ years, months: wanted, daysOfMonth, daysOfWeek }: Calendar, wall: number): boolean {
  const date = new Date(wall);
  return (
    wanted.includes(date.getUTCMonth() + 1) &&
    daysOfMonth.includes(date.getUTCDate()) &&
    daysOfWeek.includes(date.getUTCDay()) &&
    (years === null || years.includes(date.getUTCFullYear()))
  );
}

function parseField(field: Field, given: string | number): number[] {
  const text = String(given);
  const fail = (message: string): never => {
    throw new TimingFault(`has "${text}" as ${field.name}: ${message}`);
  };
  const number = (part: string): number => {
    const named = field.names?.indexOf(part.toUpperCase()) ?? -1;
    const value = part !== '' && named >= 0 ? named : /^\d+$/.test(part) ? Number(part) : Number.NaN;
    if (!(value >= field.least && value <= field.most)) {
      const names = field.names ? ` or ${field.names.filter(Boolean).slice(0, 2).join(', ')} …` : '';
      fail(`"${part}" is not a number from ${field.least} to ${field.most}${names}`);
    }
    return value;
  };
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', stepText, more] = part.split('/');
    const step = stepText === undefined ? 1 : Number(stepText);
    if (more !== undefined || !Number.isInteger(step) || step < 1 || stepText === '')
      fail(`the step "${part.slice(range.length + 1)}" is not a whole number from 1`);
    const [first = '', last, tooMany] = range.split('-');
    if (tooMany !== undefined) fail(`"${range}" is not a range`);
    const from = range === '*' ? field.least : number(first);
    // As in cron, 5/10 means from 5 on.
    const to = range === '*' ? field.most : last === undefined ? (stepText ? field.most : from) : number(last);
    if (to < from) fail(`the range "${range}" goes backwards`);
    for (let value = from; value <= to; value += step) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function hasDay({ daysOfMonth, months: wanted, years }: Calendar): boolean {
  return wanted.some((month) =>
    daysOfMonth.some(
      (day) =>
        day <= (longest[month - 1] ?? 0) &&
        (month !== 2 || day < 29 || !years || years.some((y) => new Date(Date.UTC(y, 1, 29)).getUTCMonth() === 1)),
    ),
  );
}
