import { type Client, WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client';
import { taskQueues } from '../../contracts/names.ts';

/** Starts a workflow of the control workers; one that has been started before, whether it goes on or has ended, stays the only one. */
export async function startOnce(
  client: Client,
  type: string,
  options: Pick<WorkflowStartOptions, 'workflowId' | 'priority'> & { readonly args: unknown[] },
): Promise<void> {
  try {
    await client.workflow.start(type, {
      ...options,
      taskQueue: taskQueues.control,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
