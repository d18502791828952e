import type { Client } from '@temporalio/client';
import { taskQueues } from '../../contracts/names.ts';
import type { StateFigure } from '../../telemetry/metrics/state.ts';

/** temporal.api.enums.v1.TaskQueueType */
const kinds = { workflow: 1, activity: 2 } as const;

/** What waits in the task queues for workers, and who asks for it. UNAVAILABLE errors are the client's own. */
export function taskQueueFigures(client: Pick<Client, 'workflowService' | 'options'>): () => Promise<StateFigure[]> {
  const { namespace } = client.options;
  const ask = async (name: string, kind: keyof typeof kinds): Promise<StateFigure[]> => {
    const { stats, pollers } = await client.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name },
      taskQueueType: kinds[kind],
      reportStats: true,
    });
    const labels = { queue: name, kind };
    const { seconds = 0, nanos = 0 } = stats?.approximateBacklogAge ?? {};
    return [
      { figure: 'task_queue_backlog_tasks', labels, value: Number(stats?.approximateBacklogCount ?? 0) },
      { figure: 'task_queue_backlog_age_seconds', labels, value: Number(seconds) + (nanos ?? 0) / 1e9 },
      { figure: 'task_queue_pollers', labels, value: pollers?.length ?? 0 },
    ];
  };
  return async () => {
    const queues = [
      ask(taskQueues.control, 'workflow'),
      ...Object.values(taskQueues).map((name) => ask(name, 'activity')),
    ];
    return (await Promise.all(queues)).flat();
  };
}
