import type { WorkerRecord, WorkerRole } from '../../contracts/workers.ts';

/** Which processes there are. Times are those of the database, so that clocks of machines don't matter. */
export interface WorkerRegistry {
  /**
   * A sign of life. @param worker.isFirst the process begins: in a container that starts again it has the name of the one
   * before.
   */
  beat(worker: { readonly id: string; readonly role: WorkerRole; readonly isFirst: boolean }): Promise<void>;
  /** Ended in order. */
  stopped(id: string): Promise<void>;
  /** By role and start. */
  list(): Promise<WorkerRecord[]>;
  /** Removes those that ended in order, and those silent for so long. */
  forget(silentMs: number): Promise<number>;
}
