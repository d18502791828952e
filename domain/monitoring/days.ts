export const dayMs = 86_400_000;

/** Days since 1970-01-01 of a YYYY-MM-DD. */
export function dayNumber(date: string): number {
  return Math.floor(Date.parse(date) / dayMs);
}

/** YYYY-MM-DD of days since 1970-01-01. */
export function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** The day after a YYYY-MM-DD. */
export function dayAfter(date: string): string {
  return dateOf(dayNumber(date) + 1);
}

/** 0 is Monday. */
export function weekdayOf(day: number): number {
  // 1970-01-01 was a Thursday.
  return (((day + 3) % 7) + 7) % 7;
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** Name of the weekday of days since 1970-01-01. */
export function weekdayName(day: number): string {
  return weekdays[weekdayOf(day)] as string;
}
