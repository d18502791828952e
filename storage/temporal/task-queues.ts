import type { Client } from '@temporalio/client';
import { taskQueues } from '../../contracts/names.ts';
import type { TaskQueueState } from '../../contracts/queues.ts';
import type { TaskQueueStates } from '../../domain/ports/queues.ts';
import { guarded } from './errors.ts';

/** TASK_QUEUE_TYPE_* of Temporal's API. */
const types = { workflow: 1, activity: 2 } as const;
/** Workflows and light steps are done by the control workers, other steps by those of their resource. */
const asked: readonly (readonly [string, TaskQueueState['kind']])[] = [
  [taskQueues.control, 'workflow'],
  [taskQueues.control, 'activity'],
  [taskQueues.cpu, 'activity'],
  [taskQueues.gpu, 'activity'],
];

/** The task queues of the installation, as the server tells them. */
export function taskQueueStates(client: Client): TaskQueueStates {
  const { namespace } = client.options;
  return {
    states: () =>
      guarded(() =>
        Promise.all(
          asked.map(async ([name, kind]): Promise<TaskQueueState> => {
            const { stats, pollers } = await client.workflowService.describeTaskQueue({
              namespace,
              taskQueue: { name },
              taskQueueType: types[kind],
              reportStats: true,
            });
            const backlog = stats ? Number(stats.approximateBacklogCount ?? 0) : null;
            return {
              name,
              kind,
              backlog,
              oldestSeconds: backlog ? Number(stats?.approximateBacklogAge?.seconds ?? 0) : null,
              pollers: (pollers ?? []).map(({ identity, lastAccessTime: last }) => ({
                identity: identity ?? '',
                lastAt: last
                  ? new Date(Number(last.seconds ?? 0) * 1_000 + (last.nanos ?? 0) / 1e6).toISOString()
                  : null,
              })),
            };
          }),
        ),
      ),
  };
}
