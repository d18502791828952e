import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { backfillWorkflowId, workflowTypes } from '../../contracts/names.ts';
import type { BackfillInput } from '../../contracts/scheduling.ts';
import type { BackfillLauncher } from '../../domain/ports/backfills.ts';
import { guarded } from './errors.ts';
import { startOnce } from './start-once.ts';

export function backfillLauncher(client: Client): BackfillLauncher {
  return {
    start: ({ id, total, concurrency }) => {
      const input: BackfillInput = { backfillId: id, total, concurrency };
      return guarded(() =>
        startOnce(client, workflowTypes.backfill, { workflowId: backfillWorkflowId(id), args: [input] }),
      );
    },
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
