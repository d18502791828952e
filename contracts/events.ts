import type { ErrorInfo } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import type { ScheduleFault } from './schedules.ts';

/**
 * Everything that happens, as CloudEvents 1.0 says it (https://github.com/cloudevents/spec). `source` and `id` together
 * name one event: the same pair again is the same event and counts once.
 */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  /** URI reference of where it happened, e.g. `/pipelines/offers` or `/webhooks/shop`. */
  readonly source: string;
  /** See {@link eventTypes} for ours; others bring what they bring. */
  readonly type: string;
  readonly subject?: string;
  /** ISO 8601. */
  readonly time: string;
  readonly datacontenttype?: string;
  readonly dataschema?: string;
  readonly data?: Json;
  /** Attributes beyond the specification's own, lower-case letters and digits. */
  readonly extensions?: JsonObject;
}

/** Types of the events that Perennial raises itself. */
export const eventTypes = {
  runSucceeded: 'run.succeeded',
  runFailed: 'run.failed',
  runCancelled: 'run.cancelled',
  datasetLanded: 'dataset.landed',
  modelPromoted: 'model.promoted',
  rolloutCompleted: 'rollout.completed',
  driftDetected: 'drift.detected',
  feedbackReceived: 'feedback.received',
  retrainingDecided: 'retraining.decided',
  scheduleFailed: 'schedule.failed',
  deadlineMissed: 'deadline.missed',
  deadlineExpectedLate: 'deadline.expected-late',
  deadlineMet: 'deadline.met',
  ruleFired: 'rule.fired',
  alertRaised: 'alert.raised',
  rolloutRolledBack: 'rollout.rolled-back',
  rolloutAborted: 'rollout.aborted',
  rolloutPaused: 'rollout.paused',
} as const;

/** What types of events about rollouts begin with; then the type of its {@link RolloutEvent}, such as `step` or `completed`. */
export const rolloutEvents = 'rollout.';

/** What types of events about alerts begin with; then what became of it: `fired`, `acknowledged`, `escalated` or `resolved`. */
export const alertEvents = 'alert.';

/** `data` of `run.succeeded`, `run.failed` and `run.cancelled`; the event's source is `/pipelines/<id>`, its subject the run's id. */
export interface RunEndedData {
  readonly runId: string;
  readonly pipeline: string;
  readonly partition: string | null;
  readonly params: JsonObject;
  readonly status: string;
  readonly trigger: { readonly kind: string; readonly by: string };
  /** Metrics of its steps: `<step>.<name>`, and `<step>[<item>].<name>` for items of mapped steps. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** `data` of `schedule.failed`: a start made no run. The event's source is `/schedules/<id>`, its subject the time it was due. */
export interface ScheduleFailedData extends ScheduleFault {
  readonly schedule: string;
  readonly pipeline: string;
}

/** `data` of `dataset.landed`; the event's source is `/watches/<id>`, its subject the file's path below the watched folder. */
export interface DatasetLandedData {
  readonly watch: string;
  readonly uri: string;
  /** Bytes. */
  readonly size: number;
  readonly modified: string;
  /** What the placeholders of the watch's pattern matched, e.g. `{ market: 'DE', date: '2011-10-09' }`. */
  readonly captured: Readonly<Record<string, string>>;
}

/** `data` of `model.promoted`; the event's source is `/models/<model>`, its subject the alias. */
export interface ModelPromotedData {
  readonly model: string;
  readonly alias: string;
  readonly version: number;
  /** The version the alias pointed at before. */
  readonly before: number | null;
  readonly by: string;
  readonly reason: string;
}

/** `data` of `rollout.<type>`; the event's source is `/models/<model>`, its subject the rollout. */
export interface RolloutChangedData {
  readonly rollout: string;
  readonly model: string;
  /** Of a model that makes lists; '': all callers. */
  readonly market: string;
  readonly version: number;
  readonly by: string;
  /** What happened, in words. */
  readonly text: string;
}

/** `data` of `alert.<change>`; the event's source is `/alerts/<definition>`, its subject the alert. */
export interface AlertChangedData {
  readonly alert: string;
  readonly definition: string;
  readonly pipeline: string | null;
  readonly market: string | null;
  readonly severity: string;
  readonly title: string;
  /** Who did it; null: nobody but the condition. */
  readonly by: string | null;
}

/** `data` of `drift.detected`; the event's source is `/pipelines/<id>`, its subject the dataset. */
export interface DriftDetectedData {
  readonly pipeline: string;
  /** The model and version whose training data were compared with. */
  readonly model: string;
  readonly version: number;
  /** Columns compared, and those that drifted beyond chance. */
  readonly columns: number;
  readonly drifted: number;
}

/** `data` of `feedback.received`: a correction came in. The event's source is `/memories/<id>`, its subject the entry. */
export interface FeedbackReceivedData {
  readonly pipeline: string;
  readonly memory: string;
}

/** The extension attribute with the id of the webhook source an event came in by; never taken from a sender. */
export const webhookExtension = 'webhook';

/** An event with what became of it. */
export interface EventRecord extends CloudEvent {
  /** Order in which events were stored. */
  readonly sequence: number;
  readonly receivedAt: string;
  /** When it was last handed to the queue. */
  readonly queuedAt: string | null;
  /** When every handler was done with it. */
  readonly processedAt: string | null;
  /** How often handling it was begun. */
  readonly attempts: number;
  /** When it was given up: a dead letter. */
  readonly failedAt: string | null;
  /** Why the last attempt failed. */
  readonly error: ErrorInfo | null;
}
