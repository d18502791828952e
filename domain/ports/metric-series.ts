import type { CloudEvent } from '../../contracts/events.ts';
import type { MetricAlarm, MetricPoint } from '../../contracts/metrics.ts';

export interface MetricFilter {
  readonly pipeline: string;
  readonly market?: string;
  /** `*` stands for any text: `drift.*`. */
  readonly name?: string;
  readonly subject?: string;
  readonly model?: string;
  readonly modelVersion?: number;
  /** Only points with an alarm, or with an alarm of this kind. */
  readonly alarm?: MetricAlarm | 'any';
  /** First and last time, the last one not included. */
  readonly from?: Date;
  readonly to?: Date;
  readonly limit: number;
}

/** Figures over time. */
export interface MetricSeriesRepository {
  /**
   * Inserts or replaces by pipeline, name, subject, market and time, and tells the events of it, each once by source and id;
   * all of them or none.
   */
  save(points: readonly MetricPoint[], events?: readonly CloudEvent[]): Promise<void>;
  /** Newest first, then by name, subject and market. */
  list(filter: MetricFilter): Promise<MetricPoint[]>;
  /**
   * Makes room for this month and the next, and drops months that ended more than `keepMs` ago. Any number of processes may
   * do this at any time.
   *
   * @returns the months made and dropped, YYYY-MM.
   */
  turnOver(now: Date, keepMs: number): Promise<{ made: string[]; dropped: string[] }>;
}
