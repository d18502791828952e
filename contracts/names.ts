import type { ResourceClass } from './plan.ts';

/** Temporal task queues. `control` runs workflows and light steps. */
export const taskQueues = { control: 'perennial-control', cpu: 'perennial-cpu', gpu: 'perennial-gpu' } as const;

/** The task queue whose workers serve a resource class. */
export function queueOf(resource: ResourceClass): string {
  return resource === 'light' ? taskQueues.control : taskQueues[resource];
}

export const workflowTypes = { dagRun: 'dagRun' } as const;

/** Workflow id of a run: one open workflow per run id. */
export function workflowIdOf(runId: string): string {
  return `run-${runId}`;
}
