import type { Calendar } from '../ports/schedules.ts';
import { matchesDay } from './fields.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const minutesOfDay = 1_440;
/** Kinds of days that are kept. */
const mostKinds = 100;

interface Kind {
  /** 1 for those left out. */
  readonly minutes: Uint8Array;
  readonly isWhole: boolean;
}

/** What a schedule leaves out, by wall time. */
export interface Skips {
  has(wall: number): boolean;
  /** Whether nothing is left of the local day, nor of the next, into which the end of a gap may fall. */
  hasTwoDays(midnight: number): boolean;
}

/** Days that match the same calendars are worked out once, so that years of left-out times cost little. */
export function skipsOf(calendars: readonly Calendar[]): Skips {
  const kinds = new Map<string, Kind>();
  let known = Number.NaN;
  let kind = kindOf([]);
  const dayAt = (midnight: number): Kind => {
    if (midnight === known) return kind;
    const matching = calendars.flatMap((calendar, i) => (matchesDay(calendar, midnight) ? [i] : []));
    const name = matching.join();
    if (kinds.size > mostKinds) kinds.clear();
    kind = kinds.get(name) ?? kindOf(matching.flatMap((i) => calendars[i] ?? []));
    kinds.set(name, kind);
    known = midnight;
    return kind;
  };
  return {
    has(wall) {
      if (calendars.length === 0) return false;
      const midnight = Math.floor(wall / dayMs) * dayMs;
      return dayAt(midnight).minutes[Math.floor((wall - midnight) / minuteMs)] === 1;
    },
    hasTwoDays: (midnight) => calendars.length > 0 && dayAt(midnight + dayMs).isWhole && dayAt(midnight).isWhole,
  };
}

function kindOf(calendars: readonly Calendar[]): Kind {
  const minutes = new Uint8Array(minutesOfDay);
  for (const calendar of calendars)
    for (const hour of calendar.hours) for (const minute of calendar.minutes) minutes[hour * 60 + minute] = 1;
  return { minutes, isWhole: minutes.every((left) => left === 1) };
}
