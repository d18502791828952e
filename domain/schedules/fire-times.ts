import type { Calendar } from '../ports/schedules.ts';
import { endOfGap, instantsOf, wallOf } from './zone.ts';

/** When a schedule fires, as its definition says it. Calendars or an interval, never both. */
export interface Timing {
  readonly timeZone: string;
  readonly calendars: readonly Calendar[];
  readonly skip: readonly Calendar[];
  readonly interval: { readonly everyMs: number; readonly offsetMs: number } | null;
  /** Milliseconds since 1970, both inclusive. */
  readonly startAt: number;
  readonly endAt: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Any date with any day of the week comes within 40 years (28 February to the next on the same day, over 2100). */
const searchDays = 40 * 366;

/**
 * The nominal times at which a schedule fires after `after`, at most `count` and none after `until`. Over changes of the
 * clock: a time that does not exist fires at the end of the gap, a time that comes twice fires at the first; a calendar
 * of every hour goes by elapsed time: it has nothing to make up for in a gap, and fires in both of two equal hours.
 */
export function fireTimes(timing: Timing, after: number, count: number, until = timing.endAt): number[] {
  const last = Math.min(until, timing.endAt);
  const first = Math.max(after + 1, timing.startAt);
  const found: number[] = [];
  for (const time of timing.interval ? multiples(timing.interval, first) : calendarTimes(timing, first, last)) {
    if (time > last || found.length >= count) break;
    const wall = wallOf(timing.timeZone, time);
    if (!timing.skip.some((calendar) => matchesTime(calendar, wall))) found.push(time);
  }
  return found;
}

function* multiples({ everyMs, offsetMs }: NonNullable<Timing['interval']>, first: number): Generator<number> {
  const limit = first + Math.max(everyMs * 10_000, 2 * 366 * dayMs);
  for (let n = Math.ceil((first - offsetMs) / everyMs); n * everyMs + offsetMs < limit; n++)
    yield n * everyMs + offsetMs;
}

function* calendarTimes({ calendars, timeZone }: Timing, first: number, last: number): Generator<number> {
  const start = Math.floor(wallOf(timeZone, first) / dayMs) - 1;
  // A wall time is at most a day away from its instant.
  const end = Math.min(start + searchDays, Math.floor(last / dayMs) + 2);
  for (let day = start; day <= end; day++) {
    const times = new Set<number>();
    for (const calendar of calendars) {
      if (!matchesDay(calendar, day * dayMs)) continue;
      for (const wall of timesOfDay(calendar, day)) {
        const instants = instantsOf(timeZone, wall);
        if (isHourly(calendar)) for (const instant of instants) times.add(instant);
        else times.add(instants[0] ?? endOfGap(timeZone, wall));
      }
    }
    for (const time of [...times].sort((a, b) => a - b)) if (time >= first) yield time;
  }
}

function* timesOfDay({ hours, minutes }: Calendar, day: number): Generator<number> {
  for (const hour of hours) for (const minute of minutes) yield day * dayMs + hour * hourMs + minute * 60_000;
}

/** Whether a calendar goes by elapsed time: every hour of the day. */
function isHourly({ hours }: Calendar): boolean {
  return hours.length === 24;
}

/** Whether the date of a wall time matches. */
export function matchesDay({ years, months, daysOfMonth, daysOfWeek }: Calendar, wall: number): boolean {
  const date = new Date(wall);
  return (
    months.includes(date.getUTCMonth() + 1) &&
    daysOfMonth.includes(date.getUTCDate()) &&
    daysOfWeek.includes(date.getUTCDay()) &&
    (years === null || years.includes(date.getUTCFullYear()))
  );
}

function matchesTime(calendar: Calendar, wall: number): boolean {
  const date = new Date(wall);
  return (
    date.getUTCSeconds() === 0 &&
    calendar.minutes.includes(date.getUTCMinutes()) &&
    calendar.hours.includes(date.getUTCHours()) &&
    matchesDay(calendar, wall)
  );
}
