import type { ErrorInfo } from '../../contracts/errors.ts';
import type { CloudEvent, EventRecord } from '../../contracts/events.ts';

/** Takes events in; they are stored when it resolves, and delivered from there. */
export interface EventPublisher {
  /** Stores events in one transaction; one whose source and id are known already is left out. @returns how many were new. */
  publish(events: readonly CloudEvent[]): Promise<number>;
}

export interface StoredEvent extends CloudEvent {
  /** Order in which events were stored; a cursor. */
  readonly sequence: number;
  readonly receivedAt: string;
}

/** Events as they were stored, oldest first unless told otherwise. */
export interface EventHistory {
  list(filter: {
    /** Exact types; default all. */
    readonly types?: readonly string[];
    readonly source?: string;
    readonly subject?: string;
    /** As its source names it. */
    readonly id?: string;
    /** ISO times of `time`: from inclusive, to exclusive. */
    readonly from?: string;
    readonly to?: string;
    /** Only events stored after this sequence. */
    readonly after?: number;
    /** Newest first, and only events stored before this sequence. */
    readonly before?: number;
    readonly limit: number;
  }): Promise<StoredEvent[]>;
}

/** Works on one stored event. Called again after a failure or a restart, so the same event twice must change nothing. */
export type EventHandler = (event: CloudEvent) => Promise<void>;

/** What becomes of stored items that a queue carries to those who work on them; each has a number, its sequence. */
export interface DeliveryLedger<Item> {
  /** Begins an attempt: counts it and gives the item; null when it is done with or given up. */
  begin(sequence: number): Promise<Item | null>;
  processed(sequence: number): Promise<void>;
  /** Keeps why an attempt failed. `counts` false takes the attempt back: the fault was not the item's. */
  failed(sequence: number, error: ErrorInfo, counts: boolean): Promise<void>;
  /** Gives an item up: it becomes a dead letter. */
  bury(sequence: number, error: ErrorInfo): Promise<void>;
  /** Items neither done with nor given up that were not handed to the queue since `staleMs` ago, oldest first. */
  unqueued(staleMs: number, limit: number): Promise<number[]>;
  queued(sequences: readonly number[]): Promise<void>;
  /** Calls `wake` whenever items may have been stored; returns the unsubscribe function. */
  watch(wake: () => void): Promise<() => Promise<void>>;
}

/** What becomes of stored events. */
export interface EventLedger extends DeliveryLedger<EventRecord> {
  get(sequence: number): Promise<EventRecord | null>;
  /** Events given up, newest first. */
  dead(filter: { readonly before?: number; readonly limit: number }): Promise<EventRecord[]>;
  /** Makes a dead letter an event to be handled again; false when it is none. */
  replay(sequence: number): Promise<boolean>;
  /** Removes a dead letter from the list and keeps its event; false when it is none. */
  drop(sequence: number): Promise<boolean>;
  /**
   * Removes events that came, and dead letters that were given up, before that; returns how many. What has yet to be
   * delivered stays, and so does what landed in a place that is still watched: else it would land there again.
   */
  forget(before: Date, limit: number): Promise<number>;
}

/** Carries the sequences of stored items from their ledger to those who work on them. */
export interface DeliveryQueue {
  /** Queues items; one that waits already stays where it is. Throws while the queue does not answer. */
  add(sequences: readonly number[]): Promise<void>;
  /** Calls `deliver` for each, `concurrency` at a time; again, later and later, after it threw. */
  consume(deliver: (sequence: number) => Promise<void>, concurrency: number): void;
  close(): Promise<void>;
}
