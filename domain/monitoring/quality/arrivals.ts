import { dayMs, dayNumber, weekdayName, weekdayOf } from '../days.ts';
import { median, robustSigma } from '../statistics.ts';
import { count } from '../words.ts';
import { figure, type QualityFinding } from './finding.ts';

/** Rows of a day, YYYY-MM-DD. */
export interface DayVolume {
  readonly date: string;
  readonly rows: number;
}

/** Past days of the same weekday that a volume is judged by; fewer do not tell what is usual. */
const fewestDays = 4;
/** A robust z beyond which a value counts as an outlier (Iglewicz and Hoaglin 1993). */
const mostZ = 3.5;

/**
 * Rows of a day against the same weekday's past: the distance from the median in units of the median absolute deviation, of
 * logarithms, since volumes grow and fall by factors. The deviation is at least what counts vary by on their own (Poisson).
 *
 * @param past days before it, in any order; the newest `days` of the same weekday count, default 12.
 * @returns nothing with fewer than four such days.
 */
export function checkVolume(day: DayVolume, past: readonly DayVolume[], days = 12): QualityFinding[] {
  const weekday = (date: string) => weekdayOf(dayNumber(date));
  const alike = past
    .filter(({ date }) => date < day.date && weekday(date) === weekday(day.date))
    .sort((a, b) => (a.date < b.date ? 1 : -1))
    .slice(0, days);
  if (alike.length < fewestDays) return [];
  const logs = alike.map(({ rows }) => Math.log1p(rows));
  const centre = median(logs);
  const usual = Math.expm1(centre);
  const spread = Math.max(robustSigma(logs), 1 / Math.sqrt(1 + usual));
  const z = (Math.log1p(day.rows) - centre) / spread;
  if (Math.abs(z) <= mostZ) return [];
  return [
    {
      check: 'volume',
      column: null,
      severity: day.rows === 0 ? 'error' : 'warning',
      observed: day.rows,
      expected: Math.round(usual),
      text: `${count(day.rows, 'row')} on ${day.date}; the last ${alike.length} ${weekdayName(dayNumber(day.date))}s had ${Math.round(usual)} as a rule (robust z ${figure(z)}, at most ${mostZ}).`,
    },
  ];
}

/** Past gaps between arrivals that say how long one may take; fewer do not. */
const fewestGaps = 8;

/**
 * Whether data are overdue: the newest are older than `withinMs`, or, without it, than one and a half times the longest gap
 * between past arrivals.
 *
 * @returns nothing when neither is known.
 */
export function checkFreshness(
  newest: Date,
  now: Date,
  { withinMs, arrivals = [] }: { withinMs?: number; arrivals?: readonly Date[] },
): QualityFinding[] {
  const times = arrivals.map((at) => at.getTime()).sort((a, b) => a - b);
  const gaps = times.slice(1).map((at, i) => at - times[i]!);
  const limit = withinMs ?? (gaps.length < fewestGaps ? undefined : 1.5 * Math.max(...gaps));
  const age = now.getTime() - newest.getTime();
  if (limit === undefined || age <= limit) return [];
  const why = withinMs === undefined ? `; the longest gap before was ${spanOf(Math.max(...gaps))}` : '';
  return [
    {
      check: 'freshness',
      column: null,
      severity: 'warning',
      observed: age / 3_600_000,
      expected: limit / 3_600_000,
      text: `The newest data are ${spanOf(age)} old, of ${newest.toISOString()}; at most ${spanOf(limit)} are expected${why}.`,
    },
  ];
}

function spanOf(ms: number): string {
  return ms >= 2 * dayMs ? `${figure(ms / dayMs)} days` : `${figure(ms / 3_600_000)} hours`;
}
