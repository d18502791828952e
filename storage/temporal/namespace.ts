import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { PerennialError } from '../../contracts/errors.ts';

const notFound = 5;
/** The server's frontend caches which namespaces there are for up to 10 s. */
const patienceMs = 30_000;

/** Makes a namespace that keeps ended workflows for a day, unless it is there, and waits until it can be used. */
export async function ensureNamespace({ workflowService }: Connection, namespace: string): Promise<void> {
  try {
    await workflowService.describeNamespace({ namespace });
    return;
  } catch (error) {
    if ((error as { code?: number }).code !== notFound) throw error;
  }
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') });
  for (const from = Date.now(); ; await delay(200)) {
    try {
      await workflowService.listOpenWorkflowExecutions({ namespace });
      return;
    } catch (error) {
      if (Date.now() - from < patienceMs) continue;
      throw new PerennialError('UNAVAILABLE', `The Temporal namespace "${namespace}" did not become usable.`, {
        remedy: 'Look at the log of the Temporal server.',
        cause: error,
      });
    }
  }
}
