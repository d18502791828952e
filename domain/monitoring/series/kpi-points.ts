import type { MetricPoint } from '../../../contracts/metrics.ts';
import type { Kpi } from '../../../contracts/offers.ts';
import type { MetricSeriesRepository } from '../../ports/metric-series.ts';
import { baselineDays, fitBaseline, type Point } from '../baseline.ts';
import { dateOf, dayNumber } from '../days.ts';
import { number } from '../words.ts';
import { families, pointOf } from './window.ts';

/** Days without which neither chance nor weekdays can be told. */
const fewestDays = 28;
/** Standard deviations beyond which a figure is unusual, two days running. */
const mostSigmas = 3;
/** Least deviation, as a share of what is expected: what hardly ever moves is not unusual when it moves a little. */
const leastSpread = 0.01;
/** Figures of so many days and markets are read at most. */
const mostRead = 200_000;

/**
 * Key figures as points `kpi.<name>`, each with the bound it is nearer to of what its weekday and course let expect. An alarm
 * needs two days running beyond the same bound, so that a day's mood raises none.
 *
 * @param series what was measured before, of which the newest 56 days count.
 */
export async function kpiPoints(
  kpis: readonly Kpi[],
  series: Pick<MetricSeriesRepository, 'list'>,
): Promise<MetricPoint[]> {
  const days = kpis.map(({ date }) => date).sort();
  const [pipeline, first, last] = [kpis[0]?.pipeline, days[0], days.at(-1)];
  if (pipeline === undefined || first === undefined || last === undefined) return [];
  const past = await series.list({
    pipeline,
    name: `${families.kpi}.*`,
    from: new Date(dateOf(dayNumber(first) - baselineDays - 1)),
    to: new Date(last),
    limit: mostRead,
  });
  const known = new Map<string, Point[]>();
  for (const { market, name, at, value } of past) {
    const key = `${name}/${market}`;
    const points = known.get(key) ?? [];
    points.push({ day: dayNumber(at), value });
    known.set(key, points);
  }
  return kpis.map((kpi) => judged(kpi, known.get(`${families.kpi}.${kpi.name}/${kpi.market}`) ?? []));
}

/** What a figure is expected to be on a day, and how far from it a value is not unusual, by the days before. */
function boundsBy(reference: readonly Point[]): (day: number) => { readonly expected: number; readonly reach: number } {
  const baseline = fitBaseline(reference);
  return (day) => {
    const expected = baseline.expected(day);
    return { expected, reach: mostSigmas * Math.max(baseline.sigma(day), leastSpread * Math.abs(expected)) };
  };
}

/**
 * Between what a figure of a day is not unusual: within 3 standard deviations of what its weekday and course let expect.
 *
 * @param before the days before it, oldest first; the newest 56 count.
 * @returns null when they are fewer than 28.
 */
export function normalBounds(
  before: readonly Point[],
  day: number,
): { readonly from: number; readonly to: number } | null {
  const reference = before.slice(-baselineDays);
  if (reference.length < fewestDays) return null;
  const { expected, reach } = boundsBy(reference)(day);
  return { from: expected - reach, to: expected + reach };
}

function judged({ pipeline, market, date, name, value, runId }: Kpi, known: readonly Point[]): MetricPoint {
  const at = new Date(date).toISOString();
  const window = { pipeline, market, at, model: null, modelVersion: null, runId };
  const point = { name: `${families.kpi}.${name}`, value };
  const today = dayNumber(date);
  const before = known.filter(({ day }) => day < today).sort((a, b) => a.day - b.day);
  const previous = before.at(-1);
  const reference = before.slice(0, -1).slice(-baselineDays);
  if (!previous || reference.length < fewestDays) return pointOf(window, point);
  const boundsOf = boundsBy(reference);
  const sideOf = ({ day, value: own }: Point): number => {
    const { expected, reach } = boundsOf(day);
    return Math.abs(own - expected) > reach ? Math.sign(own - expected) : 0;
  };
  const { expected, reach } = boundsOf(today);
  const side = sideOf({ day: today, value });
  const isUnusual = side !== 0 && side === sideOf(previous);
  const threshold = expected + (value < expected ? -reach : reach);
  const text = isUnusual
    ? `${name}: ${number(value)} on ${date}, ${number(previous.value)} on ${dateOf(previous.day)}; ${number(expected)} is usual, ${side < 0 ? 'at least' : 'at most'} ${number(threshold)} would be within ${mostSigmas} standard deviations.`
    : null;
  return pointOf(window, { ...point, threshold, alarm: isUnusual ? 'warning' : null, text });
}
