import type { MetricPoint } from '../../../contracts/metrics.ts';
import type { Performance, PerformanceEstimate } from '../estimate/index.ts';
import { number } from '../words.ts';
import { type MonitoredWindow, pointOf } from './window.ts';

/** What is said of predictions whose outcome is not known: `estimate.<metric>`, with its interval in words. */
export function estimatePoints(
  window: MonitoredWindow,
  { metrics, rows }: { readonly rows: number; readonly metrics: Partial<PerformanceEstimate['metrics']> },
): MetricPoint[] {
  return Object.entries(metrics).flatMap(([metric, estimated]) =>
    estimated === null
      ? []
      : pointOf(window, {
          name: `estimate.${metric}`,
          value: estimated.value,
          text: `${metric} of ${rows} predictions, before their outcomes are known: between ${number(estimated.lower95)} and ${number(estimated.upper95)} with a chance of 95 %.`,
        }),
  );
}

/** How predictions did, from their outcomes: `performance.<metric>`. */
export function performancePoints(window: MonitoredWindow, performance: Partial<Performance>): MetricPoint[] {
  return Object.entries(performance).flatMap(([metric, value]: [string, number | null]) =>
    value === null ? [] : pointOf(window, { name: `performance.${metric}`, value }),
  );
}
