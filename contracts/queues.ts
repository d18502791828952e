/** What is carried by BullMQ from where it is stored to those who work on it. */
export interface DeliveryState {
  /** `events` or `notifications`. */
  readonly name: string;
  /** Ready to be taken. */
  readonly waiting: number;
  readonly active: number;
  /** Tried before, and to be tried again later. */
  readonly delayed: number;
  /** Since when the first in line waits; null: nothing does. */
  readonly oldestAt: string | null;
}

/** A task queue of Temporal. */
export interface TaskQueueState {
  readonly name: string;
  /** `workflow`: steps of workflows; `activity`: work on steps of runs. */
  readonly kind: 'workflow' | 'activity';
  /** Tasks that wait for a worker, about; null: the server does not say. */
  readonly backlog: number | null;
  /** How long the oldest of them has waited; null: nothing waits, or the server does not say. */
  readonly oldestSeconds: number | null;
  /** Workers that have asked for tasks in the last minutes. */
  readonly pollers: readonly { readonly identity: string; readonly lastAt: string | null }[];
}

/** What was stored and is not done. Ages are by the clock of the database. */
export interface StoredQueueState {
  /** See `alertQueues`: runs, events and notifications that wait, and those that were given up. */
  readonly name: string;
  readonly count: number;
  readonly oldestAt: string | null;
  readonly oldestSeconds: number | null;
  /** Why the newest failed. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** `GET /v1/queues` */
export interface QueueStates {
  readonly at: string;
  readonly stored: readonly StoredQueueState[];
  readonly deliveries: readonly DeliveryState[];
  readonly tasks: readonly TaskQueueState[];
  /** Servers that do not answer, of which nothing is told: `redis`, `temporal`. */
  readonly unavailable: readonly string[];
}
