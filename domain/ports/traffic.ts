import type { TrafficPeriod, TrafficRecord } from '../../contracts/traffic.ts';

/** Which variants of models answer. */
export interface TrafficRepository {
  /** Models whose traffic has been set, by name. */
  list(): Promise<TrafficRecord[]>;
  /** States of a model's traffic, newest first. */
  history(model: string, page: { readonly limit: number; readonly before?: number }): Promise<TrafficRecord[]>;
  /** States of a model's traffic that held at a time (the same twice), or between two, newest first; `to` is not part of it. */
  periods(model: string, from: Date, to: Date): Promise<TrafficPeriod[]>;
  /** Calls back when the traffic of any model changes, and when changes may have been missed; resolves to what ends it. */
  watch(wake: () => void): Promise<() => Promise<void>>;
}
