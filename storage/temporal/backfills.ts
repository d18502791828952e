import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { backfillWorkflowId, taskQueues, workflowTypes } from '../../contracts/names.ts';
import type { BackfillInput } from '../../contracts/scheduling.ts';
import type { BackfillLauncher } from '../../domain/ports/backfills.ts';
import { guarded } from './errors.ts';

export function backfillLauncher(client: Client): BackfillLauncher {
  return {
    start: ({ id, total, concurrency }) =>
      guarded(async () => {
        const input: BackfillInput = { backfillId: id, total, concurrency };
        try {
          await client.workflow.start(workflowTypes.backfill, {
            workflowId: backfillWorkflowId(id),
            taskQueue: taskQueues.control,
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            args: [input],
          });
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        }
      }),
    cancel: (id) =>
      guarded(async () => {
        try {
          const handle = client.workflow.getHandle(backfillWorkflowId(id));
          // The server takes a request to cancel also when the workflow has ended.
          if ((await handle.describe()).closeTime) return false;
          await handle.cancel();
          return true;
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return false;
          throw error;
        }
      }),
  };
}
