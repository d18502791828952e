/** What answers: a version of a model, served as a configuration says. */
export interface ServingVariant {
  readonly version: number;
  /** 0: the built-in defaults. */
  readonly configuration: number;
}

/** Share of the callers of a model that a variant answers. */
export interface TrafficRoute extends ServingVariant {
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

/** Which variants of a model answer. Without one the champion answers all, by the built-in configuration. */
export interface TrafficRecord {
  /** See {@link trafficKey}. */
  readonly model: string;
  /** None: nothing answers. In a rollout the base, which takes the callers that the candidate does not take, then the candidate. */
  readonly routes: readonly TrafficRoute[];
  /** The rollout under way, for which answers of both versions are compared; null: none is. */
  readonly rollout: TrafficRollout | null;
  /** Counts the changes of the model's traffic, from 1. */
  readonly revision: number;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

/** Answer of `GET /v1/traffic`. */
export interface TrafficNow {
  readonly traffic: readonly TrafficRecord[];
}

/** A page of the states of a model's traffic, newest first; `next` is the `before` of the next page. */
export interface TrafficPage {
  readonly traffic: readonly TrafficRecord[];
  readonly next: number | null;
}

/** A state of a model's traffic, and when the next one came; null: it still holds. */
export interface TrafficPeriod extends TrafficRecord {
  readonly until: string | null;
}

export const isSameVariant = (a: ServingVariant, b: ServingVariant): boolean =>
  a.version === b.version && a.configuration === b.configuration;

/** A variant in a word: `3` by the built-in configuration, else `3+2`. */
export const variantKey = ({ version, configuration }: ServingVariant): string =>
  configuration === 0 ? String(version) : `${version}+${configuration}`;

/** A variant in words that follow "version". */
export const variantName = ({ version, configuration }: ServingVariant): string =>
  configuration === 0 ? String(version) : `${version} with configuration ${configuration}`;
