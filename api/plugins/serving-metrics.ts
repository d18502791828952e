import { Counter, Histogram, type Registry } from 'prom-client';
import type { RequestedVersion, ServingObserver } from '../../domain/serving/index.ts';
import type { CallOutcome } from '../../domain/serving/replicas/index.ts';

const versionLabels = ['graph', 'model', 'version', 'configuration'] as const;
/** Seconds: from an answer out of a memory to one that waited for its model to be loaded. */
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Metrics of what a replica serves, by model, version and configuration, for Prometheus. */
export function servingMetrics(registry: Registry): ServingObserver {
  const registers = [registry];
  const requests = new Counter({
    name: 'perennial_serving_requests_total',
    help: 'Requests by version and outcome: ok, or the code of the error; without a version when none was found, and without a model where the pair has none.',
    labelNames: [...versionLabels, 'outcome'],
    registers,
  });
  const latency = new Histogram({
    name: 'perennial_serving_request_duration_seconds',
    help: 'Time to answer a request.',
    labelNames: versionLabels,
    buckets: seconds,
    registers,
  });
  const nodes = new Histogram({
    name: 'perennial_serving_node_duration_seconds',
    help: 'Time of a node of the inference graph, with what it waits for.',
    labelNames: [...versionLabels, 'node'],
    buckets: seconds,
    registers,
  });
  const batchItems = new Histogram({
    name: 'perennial_serving_batch_items',
    help: 'Items that were computed together.',
    labelNames: versionLabels,
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers,
  });
  const batchSeconds = new Histogram({
    name: 'perennial_serving_batch_duration_seconds',
    help: 'Time to compute a batch.',
    labelNames: versionLabels,
    buckets: seconds,
    registers,
  });
  const tokens = new Counter({
    name: 'perennial_serving_tokens_total',
    help: 'Tokens that models have read and written.',
    labelNames: [...versionLabels, 'direction'],
    registers,
  });
  const labelsOf = ({ graph, model, version, configuration }: RequestedVersion) => ({
    graph,
    model,
    version: String(version ?? ''),
    configuration: String(configuration ?? ''),
  });
  return {
    request(served, outcome, ms) {
      const labels = labelsOf(served);
      requests.inc({ ...labels, outcome });
      latency.observe(labels, ms / 1000);
    },
    node: (served, node, ms) => nodes.observe({ ...labelsOf(served), node }, ms / 1000),
    batch(served, { items, read, written, ms }) {
      const labels = labelsOf(served);
      batchItems.observe(labels, items);
      batchSeconds.observe(labels, ms / 1000);
      tokens.inc({ ...labels, direction: 'read' }, read);
      tokens.inc({ ...labels, direction: 'written' }, written);
    },
  };
}

/** Counts how calls of the API to replicas end. */
export function routerMetrics(registry: Registry): (address: string, outcome: CallOutcome) => void {
  const calls = new Counter({
    name: 'perennial_router_calls_total',
    help: 'Calls to replicas: answered, lost (and tried on another one), cancelled by the caller.',
    labelNames: ['replica', 'outcome'],
    registers: [registry],
  });
  return (replica, outcome) => calls.inc({ replica, outcome });
}
