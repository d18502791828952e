import type { DecisionReason } from '../../../contracts/decisions.ts';
import type { FilledKpi } from '../../../contracts/policies.ts';
import { type Baseline, baselineDays, fitBaseline, type Point } from '../baseline.ts';
import { dateOf, dayNumber } from '../days.ts';
import { count, number } from '../words.ts';
import { kpiKey, type Series, type Training } from './types.ts';

/** Fewest parts of its spread that a figure which never moved must fall by. */
const leastRelative = 1e-9;
/** As the week goes: the same weekday a year ago. */
const yearDays = 364;
/** Half of the days around last year's that say whether the same happened then. */
const yearSpan = 2;
/** Days before the windows that are judged which say nothing of what is expected of them. */
const gapDays = 14;
const leastApart = 28;
/** A fall that a training ended within so many days was none of the season. */
const curedDays = 28;

export interface KpiContext {
  readonly day: number;
  /** Whether a day's value says something about the model: its data are sound. */
  isSound(day: number): boolean;
  /** Windows up to this day were served by another champion; -Infinity without one. */
  readonly servedFrom: number;
  readonly trainings: readonly Training[];
  readonly staleDays: number;
}

/** Judges a figure: the newest windows running against what its season lets expect, and against its limit. */
export function kpiRule(kpi: FilledKpi, series: Series, context: KpiContext): DecisionReason {
  const rule = `kpi:${kpiKey(kpi)}`;
  const { day, isSound } = context;
  const points = series
    .map(({ day: at, value }): Point => ({ day: dayNumber(at), value }))
    .filter((point) => point.day <= day && isSound(point.day));
  const windows = points.slice(-kpi.windows);
  const newest = windows.at(-1);
  const silent = (text: string): DecisionReason => ({
    rule,
    fired: false,
    text: `${kpiKey(kpi)} ${text}`,
    value: newest?.value ?? null,
    threshold: null,
  });
  if (!newest) return silent('has not been measured yet.');
  if (day - newest.day > context.staleDays + kpi.windows)
    return silent(`was measured last on ${dateOf(newest.day)}, ${day - newest.day} days ago.`);
  const served = windows.filter((point) => point.day > context.servedFrom);
  if (served.length < kpi.windows)
    return silent(
      `has ${count(served.length, 'window')} of the present champion; ${kpi.windows} running are needed before it is judged.`,
    );
  const first = windows[0] as Point;
  const reference = referenceOf(points, first.day);
  const sign = kpi.bad === 'low' ? 1 : -1;
  const isBeyondLimit = (point: Point): boolean => kpi.limit !== null && sign * (point.value - kpi.limit) < 0;
  const enough = reference.length >= kpi.minHistory;
  const baseline = enough ? fitBaseline(reference) : null;
  const judged = windows.map((point) => ({
    point,
    limit: isBeyondLimit(point),
    ...(baseline
      ? against(baseline, point, points, kpi, sign, context)
      : { threshold: null, season: 0, beyond: false }),
  }));
  const fired = judged.every(({ limit, beyond }) => limit || beyond);
  const last = judged.at(-1) as (typeof judged)[number];
  const values = windows.map(({ value }) => number(value)).join(', ');
  const side = kpi.bad === 'low' ? 'floor' : 'ceiling';
  const seasonal = baseline
    ? ` The season lets expect ${number(baseline.expected(newest.day) + last.season)}, and nothing ${kpi.bad === 'low' ? 'below' : 'above'} ${number(last.threshold ?? 0)} (${kpi.sigmas} σ, from ${count(reference.length, 'window')} before).`
    : ` ${count(reference.length, 'window')} before them ${reference.length === 1 ? 'is' : 'are'} too few to tell chance; ${kpi.minHistory} are needed.`;
  const fixed = kpi.limit === null ? '' : ` Its ${side} is ${number(kpi.limit)}.`;
  const season = last.season === 0 ? '' : ' The same days of last year went that way too, and are allowed for.';
  return {
    rule,
    fired,
    text: `${kpiKey(kpi)} is ${values} in the newest ${kpi.windows === 1 ? 'window' : `${kpi.windows} windows`} (to ${dateOf(newest.day)}).${seasonal}${fixed}${season}`,
    value: newest.value,
    threshold: last.threshold ?? kpi.limit,
  };
}

/**
 * What a baseline for a day is made of: not of the two weeks before it, into which a gradual fall would have bent it, as
 * long as there is enough without them.
 */
function referenceOf(points: readonly Point[], day: number): Point[] {
  const within = (to: number): Point[] => points.filter((point) => point.day < to && point.day >= to - baselineDays);
  const apart = within(day - gapDays);
  return apart.length >= leastApart ? apart : within(day);
}

function against(
  baseline: Baseline,
  point: Point,
  points: readonly Point[],
  { sigmas }: FilledKpi,
  sign: number,
  context: KpiContext,
): { readonly threshold: number; readonly season: number; readonly beyond: boolean } {
  const expected = baseline.expected(point.day);
  const season = lastYear(points, point.day, sign, context.trainings);
  const width = Math.max(sigmas * baseline.sigma(point.day), leastRelative * Math.abs(expected));
  const threshold = expected + season - sign * width;
  return { threshold, season, beyond: sign * (point.value - threshold) < 0 };
}

/**
 * How far the same days of last year fell out of their own baseline: a holiday that comes every year. 0 when it is not
 * known, when they did not, and when it was a training that ended it.
 */
function lastYear(points: readonly Point[], day: number, sign: number, trainings: readonly Training[]): number {
  const then = day - yearDays;
  const around = points.filter((point) => Math.abs(point.day - then) <= yearSpan);
  const reference = referenceOf(points, then - yearSpan);
  if (around.length < yearSpan || reference.length < baselineDays / 2) return 0;
  const cured = trainings.some(({ promotedAt }) => {
    if (promotedAt === null) return false;
    const after = dayNumber(promotedAt) - then;
    return after >= -yearSpan && after <= curedDays;
  });
  if (cured) return 0;
  const baseline = fitBaseline(reference);
  // The least of the days around: holidays move by a day or two against the week.
  const falls = around.map((point) => sign * (point.value - baseline.expected(point.day)));
  const deepest = Math.min(...falls);
  return deepest < -2 * baseline.sigma(then) ? sign * deepest : 0;
}
