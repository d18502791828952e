/** Share of the callers of a model that a version answers. */
export interface TrafficRoute {
  readonly version: number;
  /** 0..1; those of all routes add up to 1. A route of 0 is kept loaded, ready to take over. */
  readonly share: number;
}

/** Which versions of a model answer. Without one the champion answers all. */
export interface TrafficRecord {
  readonly model: string;
  /** The first one takes the callers that no other takes. */
  readonly routes: readonly TrafficRoute[];
  /** Whose answers are compared, without being served; null: none are. */
  readonly rolloutId: string | null;
  /** Answers compared a second and replica at most. */
  readonly comparedPerSecond: number;
  /** Counts the changes of the model's traffic, from 1. */
  readonly revision: number;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}
