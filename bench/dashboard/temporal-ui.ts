import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { ensureNamespace } from '../../storage/temporal/namespace.ts';
import { freePort } from '../../workers/embedded/free-port.ts';
import { startTemporal } from '../../workers/embedded/servers.ts';
import type { PageToOpen } from './page-times.ts';

export interface TemporalUi {
  readonly address: string;
  /** Its list of workflows. */
  readonly page: PageToOpen;
  stop(): Promise<void>;
}

const workflows = 1_000;

/**
 * Temporal's own web interface over 1,000 workflows that wait for a worker, of which its list shows the newest 100.
 *
 * @param command of Temporal's development server.
 * @param folder of its database and log.
 */
export async function startTemporalUi(command: string, folder: string): Promise<TemporalUi> {
  const [port, uiPort] = [await freePort(), await freePort()];
  const server = await startTemporal(command, join(folder, 'temporal'), port, uiPort, join(folder, 'temporal.log'));
  const connection = await Connection.connect({ address: server.address });
  try {
    await ensureNamespace(connection, 'perennial-bench');
    const client = new Client({ connection });
    for (let n = 0; n < workflows; n += 50) {
      const some = Array.from({ length: 50 }, (_, i) =>
        client.workflow.start('bench', { taskQueue: 'bench', workflowId: `bench-${n + i}` }),
      );
      await Promise.all(some);
    }
    return {
      address: server.address,
      page: { url: `${server.ui}/namespaces/default/workflows`, ready: 'table tbody tr a' },
      stop: server.stop,
    };
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    await connection.close();
  }
}
