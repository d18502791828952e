import type { JsonObject } from './json.ts';
import type { RunBrief, RunStatus, StepStatus } from './runs.ts';

/** `longest`: by the time from start to end; those that have not ended come last. */
export const runSorts = ['newest', 'oldest', 'longest'] as const;
export type RunSort = (typeof runSorts)[number];

export const runBuckets = ['hour', 'day', 'week'] as const;
export type RunBucket = (typeof runBuckets)[number];

/** Most buckets of statistics: more than six weeks of hours, or two years of days. */
export const mostBuckets = 1_100;

/** The runs that were made in a time. */
export interface RunStatisticsBucket {
  /** Beginning of the hour, day or week (from Monday) in UTC; ISO 8601. */
  readonly at: string;
  /** Runs by what has become of them; those that none has are left out. */
  readonly counts: Readonly<Partial<Record<RunStatus, number>>>;
  /** Of those that succeeded, from start to end, seconds; null: none has. */
  readonly seconds: { readonly p50: number; readonly p90: number; readonly max: number } | null;
  /** Of all that have started, from creation to start. */
  readonly queuedSeconds: { readonly p50: number; readonly p90: number } | null;
}

/** `GET /v1/runs/statistics`: buckets oldest first, also those without runs. */
export interface RunStatistics {
  readonly from: string;
  readonly to: string;
  readonly bucket: RunBucket;
  readonly buckets: readonly RunStatisticsBucket[];
}

/** Most runs of {@link RunDurations}. */
export const mostDurations = 10_000;

/** `GET /v1/runs/durations`: the newest runs that have started, oldest first, in columns. */
export interface RunDurations {
  readonly ids: readonly string[];
  /** Milliseconds since 1970. */
  readonly start: readonly number[];
  /** From start to end; null: it has not ended. */
  readonly seconds: readonly (number | null)[];
  /** From creation to start. */
  readonly queuedSeconds: readonly number[];
  /** Place in `runStatuses`. */
  readonly status: readonly number[];
  readonly partition: readonly (string | null)[];
  /** Whether there are more in that time than are told. */
  readonly more: boolean;
}

/** A value of one run beside that of the other; absent: it has none there. */
export interface Difference {
  /** Names from the outside in, with dots between: `mapping.columns.0`. */
  readonly path: string;
  readonly a?: unknown;
  readonly b?: unknown;
}

/** What became of a step, with its items as counts. */
export interface ComparedStep {
  readonly status: StepStatus;
  readonly seconds: number | null;
  readonly attempts: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly items: Readonly<Partial<Record<StepStatus, number>>>;
  readonly cached: boolean;
  readonly reason: string | null;
  readonly error: JsonObject | null;
  readonly codeVersion: string;
}

/** Two runs beside each other; only what differs is told of parameters, outputs and plans. */
export interface RunComparison {
  readonly a: RunBrief;
  readonly b: RunBrief;
  readonly params: readonly Difference[];
  readonly plan: {
    readonly same: boolean;
    /** Steps that only one of them has. */
    readonly onlyA: readonly string[];
    readonly onlyB: readonly string[];
    /** Steps whose definition differs: what of it. */
    readonly changed: readonly { readonly step: string; readonly differences: readonly Difference[] }[];
  };
  /** Every step of either, in the order of the plans. */
  readonly steps: readonly {
    readonly step: string;
    readonly a: ComparedStep | null;
    readonly b: ComparedStep | null;
    /** Differences of what it gave, at most {@link mostDifferences}; null: it gave nothing in one of them. */
    readonly output: readonly Difference[] | null;
  }[];
}

/** Of a step's outputs, or of parameters, at most. */
export const mostDifferences = 100;
