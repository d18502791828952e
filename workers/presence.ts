import { hostname } from 'node:os';
import { beatMs, type WorkerRole } from '../contracts/workers.ts';
import type { WorkerRegistry } from '../domain/ports/workers.ts';
import { log } from '../telemetry/log.ts';
import { startSweep } from './sweep.ts';

/** The name of this process, as attempts of steps and the list of workers have it. */
export function workerName(role: WorkerRole): string {
  return `${role}@${hostname()}:${process.pid}`;
}

/** Gives signs of life of this process until it stops in order. A database that is away hears the next one. */
export function startPresence(
  role: WorkerRole,
  workers: Pick<WorkerRegistry, 'beat' | 'stopped'>,
): { stop(): Promise<void> } {
  const id = workerName(role);
  let isFirst = true;
  const beat = async (): Promise<void> => {
    await workers.beat({ id, role, isFirst });
    isFirst = false;
  };
  const failed = (error: unknown): void => log().warn({ err: error }, 'no sign of life could be given; trying again');
  const first = beat().catch(failed);
  const beating = startSweep({ everyMs: beatMs, work: beat, failed });
  return {
    async stop() {
      await beating.stop();
      await first;
      await workers.stopped(id).catch(failed);
    },
  };
}
