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
