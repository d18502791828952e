import { wallOf } from '../schedules/zone.ts';

/** Writes a time, milliseconds since 1970, as a clock shows it. */
export type Clock = (at: number) => string;

/** Local times of a zone, HH:MM; with the date before it on another day than `day`. */
export function localClock(zone: string, day: string): Clock {
  return (at) => {
    const text = new Date(wallOf(zone, at)).toISOString();
    const time = text.slice(11, 16);
    return text.startsWith(day) ? time : `${time} on ${text.slice(0, 10)}`;
  };
}

/** 45 s, 55 min, 2 h 5 min. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `15 min late`, `5 min early` or `just in time`, of the time since it was due. */
export function lateness(ms: number): string {
  if (Math.abs(ms) < 500) return 'just in time';
  return ms > 0 ? `${span(ms)} late` : `${span(-ms)} early`;
}
