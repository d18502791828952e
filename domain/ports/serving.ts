import type { ServingReplica } from '../../contracts/serving.ts';

/** A replica as other processes of ours know it. */
export interface KnownReplica extends ServingReplica {
  /** Signs calls to it; made anew with each start, and never shown. */
  readonly key: Uint8Array;
  /** Milliseconds since it was last seen, by the clock of the registry. */
  readonly seenAgoMs: number;
}

/** Where replicas announce themselves. */
export interface ReplicaRegistry {
  /** Writes what a replica says of itself; whoever watches hears of it at once. */
  announce(replica: Omit<KnownReplica, 'lastSeenAt' | 'seenAgoMs'>): Promise<void>;
  /** Says that a replica lives. False when its record is gone: it has to announce itself again. */
  beat(id: string): Promise<boolean>;
  /** Takes the record of a replica out; whoever watches hears of it at once. */
  withdraw(id: string): Promise<void>;
  /** Takes out those not seen for so long, which ended without a word; how many. */
  removeUnseen(ms: number): Promise<number>;
  /** All records, the oldest first. */
  list(): Promise<KnownReplica[]>;
  /** Calls `wake` after each announcement and withdrawal, until the function returned is called. */
  watch(wake: () => void): Promise<() => Promise<void>>;
}

/** A request to a replica. */
export interface ReplicaCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** The beginning of its answer. */
export interface ReplicaAnswer {
  readonly status: number;
  /** Names in lower case; of repeated ones the last. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** All of the body. ReplicaLostError when it breaks off. */
  text(): Promise<string>;
  /** The body in lines, as they come. ReplicaLostError when it breaks off. */
  lines(): AsyncIterable<string>;
}

/** Carries requests to replicas over connections that stay open. */
export interface ReplicaTransport {
  /**
   * Sends a request; resolves with the head of the answer.
   *
   * @throws ReplicaLostError when it cannot be reached or the connection breaks; CANCELLED when the signal fires.
   */
  send(address: string, call: ReplicaCall): Promise<ReplicaAnswer>;
  /** Closes the connections to an address; requests under way there end with ReplicaLostError. */
  forget(address: string): void;
  close(): Promise<void>;
}
