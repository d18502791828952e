import { Counter, Histogram, type Registry } from 'prom-client';
import { terminalRunStatuses } from '../../contracts/runs.ts';
import type { WorkflowEnded } from '../../contracts/telemetry.ts';

/**
 * Metrics of the workflows that a worker ends; told by {@link WorkflowEnded}.
 *
 * @param pipelines whose runs are counted from 0: Prometheus cannot see the increase to a first value.
 */
export function workflowMetrics(
  registry: Registry,
  pipelines: Iterable<string> = [],
): (type: string, ended: WorkflowEnded) => void {
  const registers = [registry];
  const runs = new Counter({
    name: 'perennial_runs_finished_total',
    help: 'Runs that have ended, by status: succeeded, failed or cancelled.',
    labelNames: ['pipeline', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'perennial_run_duration_seconds',
    help: 'Time of a run, from when it was handed to Temporal to its end.',
    labelNames: ['pipeline', 'status'],
    buckets: [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400, 43200, 86400],
    registers,
  });
  const workflows = new Counter({
    name: 'perennial_workflows_ended_total',
    help: 'Workflows that have ended, by outcome: completed, continued (in a new one), failed or cancelled.',
    labelNames: ['workflow', 'outcome'],
    registers,
  });
  for (const pipeline of pipelines) for (const status of terminalRunStatuses) runs.inc({ pipeline, status }, 0);
  return (workflow, { run, outcome }) => {
    workflows.inc({ workflow, outcome });
    if (!run || outcome === 'continued') return;
    const labels = { pipeline: run.pipeline, status: run.status };
    runs.inc(labels);
    duration.observe(labels, Math.max(0, Date.now() - run.startedAt) / 1000);
  };
}
