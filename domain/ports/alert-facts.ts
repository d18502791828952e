import type { AlertQueue } from '../../contracts/alerts.ts';
import type { ErrorInfo } from '../../contracts/errors.ts';
import type { MetricPoint } from '../../contracts/metrics.ts';

/** What of a run alerts tell. Times are ISO 8601 UTC. */
export interface RunFact {
  readonly runId: string;
  readonly pipeline: string;
  /** Key of its partition; '' when it does all keys or the pipeline has none. */
  readonly market: string;
  /** Day of its partition; null when there is none. */
  readonly date: string | null;
  /** Where its trace goes on. */
  readonly traceparent?: string;
}

export interface FailedRun extends RunFact {
  readonly at: string;
  readonly error: ErrorInfo | null;
  /** The step that failed first. */
  readonly step: string | null;
}

export interface RunningAttempt extends RunFact {
  readonly step: string;
  readonly item: string;
  readonly attempt: number;
  readonly worker: string;
  /** Since when its worker is silent; null: it answers, or nobody knows it. */
  readonly lostSince: string | null;
}

export interface RunUnderWay extends RunFact {
  readonly startedAt: string;
  readonly runningMs: number;
  /** When anything last happened to it. */
  readonly lastEventAt: string;
  readonly quietMs: number;
  /** Whether an attempt of a step is under way, or a step waits for a slot. */
  readonly isBusy: boolean;
}

/** How long what waits in a queue has waited. */
export interface QueueFact {
  readonly count: number;
  /** Since when the oldest waits; null when nothing does. */
  readonly oldestAt: string | null;
  readonly oldestMs: number;
  /** Why, when something is known: of the newest. */
  readonly error: ErrorInfo | null;
}

export interface MetricSeries {
  readonly pipeline: string;
  readonly market: string;
  /** Newest first; `at` is a day, or the end of a run. */
  readonly values: readonly { readonly at: string; readonly value: number; readonly runId: string }[];
}

/** What people see that a pipeline has made. */
export interface ResultsInUse {
  /** Newest lists of each market. */
  readonly lists: readonly { readonly market: string; readonly date: string; readonly customers: number }[];
  /** Models that serve, of the pipeline's runs. */
  readonly models: readonly { readonly model: string; readonly version: number; readonly since: string }[];
}

/** A market whose figures end so many days before the newest of its pipeline says nothing about now. */
export const seriesDays = 8;

/** What alerts look at, as the records tell it. All ages are by the clock of the database. */
export interface AlertFacts {
  /**
   * Runs that failed since then and whose work nobody has done after them: of the same partition, or with the same
   * parameters or schedule where there are no partitions. One that is being retried stays among them.
   */
  failedRuns(since: Date): Promise<FailedRun[]>;
  /** Attempts under way, and since when their worker is silent, if it is for longer than `silentMs`. */
  runningAttempts(silentMs: number): Promise<RunningAttempt[]>;
  /** Runs that are running: not paused, not queued. */
  runsUnderWay(): Promise<RunUnderWay[]>;
  queue(queue: AlertQueue): Promise<QueueFact>;
  /** The newest `windows` values of a key figure for each pipeline and market. */
  kpis(metric: string, windows: number): Promise<MetricSeries[]>;
  /** The newest `windows` values of a step's metric, `step.name`, over succeeded runs for each pipeline and market. */
  runMetrics(metric: string, windows: number): Promise<MetricSeries[]>;
  /**
   * Points with an alarm of the newest window of each pipeline, market and family of series (what stands before the first dot of
   * a name), if it is of the last {@link seriesDays} days of its pipeline. `*` in the name stands for any text.
   */
  seriesAlarms(name: string): Promise<MetricPoint[]>;
  resultsInUse(pipeline: string): Promise<ResultsInUse>;
}
