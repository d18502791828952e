import type { RunDurations } from '../../../../contracts/run-insight.ts';
import { runStatuses } from '../../../../contracts/runs.ts';
import type { ChartSeries } from '../../../charts/props.ts';
import { count } from '../../../format/number.ts';
import { duration } from '../../../format/time.ts';

export interface DurationSeries {
  /** Of the runs that have ended, by their start. */
  readonly ids: readonly string[];
  /** Milliseconds, ascending. */
  readonly times: readonly number[];
  /** Seconds by what became of them; kinds that no run has are left out. */
  readonly series: readonly ChartSeries[];
  /** Of those that succeeded, ascending. */
  readonly seconds: readonly number[];
}

const kinds = [
  { status: 'succeeded', label: 'succeeded', kind: 'points', colour: '--ok' },
  { status: 'failed', label: 'failed', kind: 'crosses', colour: '--failed' },
  { status: 'cancelled', label: 'cancelled', kind: 'crosses', colour: '--skipped' },
] as const;

/** Runs that have ended as points of a chart. They come by creation, and start in another order where some waited. */
export function durationSeries(found: RunDurations): DurationSeries {
  const places = found.ids
    .map((_, place) => place)
    .filter((place) => found.seconds[place] != null)
    .toSorted((a, b) => (found.start[a] ?? 0) - (found.start[b] ?? 0));
  const valuesOf = (status: (typeof runStatuses)[number]): (number | null)[] => {
    const index = runStatuses.indexOf(status);
    return places.map((place) => (found.status[place] === index ? (found.seconds[place] ?? null) : null));
  };
  const series = kinds.map(({ status, ...look }) => ({ ...look, values: valuesOf(status) }));
  return {
    ids: places.map((place) => found.ids[place] ?? ''),
    times: places.map((place) => found.start[place] ?? 0),
    series: series.filter(({ values }) => values.some((value) => value !== null)),
    seconds: valuesOf('succeeded')
      .filter((value) => value !== null)
      .toSorted((a, b) => a - b),
  };
}

/** What is usual. @param seconds of runs that succeeded, ascending. */
export function durationWords(seconds: readonly number[]): string {
  if (seconds.length === 0) return 'No run succeeded in this time.';
  const at = (share: number): string => duration((seconds[Math.ceil(share * seconds.length) - 1] ?? 0) * 1_000);
  if (seconds.length === 1) return `1 run succeeded, in ${at(1)}.`;
  if (seconds.length < 10) return `${count(seconds.length)} runs succeeded, half of them within ${at(0.5)}.`;
  return `${count(seconds.length)} runs succeeded: half of them within ${at(0.5)}, nine of ten within ${at(0.9)}.`;
}
