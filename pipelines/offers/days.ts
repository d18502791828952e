export { dateOf, dayAfter, dayMs, dayNumber } from '../../domain/monitoring/days.ts';

/** Most days a list is judged by, and that its expectations are for. */
export const longestHorizon = 31;
