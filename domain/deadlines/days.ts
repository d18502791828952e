import { type DeadlineDefinition, weekdays } from '../../contracts/deadlines.ts';
import type { Duration } from '../dag/definition.ts';
import { toMs } from '../dag/duration.ts';
import { endOfGap, instantsOf, wallOf } from '../schedules/zone.ts';

const dayMs = 86_400_000;

/** When something is due: the parts of a deadline that say so. */
type Due = Pick<DeadlineDefinition, 'by' | 'zone' | 'days' | 'warnAhead'>;

/** A local day on which a deadline is due. Times are milliseconds since 1970. */
export interface DueDay {
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly dueAt: number;
  /** From when it is watched. */
  readonly opensAt: number;
  /** The local day's beginning, and the next one's. */
  readonly from: number;
  readonly to: number;
}

/**
 * The days of a deadline that are due after `after` and watched at `until`, in order. A time that the clock jumps over is
 * due at the end of the gap; of one that comes twice, the first counts.
 *
 * @param options.byDay whether runs count by the day in which they end: then no day is watched before it begins.
 */
export function dueDays(
  definition: Due,
  after: number,
  until: number,
  { byDay }: { readonly byDay: boolean },
): DueDay[] {
  const { zone } = definition;
  const ahead = warnAheadMs(definition);
  const first = Math.floor(wallOf(zone, after) / dayMs) - 1;
  const last = Math.floor(wallOf(zone, until + ahead) / dayMs) + 1;
  const found: DueDay[] = [];
  for (let day = first; day <= last; day++) {
    const due = dueDay(definition, day * dayMs, ahead, byDay);
    if (due && due.dueAt > after && due.opensAt <= until) found.push(due);
  }
  return found;
}

/** The first day due after a time; a week holds every weekday. */
export function nextDueDay(definition: DeadlineDefinition, after: number): DueDay | undefined {
  const first = Math.floor(wallOf(definition.zone, after) / dayMs) - 1;
  for (let day = first; day <= first + 9; day++) {
    const due = dueDay(definition, day * dayMs, 0, false);
    if (due && due.dueAt > after) return due;
  }
  return undefined;
}

/** The local day at a time, YYYY-MM-DD. */
export function localDay(zone: string, at: number): string {
  return isoDay(wallOf(zone, at));
}

/** The date of the partition that is due on a day. */
export function partitionDate({ dayOffset = 0 }: DeadlineDefinition, day: string): string {
  return isoDay(Date.parse(`${day}T00:00:00Z`) + dayOffset * dayMs);
}

function dueDay({ by, zone, days }: Due, midnight: number, ahead: number, byDay: boolean): DueDay | undefined {
  const weekday = weekdays[new Date(midnight).getUTCDay()];
  if (days && weekday && !days.includes(weekday)) return undefined;
  const [hours = 0, minutes = 0] = by.split(':').map(Number);
  const at = (wall: number): number => instantsOf(zone, wall)[0] ?? endOfGap(zone, wall);
  const dueAt = at(midnight + (hours * 60 + minutes) * 60_000);
  const [from, to] = [at(midnight), at(midnight + dayMs)];
  const opensAt = byDay ? Math.max(from, dueAt - ahead) : dueAt - ahead;
  return { day: isoDay(midnight), dueAt, opensAt, from, to };
}

function warnAheadMs({ warnAhead = '1d' }: Due): number {
  return toMs(warnAhead as Duration) ?? dayMs;
}

function isoDay(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10);
}
