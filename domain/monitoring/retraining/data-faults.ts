import type { FilledPolicy } from '../../../contracts/policies.ts';
import { type Baseline, baselineDays, fitBaseline, type Point } from '../baseline.ts';
import { dateOf, dayNumber, weekdayName } from '../days.ts';
import type { DataFinding, Observations } from './types.ts';

/** Days that say what is usual: too few are no ground for a fault. */
const leastDays = 28;
/** A day so far below the usual, by the logarithm of its rows, counts too where volumes are steady: half of the sources away. */
const volumeSigmas = 6;
const mostSteadyShare = 0.7;
/** Least spread of the logarithm of a day's rows. */
const leastSpread = 0.05;
/** So long a silence is a fault whatever is usual of its weekdays, unless data come as seldom. */
const longSilenceDays = 28;
/** Days before the newest that are looked at. */
const lookBackDays = 140;

export interface DataFaults {
  /** Why a day's data are at fault, by day number. */
  readonly byDay: ReadonlyMap<number, string>;
  /** Days without data at the end: not yet a fault, but nothing is known of them. */
  readonly unknownFrom: number;
  /** Since when data are at fault now; null when they are not. */
  readonly active: { readonly since: string; readonly text: string } | null;
}

/**
 * Tells days whose data are at fault from days on which a model is: by findings of data quality, by too few rows for the
 * weekday, and by no rows at all. Figures of such days, and `lagDays` after them, say nothing about the model.
 *
 * @param day data of days before it count.
 */
export function findDataFaults(
  { volume, findings }: Pick<Observations, 'volume' | 'findings'>,
  day: string,
  policy: Pick<FilledPolicy, 'data' | 'kpis'>,
): DataFaults {
  const today = dayNumber(day);
  const { minVolumeShare, staleDays, lagDays } = policy.data;
  const byDay = new Map<number, string>();
  const rows = new Map(volume.map(({ day: at, value }) => [dayNumber(at), value]));
  const known = [...rows.keys()].filter((at) => at < today && (rows.get(at) ?? 0) > 0);
  const newest = known.length === 0 ? null : Math.max(...known);
  const oldest = Math.max(Math.min(...known), today - lookBackDays);
  for (let week = oldest; newest !== null && week < today; week += 7) {
    const usual = usualVolume(rows, byDay, oldest, week);
    for (let at = week; usual !== null && at < Math.min(week + 7, today); at++) {
      const why = volumeFault(usual, rows.get(at) ?? 0, at, minVolumeShare);
      // A day that has nothing yet may still get something.
      if (why !== null && (at <= newest || today - 1 - newest > staleDays)) byDay.set(at, why);
    }
  }
  for (const finding of findings) {
    const at = dayNumber(finding.day);
    if (at < today && at >= today - lookBackDays) byDay.set(at, wordsOf(finding));
  }
  const silence = newest === null ? 0 : today - 1 - newest;
  if (newest !== null && silence > longSilenceDays && silence > 2 * largestGap(known)) {
    const text = `nothing has come since ${dateOf(newest)}`;
    return { byDay, unknownFrom: newest + 1, active: { since: dateOf(newest + 1), text } };
  }
  return {
    byDay,
    unknownFrom: newest === null ? Number.POSITIVE_INFINITY : newest + 1,
    active: activeFault(byDay, today, Math.max(1, lagDays)),
  };
}

/** Most days between two days with data, of the newest. */
function largestGap(known: readonly number[]): number {
  const newest = [...known].sort((a, b) => a - b).slice(-baselineDays);
  return newest.slice(1).reduce((most, day, i) => Math.max(most, day - (newest[i] as number)), 1);
}

/** The faults that still touch today's figures, back to their first day; a day between them that is closed does not part them. */
function activeFault(byDay: ReadonlyMap<number, string>, today: number, reach: number): DataFaults['active'] {
  const newest = Math.max(...byDay.keys());
  if (byDay.size === 0 || newest < today - reach) return null;
  let since = newest;
  while (byDay.has(since - 1) || byDay.has(since - 2)) since -= byDay.has(since - 1) ? 1 : 2;
  const text = byDay.get(since) as string;
  return { since: dateOf(since), text: newest > since ? `${text}, and so on to ${dateOf(newest)}` : text };
}

/** What the weeks before a day let expect of the logarithm of its rows; null when they are too few. */
function usualVolume(
  rows: ReadonlyMap<number, number>,
  faults: ReadonlyMap<number, string>,
  oldest: number,
  before: number,
): Baseline | null {
  const reference: Point[] = [];
  for (let day = Math.max(oldest, before - baselineDays); day < before; day++)
    if (!faults.has(day)) reference.push({ day, value: Math.log1p(rows.get(day) ?? 0) });
  return reference.length < leastDays ? null : fitBaseline(reference);
}

/** Why the rows of a day are no day's work; null when they are. */
function volumeFault(baseline: Baseline, given: number, at: number, minShare: number): string | null {
  const usual = Math.expm1(baseline.expected(at));
  // A day on which there is usually nothing.
  if (usual < 1) return null;
  const share = given / usual;
  const spread = Math.max(baseline.sigma(at), leastSpread);
  const isUnsteady = share < mostSteadyShare && Math.log(Math.max(share, 1e-9)) < -volumeSigmas * spread;
  if (share >= minShare && !isUnsteady) return null;
  return `${dateOf(at)} has ${Math.round(given)} rows, ${(100 * share).toFixed(0)} % of the ${Math.round(usual)} usual on a ${weekdayName(at)}`;
}

function wordsOf({ day, kind, text }: DataFinding): string {
  return `${day} (${kind}): ${text}`;
}
