import type { MetricSeriesRepository } from '../../ports/metric-series.ts';
import type { DataFindings, DriftHistory } from '../../ports/retraining.ts';
import { dateOf, dayAfter, dayMs, dayNumber } from '../days.ts';
import type { DataFinding } from '../retraining/types.ts';
import { driftCounts } from './drift-points.ts';
import { families, type MonitoredWindow } from './window.ts';

type Series = Pick<MetricSeriesRepository, 'list'>;

/** Points that a reading takes at most: two a day of the longest past that is looked at. */
const most = 10_000;
const through = (day: string): Date => new Date(dayAfter(day));

/** Whether drift was measured already of a window that ends at a time. */
export async function isMeasured(
  series: Series,
  { at, ...of }: Pick<MonitoredWindow, 'pipeline' | 'market' | 'at'> & { readonly model: string },
): Promise<boolean> {
  const span = { from: new Date(at), to: new Date(Date.parse(at) + 1) };
  return (await series.list({ ...of, ...span, name: driftCounts.columns, limit: 1 })).length > 0;
}

/** Drift as the series keep it: of the windows that a model's versions were compared with. */
export function driftHistory(series: Series): DriftHistory {
  return {
    async windows(pipeline, model, from, to) {
      const read = (name: string) =>
        series.list({ pipeline, name, model, from: new Date(from), to: through(to), limit: most });
      const [columns, drifted] = await Promise.all([read(driftCounts.columns), read(driftCounts.drifted)]);
      const byTime = new Map(drifted.map(({ at, value }) => [at, value]));
      return columns
        .map(({ at, value }) => ({ day: at.slice(0, 10), columns: value, drifted: byTime.get(at) ?? 0 }))
        .reverse();
    },
  };
}

const kinds: Readonly<Record<string, DataFinding['kind']>> = {
  schema: 'schema',
  volume: 'volume',
  freshness: 'freshness',
};

/** Faults of the data as the series keep them: errors only, as of what a warning is about models may still be learned. */
export function dataFindings(series: Series): DataFindings {
  return {
    async findings(pipeline, from, to) {
      const points = await series.list({
        pipeline,
        // A market that is silent for a day leaves the rest to learn from.
        market: '',
        name: `${families.quality}.*`,
        alarm: 'error',
        // A window ends as the day after its last begins.
        from: through(from),
        to: new Date(through(to).getTime() + dayMs),
        limit: most,
      });
      return points
        .map(({ at, name, text }): DataFinding => {
          const check = name.slice(families.quality.length + 1);
          return { day: dateOf(dayNumber(at) - 1), kind: kinds[check] ?? 'values', text: text ?? check };
        })
        .reverse();
    },
  };
}
