import type { RunEndedData } from '../../../contracts/events.ts';
import type { EventHandler } from '../../ports/events.ts';
import type { MetricSeriesRepository } from '../../ports/metric-series.ts';
import { families, pointOf } from './window.ts';

/** Keeps how long runs took, `run.seconds` by pipeline and market; the subject is how the run ended. */
export function createDurationHandler(series: Pick<MetricSeriesRepository, 'save'>): EventHandler {
  return async ({ type, source, time, data }) => {
    if (!/^run\.(succeeded|failed|cancelled)$/.test(type) || !source.startsWith('/pipelines/')) return;
    const { pipeline, partition, runId, seconds, status, params } = data as unknown as RunEndedData;
    const market = partition?.slice(11) || (typeof params['market'] === 'string' ? params['market'] : '');
    const window = { pipeline, market, at: time, model: null, modelVersion: null, runId };
    await series.save([pointOf(window, { name: `${families.run}.seconds`, subject: status, value: seconds })]);
  };
}
