/** Processes of an installation. */
export const workerRoles = ['api', 'control', 'cpu', 'gpu', 'events', 'serving'] as const;
export type WorkerRole = (typeof workerRoles)[number];

/** Between two signs of life of a process. */
export const beatMs = 5_000;

/** Silent for longer, a process counts as dead where nobody says otherwise. */
export const deadAfterMs = 30_000;

/** A process that is there, or was. Times are ISO 8601 UTC, by the clock of the database. */
export interface WorkerRecord {
  /** `cpu@host:1234`, as attempts of steps name it. */
  readonly id: string;
  readonly role: WorkerRole;
  readonly startedAt: string;
  /** Its last sign of life. */
  readonly beatAt: string;
  /** When it ended in order; null: it runs, or it died. */
  readonly stoppedAt: string | null;
  /** Time since the last sign of life. */
  readonly silentMs: number;
}

/** Whether a process lives, by {@link deadAfterMs}. */
export function workerState({
  stoppedAt,
  silentMs,
}: Pick<WorkerRecord, 'stoppedAt' | 'silentMs'>): 'alive' | 'dead' | 'stopped' {
  if (stoppedAt !== null) return 'stopped';
  return silentMs < deadAfterMs ? 'alive' : 'dead';
}
