/**
 * Local clocks. A wall time is a local date and time as if it were UTC, in milliseconds: plain arithmetic on it is right.
 */

/** Version of the rules of the zones, such as 2025c: those of the ICU data that Node brings. */
export const zoneRules = process.versions.tz ?? '';

const formats = new Map<string, Intl.DateTimeFormat>();
const dayMs = 86_400_000;

/** How far the clock of a zone is ahead of UTC at an instant, milliseconds. */
export function offsetAt(zone: string, instant: number): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formats.set(zone, format);
  }
  const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes, seconds = '0'] = /^GMT([+-])(\d+):(\d+)(?::(\d+))?$/.exec(name) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1_000 : 1_000) * (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds));
}

export function wallOf(zone: string, instant: number): number {
  return instant + offsetAt(zone, instant);
}

/** The instants at which the clock shows a wall time: one; none in a gap; two, in order, when it comes twice. */
export function instantsOf(zone: string, wall: number): number[] {
  const offsets = new Set([offsetAt(zone, wall - dayMs), offsetAt(zone, wall + dayMs)]);
  return [...offsets]
    .map((offset) => wall - offset)
    .filter((instant) => wallOf(zone, instant) === wall)
    .sort((a, b) => a - b);
}

/** A moment at which a zone's clock jumps, with the offsets on both sides. */
export interface Transition {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** Zones keep an offset for weeks at least. */
const scanMs = 7 * dayMs;

/** The jumps of a zone's clock in (from, to], in order. */
export function transitions(zone: string, from: number, to: number): Transition[] {
  const found: Transition[] = [];
  for (let low = from; low < to; low += scanMs) {
    const high = Math.min(low + scanMs, to);
    const [before, after] = [offsetAt(zone, low), offsetAt(zone, high)];
    if (before === after) continue;
    let [a, b] = [low, high];
    while (b - a > 1_000) {
      const middle = Math.floor((a + b) / 2_000) * 1_000;
      if (middle <= a) break;
      if (offsetAt(zone, middle) === before) a = middle;
      else b = middle;
    }
    found.push({ at: Math.floor(b / 1_000) * 1_000, before, after });
  }
  return found;
}

/** The instant at which a wall time counts that the clock jumps over: the end of the gap. */
export function endOfGap(zone: string, wall: number): number {
  return transitions(zone, wall - 2 * dayMs, wall + 2 * dayMs)[0]?.at ?? wall;
}

/** What a wall time is in instants. */
export interface WallInstants {
  /** As {@link instantsOf}. */
  readonly instants: readonly number[];
  /** The first of them; in a gap, its end. */
  readonly first: number;
}

/** The instants of the wall times of a local day: as {@link instantsOf} and {@link endOfGap}, but quick for many times. */
export function dayClock(zone: string, midnight: number): (wall: number) => WallInstants {
  const [jump, ...more] = transitions(zone, midnight - dayMs, midnight + 2 * dayMs);
  if (more.length > 0) {
    return (wall) => {
      const instants = instantsOf(zone, wall);
      return { instants, first: instants[0] ?? endOfGap(zone, wall) };
    };
  }
  const only = (first: number): WallInstants => ({ instants: [first], first });
  if (!jump) {
    const offset = offsetAt(zone, midnight);
    return (wall) => only(wall - offset);
  }
  const { at, before, after } = jump;
  return (wall) => {
    if (wall < at + Math.min(before, after)) return only(wall - before);
    if (wall >= at + Math.max(before, after)) return only(wall - after);
    if (after > before) return { instants: [], first: at };
    return { instants: [wall - before, wall - after], first: wall - before };
  };
}

/** As {@link wallOf}, but quick for instants that come in order. */
export function wallClock(zone: string): (instant: number) => number {
  let day = Number.NaN;
  let steady: number | null = null;
  return (instant) => {
    const current = Math.floor(instant / dayMs);
    if (current !== day) {
      const offset = offsetAt(zone, current * dayMs);
      steady = offset === offsetAt(zone, (current + 1) * dayMs) ? offset : null;
      day = current;
    }
    return instant + (steady ?? offsetAt(zone, instant));
  };
}

/** The name as servers know it (their files tell capitals apart), or null when there is no such zone. */
export function zoneName(name: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return null;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions();
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
  } catch {
    return null;
  }
}
