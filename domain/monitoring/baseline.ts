import { weekdayOf } from './days.ts';
import { median, robustSigma, theilSen } from './statistics.ts';

/** A value on a day, counted from 1970-01-01. */
export interface Point {
  readonly day: number;
  readonly value: number;
}

/** What the season lets expect of a day. */
export interface Baseline {
  expected(day: number): number;
  /** Standard deviation of a single value around it, with that of the baseline itself. */
  sigma(day: number): number;
}

/** Days whose values a baseline is made of. */
export const baselineDays = 56;
/** A shorter reference shows no slope, and less than three weeks no weekdays. */
const leastTrendDays = 28;
const leastWeekdayDays = 21;
const leastOfWeekday = 3;
/** Steepest course of a season, in standard deviations a day: a year's wave of nearly two. What is steeper is no season. */
const seasonSlope = 0.03;
/** Variance of a median over that of a mean, for normal values. */
const medianVariance = Math.PI / 2;

/**
 * What a figure is expected to be by its weekday and its course: the slope is the median of the slopes between equal
 * weekdays (the seasonal Kendall slope of Hirsch, Slack and Smith 1982, over Sen 1968), a weekday's level the median of
 * what is left, the deviation the MAD of the rest. So it decomposes into trend, season and remainder as STL does (Cleveland
 * et al. 1990), with medians in the place of its smoothers, as Vallis, Hochenbaum and Kejariwal (2014) do, so that neither
 * an outage nor the beginning of a fall bends it. A line follows the year's season closely enough over the days it is
 * extrapolated; what changes as slowly as the season cannot be told from it.
 */
export function fitBaseline(reference: readonly Point[]): Baseline {
  const n = reference.length;
  const first = reference.reduce((least, { day }) => Math.min(least, day), Number.POSITIVE_INFINITY);
  const last = reference.reduce((most, { day }) => Math.max(most, day), Number.NEGATIVE_INFINITY);
  const span = n === 0 ? 0 : last - first + 1;
  const weekdays: Point[][] = Array.from({ length: 7 }, () => []);
  for (const point of reference) weekdays[weekdayOf(point.day)]?.push(point);
  const weekly = span >= leastWeekdayDays && weekdays.every((own) => own.length === 0 || own.length >= leastOfWeekday);
  const hasTrend = span >= leastTrendDays;
  const seasons = weekly ? weekdays : [reference];
  const steepest = hasTrend ? theilSen(seasons.map((own) => own.map(({ day, value }) => ({ x: day, y: value })))) : 0;
  const levelsOf = (slope: number): ((day: number) => number) => {
    const flat = (points: readonly Point[]): number =>
      median(points.map(({ day, value }) => value - slope * (day - last)));
    const level = flat(reference);
    const levels = weekdays.map((own) => (weekly && own.length > 0 ? flat(own) : level));
    return (day) => (levels[weekdayOf(day)] as number) + slope * (day - last);
  };
  const close = levelsOf(steepest);
  const fitted = (hasTrend ? 1 : 0) + (weekly ? weekdays.filter((own) => own.length > 0).length : 1);
  const single =
    robustSigma(reference.map(({ day, value }) => value - close(day))) * Math.sqrt(n / Math.max(1, n - fitted));
  const most = seasonSlope * single;
  const expected = Math.abs(steepest) <= most ? close : levelsOf(Math.sign(steepest) * most);
  const centre = reference.reduce((sum, { day }) => sum + day, 0) / Math.max(1, n);
  const spread = reference.reduce((sum, { day }) => sum + (day - centre) ** 2, 0);
  return {
    expected,
    sigma(day) {
      const own = weekly ? (weekdays[weekdayOf(day)]?.length ?? 0) : n;
      const bent = hasTrend && spread > 0 ? (day - centre) ** 2 / spread : 0;
      return single * Math.sqrt(1 + medianVariance / Math.max(1, own) + bent);
    },
  };
}
