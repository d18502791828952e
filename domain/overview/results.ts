import type { MetricPoint } from '../../contracts/metrics.ts';
import type { Kpi } from '../../contracts/offers.ts';
import type { KeyResult } from '../../contracts/overview.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import { dayNumber } from '../monitoring/days.ts';
import { normalBounds } from '../monitoring/series/index.ts';

/** Days of the series that come with a figure. */
const shownDays = 30;

/**
 * The newest key figures of a pipeline over all its markets: those that its definition names, else all.
 *
 * @param kpis of all markets together.
 * @param alarms points of the newest days with an alarm.
 */
export function keyResults(
  pipeline: Pick<AnyPipeline, 'id' | 'figures'>,
  kpis: readonly Kpi[],
  alarms: readonly MetricPoint[],
): KeyResult[] {
  const byName = new Map<string, Kpi[]>();
  for (const kpi of kpis) byName.set(kpi.name, [...(byName.get(kpi.name) ?? []), kpi]);
  const named =
    pipeline.figures ??
    [...byName.keys()].sort().map((name) => ({ name, label: name.replaceAll('_', ' '), unit: 'number' as const }));
  return named.flatMap(({ name, label, unit }): KeyResult[] => {
    const days = (byName.get(name) ?? []).sort((a, b) => (a.date < b.date ? -1 : 1));
    const newest = days.at(-1);
    if (!newest) return [];
    const { value, date, runId } = newest;
    const previous = days.at(-2)?.value ?? null;
    const points = days.slice(0, -1).map((kpi) => ({ day: dayNumber(kpi.date), value: kpi.value }));
    const alarm = alarms.find(
      (point) => point.name === `kpi.${name}` && point.market === '' && point.at.startsWith(date),
    );
    return [
      {
        ...{ pipeline: pipeline.id, name, label, unit, date, value, previous, runId },
        change: previous === null || previous === 0 ? null : value / previous - 1,
        normal: normalBounds(points, dayNumber(date)),
        alarm: alarm?.alarm ?? null,
        series: days.slice(-shownDays).map((kpi) => ({ date: kpi.date, value: kpi.value })),
      },
    ];
  });
}
