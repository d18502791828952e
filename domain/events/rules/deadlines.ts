import type { RuleDeadline } from '../../../contracts/rules.ts';
import { endOfGap, instantsOf, wallOf } from '../../schedules/zone.ts';

const dayMs = 86_400_000;
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;

/**
 * The next time after `after` (ISO) at which the clock of the deadline's zone shows its time on one of its days. A time
 * that the clock jumps over counts at the end of the gap; of one that comes twice, the first counts.
 */
export function nextDeadline({ at, zone = 'UTC', days }: Extract<RuleDeadline, { at: string }>, after: string): string {
  const from = Date.parse(after);
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const midnight = Math.floor(wallOf(zone, from) / dayMs) * dayMs;
  // A day back for zones whose clock falls back over midnight; two weeks hold every weekday.
  for (let day = -1; day <= 14; day++) {
    const start = midnight + day * dayMs;
    const weekday = weekdays[new Date(start).getUTCDay()];
    if (days && weekday && !days.includes(weekday)) continue;
    const wall = start + (hours * 60 + minutes) * 60_000;
    const instant = instantsOf(zone, wall)[0] ?? endOfGap(zone, wall);
    if (instant > from) return new Date(instant).toISOString();
  }
  throw new Error(`no ${at} in ${zone} within two weeks after ${after}`);
}
