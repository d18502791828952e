import type { ResourceClass } from './plan.ts';

/** Temporal task queues. `control` runs workflows and light steps. */
export const taskQueues = { control: 'perennial-control', cpu: 'perennial-cpu', gpu: 'perennial-gpu' } as const;

/** The task queue whose workers serve a resource class. */
export function queueOf(resource: ResourceClass): string {
  return resource === 'light' ? taskQueues.control : taskQueues[resource];
}

export const workflowTypes = {
  dagRun: 'dagRun',
  scheduledRun: 'scheduledRun',
  backfill: 'backfill',
  rollout: 'rollout',
  retrainingWatch: 'retrainingWatch',
} as const;

/** Workflow id of an execution of a run. A retry is an execution, and a workflow, of its own. */
export function workflowIdOf(runId: string, execution = 1): string {
  return execution === 1 ? `run-${runId}` : `run-${runId}-${execution}`;
}

/** Signals that `dagRun` takes; see workflows/run-control.ts for their arguments. */
export const runSignals = {
  pause: 'pause',
  resume: 'resume',
  skip: 'skip',
  admitted: 'admitted',
  slotGranted: 'slotGranted',
} as const;

/** Workflow id of a backfill. */
export function backfillWorkflowId(backfillId: string): string {
  return `backfill-${backfillId}`;
}

/** Workflow id of a rollout. */
export function rolloutWorkflowId(rolloutId: string): string {
  return `rollout-${rolloutId}`;
}

/** Id of the schedule of the daily watch over retraining, and the beginning of its workflows' ids. */
export const retrainingWatchId = 'retraining-watch';
