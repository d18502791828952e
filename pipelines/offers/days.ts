const dayMs = 86_400_000;

/** Most days a list is judged by, and that its expectations are for. */
export const longestHorizon = 31;

/** Days since 1970-01-01 of a YYYY-MM-DD. */
export function dayNumber(date: string): number {
  return Math.floor(Date.parse(date) / dayMs);
}

/** YYYY-MM-DD of days since 1970-01-01. */
export function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}
