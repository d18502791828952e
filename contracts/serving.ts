import { PerennialError } from './errors.ts';

/** Id of the inference graph that translates. */
export const translationGraph = 'translation';

/**
 * What a node does, as in Seldon Core: a `transformer` changes a value; a `model` computes one; a `router` chooses which of
 * its branches goes on with the value; a `combiner` makes one value of those of several nodes.
 */
export const nodeKinds = ['transformer', 'model', 'router', 'combiner'] as const;
export type NodeKind = (typeof nodeKinds)[number];

/** When a node of a graph ran, and for how long. */
export interface NodeTiming {
  readonly node: string;
  readonly kind: NodeKind;
  /** Milliseconds from the start of the graph until that of the node. */
  readonly fromMs: number;
  /** Milliseconds that it took, with what it waited for. */
  readonly ms: number;
  /** The branch that a router chose. */
  readonly chose?: string;
}

/** `starting`: loads its models; `ready`: takes requests; `draining`: finishes those it has, and ends. */
export const replicaStates = ['starting', 'ready', 'draining'] as const;
export type ReplicaState = (typeof replicaStates)[number];

/** A process of the role `serving`. */
export interface ServingReplica {
  readonly id: string;
  /** Base URL by which other processes reach it. */
  readonly address: string;
  readonly state: ReplicaState;
  /** Ids of the inference graphs that it answers. */
  readonly graphs: readonly string[];
  readonly startedAt: string;
  readonly lastSeenAt: string;
}

/** A replica as the API shows it. */
export interface ShownReplica extends ServingReplica {
  /** It has not been seen for so long that it is taken for dead, and asked nothing. */
  readonly isStale: boolean;
}

/** Header of a request that one of our processes sends to a replica for a caller whom it knows already. */
export const callHeader = 'perennial-call';

/** Header of such a request that names the one that the caller sent, and of answers: by it corrections name what they correct. */
export const requestHeader = 'perennial-request';

/** Header of such a request that says which place its first text has in the one that the caller sent; default 0. */
export const firstIndexHeader = 'perennial-first-index';

/** Header of an answer that names the replica that computed it. */
export const replicaHeader = 'perennial-replica';

/** A replica ended, was about to end, or could not be reached before its answer was complete: another one may be asked. */
export class ReplicaLostError extends PerennialError {
  constructor(address: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super('UNAVAILABLE', `The serving replica at ${address} was lost: ${why}.`, {
      remedy: 'Try again; `perennial doctor` tells which replicas are ready.',
      cause,
    });
  }
}
