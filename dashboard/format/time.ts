import { useSyncExternalStore } from 'react';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const exactFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const yearFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const secondsFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** A time with weekday, seconds and zone, in the viewer's zone. */
export const exact = (at: string | number | Date): string => exactFormat.format(new Date(at));
/** Hours and minutes, in the viewer's zone. */
export const clock = (at: string | number | Date): string => clockFormat.format(new Date(at));
/** Hours, minutes and seconds, in the viewer's zone. */
export const clockSeconds = (at: string | number | Date): string => secondsFormat.format(new Date(at));

/** Day and month, in the viewer's zone. */
export const dayOf = (at: string | number | Date): string => dayFormat.format(new Date(at));

const utcDayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const utcDateFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });

/** Whether times stand for whole days, which begin at 00:00 UTC wherever they are looked at. */
export const isDaily = (times: readonly number[]): boolean => times.length > 0 && times.every((at) => at % day === 0);
/** Day and month of such a time. */
export const utcDay = (at: number): string => utcDayFormat.format(at);
/** Such a day with its weekday and year. */
export const utcDate = (at: number): string => utcDateFormat.format(at);

/** IANA name of the viewer's zone, for sentences that the API writes. */
export const viewerZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** How long ago or how soon, in words for less than a day; else the day, with the time within a week. */
export function relative(at: string | number | Date, now: number): string {
  const time = new Date(at).getTime();
  const away = now - time;
  const distance = Math.abs(away);
  const say = (text: string): string => (away >= 0 ? `${text} ago` : `in ${text}`);
  if (distance < 10 * second) return 'now';
  if (distance < minute) return say(`${Math.round(distance / second)} s`);
  if (distance < hour) return say(`${Math.round(distance / minute)} min`);
  if (distance < day) return say(`${Math.round(distance / hour)} h`);
  if (distance < 7 * day) return `${dayFormat.format(time)}, ${clockFormat.format(time)}`;
  return new Date(now).getFullYear() === new Date(time).getFullYear()
    ? dayFormat.format(time)
    : yearFormat.format(time);
}

/** {@link relative} within a sentence: `3 h ago`, `on 21 Nov, 23:59`. */
export function onOrAgo(at: string | number | Date, now: number): string {
  const isFar = Math.abs(now - new Date(at).getTime()) >= day;
  return isFar ? `on ${relative(at, now)}` : relative(at, now);
}

/** A length of time in its two largest units: `1 h 4 min`; below a minute seconds, below ten with a decimal. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 0) return '0 s';
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < 10 * second) return `${(ms / second).toFixed(1)} s`;
  if (ms < minute) return `${Math.round(ms / second)} s`;
  const parts = [
    [Math.floor(ms / day), 'd'],
    [Math.floor((ms % day) / hour), 'h'],
    [Math.floor((ms % hour) / minute), 'min'],
    [Math.floor((ms % minute) / second), 's'],
  ] as const;
  const first = parts.findIndex(([n]) => n > 0);
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(' ');
}

/** The begin of a day, in the viewer's zone. */
const midnight = (at: string | number | Date): number => new Date(at).setHours(0, 0, 0, 0);

/** How soon, roughly, beside a day that is named: `in 4 h`, `in 3 days`, `in 5 weeks`. */
export function soon(at: string | number | Date, now: number): string {
  const away = new Date(at).getTime() - now;
  if (away < day) return relative(at, now);
  // Times of one day are equally far away.
  const days = Math.round((midnight(at) - midnight(now)) / day);
  if (days < 14) return days === 1 ? 'tomorrow' : `in ${days} days`;
  if (away < 100 * day) return `in ${Math.round(away / (7 * day))} weeks`;
  return `in ${Math.round(away / (30.44 * day))} months`;
}

/** Milliseconds between two times; to now when the second is not there. */
export const between = (from: string, to: string | null, now: number): number =>
  (to === null ? now : Date.parse(to)) - Date.parse(from);

interface Clock {
  readonly subscribe: (listener: () => void) => () => void;
  readonly read: () => number;
}

const clocks = new Map<number, Clock>();

/** A clock that stands still while nobody looks at it, and is set again by the first who does. */
function clockOf(everyMs: number): Clock {
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const listeners = new Set<() => void>();
  const tick = (): void => {
    now = Date.now();
    for (const each of listeners) each();
  };
  return {
    read: () => now,
    subscribe(listener) {
      listeners.add(listener);
      if (timer === undefined) {
        tick();
        timer = setInterval(tick, everyMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

/** The present, which moves on every so many milliseconds; all that use the same pace share a timer. */
export function useNow(everyMs = 30_000): number {
  const shared = clocks.get(everyMs) ?? clockOf(everyMs);
  clocks.set(everyMs, shared);
  // The same functions each time: other ones would stop the timer and start it anew at every drawing.
  return useSyncExternalStore(shared.subscribe, shared.read);
}
