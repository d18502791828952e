import type { FilledPolicy } from '../../../contracts/policies.ts';
import { dataOf, observedSeries } from '../../../contracts/retraining.ts';
import type { KpiRepository } from '../../ports/results.ts';
import type { DataFindings, DriftHistory } from '../../ports/retraining.ts';
import { dateOf, dayNumber } from '../days.ts';
import { kpiKey, type Observations, type Series } from './types.ts';

/** A year and what is needed to tell what was usual then. */
const historyDays = 460;

export interface ObservationDeps {
  readonly kpis: Pick<KpiRepository, 'list'>;
  readonly drift: DriftHistory;
  readonly findings: DataFindings;
}

/**
 * What was seen up to a day, as far back as decisions of a stretch of days look.
 *
 * @param scope the market whose series are the model's; see scopeOf.
 */
export async function loadObservations(
  { kpis, drift, findings }: ObservationDeps,
  { definition, model, scope }: { readonly definition: FilledPolicy; readonly model: string; readonly scope: string },
  { from, to }: { readonly from: string; readonly to: string },
): Promise<Observations> {
  const { pipeline } = definition;
  const first = dateOf(dayNumber(from) - historyDays);
  const limit = dayNumber(to) - dayNumber(first) + 1;
  const before = dateOf(dayNumber(to) + 1);
  const series = async (of: string, name: string, market: string): Promise<Series> =>
    (await kpis.list({ pipeline: of, name, market: market === '' ? scope : market, before, limit }))
      .map(({ date, value }) => ({ day: date, value }))
      .reverse();
  const [labelled, volume, windows, found, ...watched] = await Promise.all([
    series(dataOf(pipeline), observedSeries.labelled, ''),
    series(dataOf(pipeline), observedSeries.volume, ''),
    drift.windows(pipeline, model, first, to),
    findings.findings(pipeline, first, to),
    ...definition.kpis.map(({ name, market }) => series(pipeline, name, market)),
  ]);
  return {
    kpis: Object.fromEntries(definition.kpis.map((kpi, i) => [kpiKey(kpi), watched[i] ?? []])),
    labelled,
    volume,
    findings: found,
    drift: windows,
  };
}
