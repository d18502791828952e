import type { CloudEvent } from '../../contracts/events.ts';

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

/** Events as they were stored, oldest first. */
export interface EventHistory {
  list(filter: {
    /** Exact types; default all. */
    readonly types?: readonly string[];
    readonly source?: string;
    readonly subject?: string;
    /** ISO times of `time`: from inclusive, to exclusive. */
    readonly from?: string;
    readonly to?: string;
    /** Only events stored after this sequence. */
    readonly after?: number;
    readonly limit: number;
  }): Promise<StoredEvent[]>;
}

/** Works on one stored event. Called again after a failure or a restart, so the same event twice must change nothing. */
export type EventHandler = (event: CloudEvent) => Promise<void>;
