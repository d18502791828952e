import { Client, Connection, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { dagRunInput } from '../../contracts/activities.ts';
import { PerennialError } from '../../contracts/errors.ts';
import { taskQueues, workflowIdOf, workflowTypes } from '../../contracts/names.ts';
import type { RunLauncher } from '../../domain/ports/runs.ts';

export interface Temporal {
  readonly client: Client;
  readonly launcher: RunLauncher;
  /** UNAVAILABLE when the server does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** gRPC codes that mean: the server is away or overloaded, and may be back soon. */
const away = new Set([4, 8, 14]);

/** Hands runs to Temporal. The connection is made with the first call and comes back by itself after an outage. */
export async function openTemporal({ address, namespace }: { address: string; namespace: string }): Promise<Temporal> {
  const connection = Connection.lazy({ address, connectTimeout: 5_000 });
  const client = new Client({ connection, namespace });
  return {
    client,
    launcher: {
      start: (run) =>
        guarded(async () => {
          try {
            await client.workflow.start(workflowTypes.dagRun, {
              workflowId: workflowIdOf(run.id),
              taskQueue: taskQueues.control,
              workflowIdReusePolicy: 'REJECT_DUPLICATE',
              args: [dagRunInput(run)],
            });
          } catch (error) {
            if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
          }
        }),
      cancel: (runId) =>
        guarded(async () => {
          try {
            await client.workflow.getHandle(workflowIdOf(runId)).cancel();
          } catch (error) {
            if (!(error instanceof WorkflowNotFoundError)) throw error;
          }
        }),
    },
    ping: () => guarded(async () => void (await connection.workflowService.getSystemInfo({}))),
    close: () => connection.close(),
  };
}

async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    for (let e: unknown = error; e instanceof Error; e = e.cause) {
      if (away.has((e as Error & { code?: number }).code ?? -1) || /failed to connect|deadline/i.test(e.message)) {
        throw new PerennialError('UNAVAILABLE', 'Temporal does not answer.', {
          remedy: 'Wait for it to come back, or check TEMPORAL_ADDRESS and the server.',
          cause: error,
        });
      }
    }
    throw error;
  }
}
