import type { Calendar, ServerTiming } from '../ports/schedules.ts';
import { matchesDay } from './fields.ts';
import { fireTimes, type Timing } from './fire-times.ts';
import { type Transition, transitions, wallOf } from './zone.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Years ahead for which changes of the clock are worked out. */
const horizonYears = 10;
/** The last year of the server's calendars. */
const lastYear = 2100;

/** An hour of a local date, as a wall time. */
type WallHour = number;

/**
 * What to tell the server so that it fires as {@link fireTimes} says. The server takes a calendar literally: it leaves
 * out a time that does not exist, and for one that comes twice it fires at the second in some zones, at both in others,
 * and even loses starts of a schedule that runs every hour. So for ten years ahead the local hours around each change are
 * taken out of the calendars and given as single moments.
 */
export function serverTiming(timing: Timing, now: number): { timing: ServerTiming; exactUntil: number } {
  const exactUntil = now + horizonYears * 366 * dayMs;
  const { timeZone, skip, interval } = timing;
  const whole = { timeZone, skip, interval };
  if (interval) return { timing: { ...whole, calendars: [], instants: [] }, exactUntil };
  const hours: WallHour[] = [];
  const instants = new Set<number>();
  for (const change of transitions(timeZone, now, exactUntil)) {
    const affected = hoursOf(change).filter((hour) => timing.calendars.some((c) => touches(c, hour)));
    if (affected.length === 0) continue;
    hours.push(...affected);
    // What the calendars give in these hours, and what the end of a gap makes up for. Skips are the server's to apply.
    const unskipped = { ...timing, skip: [], startAt: Number.NEGATIVE_INFINITY, endAt: Number.POSITIVE_INFINITY };
    const span = Math.abs(change.after - change.before) + hourMs;
    for (const time of fireTimes(unskipped, change.at - span - 1, Number.POSITIVE_INFINITY, change.at + span)) {
      const hour = Math.floor(wallOf(timeZone, time) / hourMs) * hourMs;
      if (time > now && (time === change.at || affected.includes(hour))) instants.add(time);
    }
  }
  const calendars = timing.calendars.flatMap((calendar) => without(calendar, hours));
  return { timing: { ...whole, calendars, instants: [...instants].sort((a, b) => a - b) }, exactUntil };
}

/** The local hours that a change leaves out, doubles or cuts into. */
function hoursOf({ at, before, after }: Transition): WallHour[] {
  const from = Math.floor((at + Math.min(before, after)) / hourMs);
  const to = Math.ceil((at + Math.max(before, after)) / hourMs);
  return Array.from({ length: to - from }, (_, i) => (from + i) * hourMs);
}

function touches(calendar: Calendar, hour: WallHour): boolean {
  return calendar.hours.includes(new Date(hour).getUTCHours()) && matchesDay(calendar, hour);
}

/** A calendar as several that leave out some hours of some dates. */
function without(calendar: Calendar, hours: readonly WallHour[]): Calendar[] {
  const gone = new Map<number, WallHour[]>();
  for (const hour of hours) {
    const day = Math.floor(hour / dayMs);
    gone.set(day, [...(gone.get(day) ?? []), hour]);
  }
  const dates = [...gone].filter(([, of]) => of.some((hour) => touches(calendar, hour)));
  if (dates.length === 0) return [calendar];
  const years = new Set(dates.map(([day]) => new Date(day * dayMs).getUTCFullYear()));
  const all = calendar.years ?? Array.from({ length: lastYear - 2000 + 1 }, (_, i) => 2000 + i);
  const found: Calendar[] = [{ ...calendar, years: all.filter((year) => !years.has(year)) }];
  for (const year of years) {
    const own = dates
      .map(([day, of]) => ({ date: new Date(day * dayMs), of }))
      .filter(({ date }) => date.getUTCFullYear() === year);
    const months = new Set(own.map(({ date }) => date.getUTCMonth() + 1));
    found.push({ ...calendar, years: [year], months: calendar.months.filter((month) => !months.has(month)) });
    for (const month of months) {
      const inMonth = own.filter(({ date }) => date.getUTCMonth() + 1 === month);
      const days = inMonth.map(({ date }) => date.getUTCDate());
      const rest = { ...calendar, years: [year], months: [month] };
      found.push({ ...rest, daysOfMonth: calendar.daysOfMonth.filter((day) => !days.includes(day)) });
      for (const { date, of } of inMonth) {
        const taken = of.map((hour) => new Date(hour).getUTCHours());
        found.push({
          ...rest,
          daysOfMonth: [date.getUTCDate()],
          hours: calendar.hours.filter((hour) => !taken.includes(hour)),
        });
      }
    }
  }
  return found.filter((c) => [c.hours, c.daysOfMonth, c.months, c.years ?? [0]].every((list) => list.length > 0));
}
