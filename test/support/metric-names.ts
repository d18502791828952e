import { collectDefaultMetrics, Registry } from 'prom-client';
import { routerMetrics, servingMetrics } from '../../api/plugins/serving-metrics.ts';
import { eventMetrics, webhookMetrics } from '../../telemetry/metrics/events.ts';
import { httpMetrics } from '../../telemetry/metrics/http.ts';
import { workflowMetrics } from '../../telemetry/metrics/runs.ts';
import { stateMetrics } from '../../telemetry/metrics/state.ts';
import { stepMetrics } from '../../telemetry/metrics/steps.ts';

export interface MetricShown {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly help: string;
  readonly labels: readonly string[];
  /** Which roles show it. */
  readonly by: string;
}

/** What roles show, as they register it. */
const sources: Readonly<Record<string, (registry: Registry) => unknown>> = {
  'api, serving': httpMetrics,
  api: (registry) => [webhookMetrics(registry), routerMetrics(registry), stateMetrics(registry, {})],
  serving: servingMetrics,
  control: workflowMetrics,
  'control, cpu, gpu': stepMetrics,
  events: eventMetrics,
};

/** Every metric of ours, out of the registries that processes fill. */
export function metricsShown(): MetricShown[] {
  return Object.entries(sources).flatMap(([by, register]) => {
    const registry = new Registry();
    register(registry);
    return registry.getMetricsAsArray().map((metric) => {
      const { name, help, type, labelNames } = metric as unknown as {
        name: string;
        help: string;
        type: MetricShown['type'];
        labelNames: readonly string[];
      };
      return { name, type, help, labels: labelNames, by };
    });
  });
}

/** Metrics of the process itself, which all roles show. */
export function processMetrics(): string[] {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry.getMetricsAsArray().map(({ name }) => name);
}

/** Names of series in an expression of Prometheus: what stands before braces, brackets or an end, and is no word of its language. */
export function seriesIn(expression: string): string[] {
  const bare = expression
    .replaceAll(/"(?:\\.|[^"\\])*"/g, '""')
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\b(?:by|on|ignoring|without|group_left|group_right)\s*\([^)]*\)/g, '');
  return [...bare.matchAll(/[a-zA-Z_:][\w:]*/g)]
    .filter(({ 0: word, index }) => !/^\s*\(/.test(bare.slice(index + word.length)) && /_|:|^up$/.test(word))
    .map(([word]) => word);
}

/** Names of series by which a metric is found: those of a histogram are its parts. */
export function seriesOf({ name, type }: Pick<MetricShown, 'name' | 'type'>): string[] {
  return type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}
