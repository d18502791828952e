import { PerennialError } from '../contracts/errors.ts';
import { dateOf, dayAfter, dayNumber } from '../domain/monitoring/days.ts';

/** The days that a query is about, `to` not included; what it leaves out: to the end of today (UTC), and so many days before. */
export function daySpan(
  { from, to }: { readonly from?: string; readonly to?: string },
  days: number,
  now: Date,
): { readonly from: string; readonly to: string } {
  const end = to ?? dayAfter(now.toISOString());
  return { from: from ?? dateOf(dayNumber(end) - days), to: end };
}

/** Most days of a matrix: a leap year. */
export const mostDays = 366;

/** The days from `from` to `to`, both included; VALIDATION_FAILED when they are none, or more than {@link mostDays}. */
export function daysBetween({ from, to }: { readonly from: string; readonly to: string }): string[] {
  const days = dayNumber(to) - dayNumber(from) + 1;
  if (days >= 1 && days <= mostDays) return Array.from({ length: days }, (_, n) => dateOf(dayNumber(from) + n));
  const message =
    days < 1 ? `lies after to (${to})` : `lies ${days} days before the end; ${mostDays} are given at most`;
  throw new PerennialError('VALIDATION_FAILED', `from (${from}) ${message}.`, {
    fields: [{ field: 'from', value: from, message }],
    remedy: `Ask for 1 to ${mostDays} days.`,
  });
}
