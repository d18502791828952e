import type { Calendar } from '../ports/schedules.ts';
import { matchesDay } from './fields.ts';
import { type Skips, skipsOf } from './skips.ts';
import { dayClock, wallClock, wallOf } from './zone.ts';

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
  const skips = skipsOf(timing.skip);
  const { interval, timeZone } = timing;
  const times = interval ? multiples(interval, timeZone, first, skips) : calendarTimes(timing, first, last, skips);
  const found: number[] = [];
  for (const time of times) {
    if (time > last) break;
    found.push(time);
    if (found.length >= count) break;
  }
  return found;
}

function* multiples(
  { everyMs, offsetMs }: NonNullable<Timing['interval']>,
  timeZone: string,
  first: number,
  skips: Skips,
): Generator<number> {
  const limit = first + Math.max(everyMs * 10_000, 2 * 366 * dayMs);
  const from = (time: number): number => Math.ceil((time - offsetMs) / everyMs) * everyMs + offsetMs;
  const clock = wallClock(timeZone);
  for (let time = from(first); time < limit; ) {
    const wall = clock(time);
    const midnight = Math.floor(wall / dayMs) * dayMs;
    if (skips.hasTwoDays(midnight)) {
      // A jump of the clock leads into the next day at most.
      time = from(time + midnight + dayMs - wall);
      continue;
    }
    if (!skips.has(wall)) yield time;
    time += everyMs;
  }
}

function* calendarTimes({ calendars, timeZone }: Timing, first: number, last: number, skips: Skips): Generator<number> {
  const start = Math.floor(wallOf(timeZone, first) / dayMs) - 1;
  // A wall time is at most a day away from its instant.
  const end = Math.min(start + searchDays, Math.floor(last / dayMs) + 2);
  let latest = first - 1;
  for (let day = start; day <= end; day++) {
    const midnight = day * dayMs;
    const matching = calendars.filter((calendar) => matchesDay(calendar, midnight));
    if (matching.length === 0 || skips.hasTwoDays(midnight)) continue;
    const clock = dayClock(timeZone, midnight);
    const times = new Set<number>();
    for (const calendar of matching) {
      for (const wall of timesOfDay(calendar, day)) {
        const { instants, first: counted } = clock(wall);
        const isGap = instants.length === 0;
        if (skips.has(isGap ? wallOf(timeZone, counted) : wall)) continue;
        if (isHourly(calendar)) for (const instant of instants) times.add(instant);
        else times.add(counted);
      }
    }
    for (const time of [...times].sort((a, b) => a - b)) {
      // The end of a gap may be the next day's first time too.
      if (time <= latest) continue;
      latest = time;
      yield time;
    }
  }
}

function* timesOfDay({ hours, minutes }: Calendar, day: number): Generator<number> {
  for (const hour of hours) for (const minute of minutes) yield day * dayMs + hour * hourMs + minute * 60_000;
}

/** Whether a calendar goes by elapsed time: every hour of the day. */
function isHourly({ hours }: Calendar): boolean {
  return hours.length === 24;
}
