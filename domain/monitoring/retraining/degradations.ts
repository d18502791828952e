import type { FilledKpi } from '../../../contracts/policies.ts';
import { solve } from '../../calibration/linear-system.ts';
import type { Point } from '../baseline.ts';
import { dateOf, weekdayOf } from '../days.ts';
import { median, robustSigma } from '../statistics.ts';
import { changePoints } from './change-points.ts';

/** A stretch of days on which a figure was worse than the season says. */
export interface Degradation {
  /** Key of the figure; null when somebody marked it. */
  readonly kpi: string | null;
  /** Its first and its last day. */
  readonly from: string;
  readonly to: string;
  /** How far below, in standard deviations of a day; null when somebody marked it. */
  readonly depth: number | null;
}

const yearDays = 365.25;
/** A season of the year is taken out where there is most of a year to see it. */
const leastYear = 300;
const fits = 25;
/** Standard deviations from which a segment counts as worse, and from which one beside it belongs to it. */
const leastDepth = 2.25;
const edgeDepth = 0.75;
/** Share of its depth at which a fall still goes on. */
const stillShare = 0.4;
/** Points of a segment that make it a level of its own. */
const longSegment = 28;
/** Weight of a value by its deviation (Huber 1964), in standard deviations. */
const huber = 1.345;

/**
 * Degradations that can be told after the fact, with what came later in view: what is left of a figure without weekdays
 * and yearly season (by a robust fit, so that degradations do not bend them) is parted where its mean changes, and
 * adjoining segments that are worse than what was before are one degradation.
 *
 * @param points sound windows of the figure, oldest first.
 */
export function findDegradations(points: readonly Point[], kpi: Pick<FilledKpi, 'bad'>, key: string): Degradation[] {
  if (points.length < 28) return [];
  const left = withoutSeason(points);
  const sigma = robustSigma(differences(left)) / Math.SQRT2;
  if (!(sigma > 0)) return [];
  const sign = kpi.bad === 'low' ? 1 : -1;
  const scores = left.map((value) => (sign * value) / sigma);
  const cuts = [0, ...changePoints(scores), points.length];
  const segments = cuts.slice(1).map((to, i) => {
    const from = cuts[i] as number;
    return { from, to, mean: scores.slice(from, to).reduce((sum, v) => sum + v, 0) / (to - from) };
  });
  return runsOfWorse(segments).map(({ begin, end, depth }) => ({
    kpi: key,
    from: dateOf((points[begin] as Point).day),
    to: dateOf((points[end - 1] as Point).day),
    depth,
  }));
}

interface Segment {
  /** First point, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly mean: number;
}

/**
 * Runs of segments that lie below the level before them, until one is back near it, or most of the way there. A segment that is a little lower
 * leaves the level as it was, so that a slide in small steps is one fall, and so does a better one, after which the
 * usual would look like a fall; unless it is long: then it is the new level.
 */
function runsOfWorse(segments: readonly Segment[]): { begin: number; end: number; depth: number }[] {
  const runs: { begin: number; end: number; depth: number }[] = [];
  let level = segments[0]?.mean ?? 0;
  /** Where a slide began. */
  let sagging: number | null = null;
  for (let i = 1; i < segments.length; i++) {
    const { mean, from, to } = segments[i] as Segment;
    const below = level - mean;
    if (below < leastDepth) {
      const isShort = to - from < longSegment;
      sagging = isShort && below > edgeDepth ? (sagging ?? from) : null;
      if (!isShort || Math.abs(below) <= edgeDepth) level = mean;
      continue;
    }
    let [last, depth] = [i, below];
    for (let next = segments[i + 1]; next && level - next.mean > Math.max(edgeDepth, depth * stillShare); ) {
      depth = Math.max(depth, level - next.mean);
      next = segments[++last + 1];
    }
    runs.push({ begin: sagging ?? from, end: (segments[last] as Segment).to, depth });
    sagging = null;
    i = last;
  }
  return runs;
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, i) => value - (values[i] as number));
}

/** What is left of values without their weekdays and, over most of a year, its season as one wave. */
function withoutSeason(points: readonly Point[]): number[] {
  const span = (points.at(-1)?.day ?? 0) - (points[0]?.day ?? 0);
  const first = points[0]?.day ?? 0;
  const waves = (day: number): number[] =>
    span < leastYear
      ? []
      : [Math.sin((2 * Math.PI * (day - first)) / yearDays), Math.cos((2 * Math.PI * (day - first)) / yearDays)];
  const rows = points.map(({ day }) => {
    const weekday = new Array<number>(7).fill(0);
    weekday[weekdayOf(day)] = 1;
    return [...weekday, ...waves(day)];
  });
  const values = points.map(({ value }) => value);
  const middle = median(values);
  let left = values.map((value) => value - middle);
  for (let round = 0; round < fits; round++) {
    const sigma = robustSigma(left) || 1;
    const weights = left.map((value) => Math.min(1, (huber * sigma) / Math.max(Math.abs(value), 1e-300)));
    const coefficients = leastSquares(rows, values, weights);
    left = values.map((value, i) => value - dot(rows[i] as number[], coefficients));
  }
  return left;
}

/** Weighted least squares by the normal equations, with a little ridge for weekdays that never come. */
function leastSquares(rows: readonly number[][], values: readonly number[], weights: readonly number[]): Float64Array {
  const k = rows[0]?.length ?? 0;
  const matrix = new Float64Array(k * k);
  for (let i = 0; i < k; i++) matrix[i * k + i] = 1e-9;
  const right = new Float64Array(k);
  rows.forEach((row, r) => {
    for (let i = 0; i < k; i++) {
      const wi = (weights[r] as number) * (row[i] as number);
      if (wi === 0) continue;
      for (let j = 0; j < k; j++) matrix[i * k + j] = (matrix[i * k + j] as number) + wi * (row[j] as number);
      right[i] = (right[i] as number) + wi * (values[r] as number);
    }
  });
  return solve(matrix, right);
}

function dot(a: readonly number[], b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
