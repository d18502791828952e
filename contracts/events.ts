import type { Json, JsonObject } from './json.ts';

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
  deadlineMissed: 'deadline.missed',
  deadlineExpectedLate: 'deadline.expected-late',
  ruleFired: 'rule.fired',
} as const;

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
