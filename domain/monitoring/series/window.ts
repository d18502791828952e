import type { MetricPoint } from '../../../contracts/metrics.ts';

/** Families of series: what stands before the first dot of a name. */
export const families = { drift: 'drift', quality: 'quality', kpi: 'kpi', run: 'run' } as const;

/** What of a pipeline was looked at, and by which model it is judged. */
export type MonitoredWindow = Pick<MetricPoint, 'pipeline' | 'market' | 'at' | 'model' | 'modelVersion' | 'runId'>;

/** A point of a window; what is left out says nothing. */
export function pointOf(
  window: MonitoredWindow,
  point: Pick<MetricPoint, 'name' | 'value'> & Partial<MetricPoint>,
): MetricPoint {
  return { subject: '', threshold: null, alarm: null, text: null, ...window, ...point };
}
