import type { MetricAlarm } from './metrics.ts';
import type { AlertSeverity } from './rules.ts';
import { type RunStatus, runStatuses } from './runs.ts';

/** What of a run a bar or a line shows. Times are ISO 8601 UTC. */
export interface RunBar {
  readonly id: string;
  readonly status: RunStatus;
  readonly partition: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** `late`: a deadline of today was missed, or will be. `waiting`: its runs are queued, or keys of its newest day have none yet. */
export const pipelineStates = ['ok', 'running', 'late', 'failed', 'paused', 'waiting', 'never-run'] as const;
export type PipelineState = (typeof pipelineStates)[number];

/** How a key's part (a market's) of a day stands; `waiting`: no run has begun with it. */
export const keyStandings = ['done', 'running', 'failed', 'waiting'] as const;
export type KeyStanding = (typeof keyStandings)[number];

/** A day of a pipeline with partitions, by key. */
export interface DayStanding {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly done: number;
  readonly total: number;
  /** Keys that are not done, by name. */
  readonly open: readonly {
    readonly key: string;
    readonly standing: Exclude<KeyStanding, 'done'>;
    /** When it began, failed, or when the day's first run did not have it. */
    readonly since: string;
    readonly runId: string | null;
  }[];
}

export interface PipelineHealth {
  readonly pipeline: string;
  readonly title: string;
  readonly state: PipelineState;
  /** Since when it is so; null: it has never run. */
  readonly since: string | null;
  /** The state in a sentence for people. Times of day in it are in the zone that was asked for. */
  readonly sentence: string;
  readonly lastRun: RunBar | null;
  readonly lastSuccess: RunBar | null;
  readonly running: number;
  readonly queued: number;
  readonly paused: number;
  /** Runs that failed after the last that succeeded. */
  readonly failures: number;
  /** The newest 20 runs, newest first. */
  readonly recent: readonly RunBar[];
  /** Median of the newest 20 that succeeded; null: none has. */
  readonly typicalSeconds: number | null;
  /** Null: no schedule starts it, or the workflow server does not answer. */
  readonly nextStart: { readonly schedule: string; readonly at: string } | null;
  /** Deadlines of today that were missed or will be. */
  readonly deadlines: readonly {
    readonly deadline: string;
    readonly day: string;
    readonly status: 'missed' | 'expected-late';
    readonly dueAt: string;
    readonly expectedAt: string | null;
    /** What it waits for, in words. */
    readonly reason: string;
    readonly runId: string | null;
  }[];
  /** Its newest day; null: it has no partitions. */
  readonly day: DayStanding | null;
}

export const attentionKinds = [
  'alert',
  'run',
  'deadline',
  'rollout',
  'override',
  'dead-letters',
  'notifications',
  'schedule',
  'backfill',
  'worker',
] as const;
export type AttentionKind = (typeof attentionKinds)[number];

/** Something that needs a person. One thing is there once: what an open alert is about has no item of its own. */
export interface AttentionItem {
  readonly kind: AttentionKind;
  readonly severity: AlertSeverity;
  /** Whether somebody has said to take care. */
  readonly acknowledged: boolean;
  /** One line. */
  readonly title: string;
  /** What more is known, in a sentence; null: nothing. */
  readonly detail: string | null;
  readonly since: string;
  /** How many of them it stands for. */
  readonly count: number;
  readonly pipeline: string | null;
  readonly market: string | null;
  /** The thing: kind `decision` with an override's decision; `dead-letters`, `notifications` and `workers` are lists. */
  readonly link: { readonly kind: string; readonly id: string };
}

/** A key figure of a pipeline, of all its markets. */
export interface KeyResult {
  readonly pipeline: string;
  readonly name: string;
  /** For people: `Expected revenue`. */
  readonly label: string;
  /** How it is written: a share (0..1) as percent, an amount, a count, or a plain number. */
  readonly unit: 'percent' | 'amount' | 'count' | 'number';
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly value: number;
  /** Of the newest day before; null: there is none. */
  readonly previous: number | null;
  /** As a share of the previous value; null without one, or when it is 0. */
  readonly change: number | null;
  /** What its weekday and course let expect, within 3 standard deviations; null: too few days are known. */
  readonly normal: { readonly from: number; readonly to: number } | null;
  readonly alarm: MetricAlarm | null;
  /** The newest 30 days, oldest first. */
  readonly series: readonly { readonly date: string; readonly value: number }[];
  readonly runId: string;
}

/** Where everything stands. */
export interface Overview {
  readonly at: string;
  readonly pipelines: readonly PipelineHealth[];
  /** Worst first. */
  readonly attention: readonly AttentionItem[];
  readonly results: readonly KeyResult[];
}

/** What a cell of {@link PartitionMatrix} says: the newest run of the partition that counts, or the key's part of a run of the whole day. */
export const cellStatuses = runStatuses;

/**
 * A pipeline's days by key, in columns: the cell of key `k` and day `d` is entry `k * days.length + d` of each of them. Null: there
 * is nothing to say. A pipeline without keys has the key ''.
 */
export interface PartitionMatrix {
  readonly pipeline: string;
  /** Keys such as markets, by name. */
  readonly keys: readonly string[];
  /** YYYY-MM-DD, oldest first. */
  readonly days: readonly string[];
  /** The runs that cells name. */
  readonly runs: readonly string[];
  /** Place in `runs`. */
  readonly run: readonly (number | null)[];
  /** Place in {@link cellStatuses}. */
  readonly status: readonly (number | null)[];
  /** Whether the data were fresh, 1 or 0; null: no run has looked. */
  readonly fresh: readonly (0 | 1 | null)[];
  /** Alarms of data quality. */
  readonly quality: readonly number[];
  /** Alarms of drift. */
  readonly drift: readonly number[];
  /** Alarms of key figures. */
  readonly figures: readonly number[];
  /** Version of the model that made the lists. */
  readonly version: readonly (number | null)[];
}
