/** Share of the callers of a model that a version answers. */
export interface TrafficRoute {
  readonly version: number;
  /** 0..1; those of all routes add up to 1. A route of 0 is kept loaded, ready to take over. */
  readonly share: number;
}

export interface TrafficRollout {
  readonly id: string;
  /** Place of the step under way, from 0. */
  readonly step: number;
  /** Requests answered by both versions a second and replica, at most. */
  readonly comparedPerSecond: number;
}

/** What the traffic of a model in one of its markets is kept under; that of all callers under the model's name alone. */
export function trafficKey(model: string, market: string): string {
  return market === '' ? model : `${marketPrefix(model)}${market}`;
}

/** What the keys of the traffic of all markets of a model begin with; the rest is the market. */
export function marketPrefix(model: string): string {
  return `${model}@`;
}

/** Which versions of a model answer. Without one the champion answers all. */
export interface TrafficRecord {
  /** See {@link trafficKey}. */
  readonly model: string;
  /** None: no version answers. In a rollout the base, which takes the callers that the candidate does not take, then the candidate. */
  readonly routes: readonly TrafficRoute[];
  /** The rollout under way, for which answers of both versions are compared; null: none is. */
  readonly rollout: TrafficRollout | null;
  /** Counts the changes of the model's traffic, from 1. */
  readonly revision: number;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}
