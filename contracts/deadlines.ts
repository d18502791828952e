import { type Static, Type } from 'typebox';
import type { DefinitionOrigin } from './definitions.ts';

export const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;
export type Weekday = (typeof weekdays)[number];

/** By when a pipeline's work of a day is to be done. */
export const DeadlineSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Lower-case words joined by dashes.' }),
    pipeline: Type.String({ minLength: 1, maxLength: 100 }),
    key: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: '^[^/\\u0000]+$',
        description:
          'Partition key, such as a market: a run of it or of the whole day counts. Absent: any run of the day.',
      }),
    ),
    by: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'Local time, HH:MM.' }),
    zone: Type.String({ minLength: 1, maxLength: 64, description: 'IANA name, such as Europe/Berlin.' }),
    days: Type.Optional(
      Type.Array(Type.Unsafe<Weekday>(Type.Union(weekdays.map((day) => Type.Literal(day)))), {
        minItems: 1,
        maxItems: 7,
        description: 'Weekdays on which it is due, MON to SUN; default: all.',
      }),
    ),
    dayOffset: Type.Optional(
      Type.Integer({
        minimum: -31,
        maximum: 31,
        description: 'Which partition is due: 0 the one of the same local day (default), -1 of the day before.',
      }),
    ),
    warnAhead: Type.Optional(
      Type.String({
        pattern: '^\\d{1,6}(\\.\\d{1,3})?(m|h|d)$',
        description: 'How long before the time it is watched and the first warning may come, 1m to 7d; default 1d.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type DeadlineDefinition = Static<typeof DeadlineSchema>;

/** A deadline as it stands. Times are ISO 8601 UTC. */
export interface DeadlineRecord {
  readonly id: string;
  readonly pipeline: string;
  /** With all defaults filled in; `key` only when there is one. */
  readonly definition: DeadlineDefinition;
  readonly origin: DefinitionOrigin;
  /** sha256 of the definition. */
  readonly hash: string;
  /** Since when the definition counts: days due before are nobody's business. */
  readonly since: string;
  readonly createdAt: string;
}

/** `expected-late`: it will probably be missed. `met` may be late: see `lateSeconds`. */
export const deadlineStatuses = ['open', 'expected-late', 'missed', 'met'] as const;
export type DeadlineStatus = (typeof deadlineStatuses)[number];

/** How one day of a deadline stands. */
export interface DeadlineDay {
  readonly deadline: string;
  /** Local day on which it is due, YYYY-MM-DD. */
  readonly day: string;
  readonly status: DeadlineStatus;
  readonly dueAt: string;
  /** When the work will probably end; null when too few runs say how long it takes. Within a minute while nothing has begun. */
  readonly expectedAt: string | null;
  /** The run that did it, or is about to. */
  readonly runId: string | null;
  /** Why it stands so, in words. */
  readonly reason: string;
  readonly warnedAt: string | null;
  readonly missedAt: string | null;
  /** When the run that did it ended. */
  readonly metAt: string | null;
  /** How late it was met, 0 when in time; null until then. */
  readonly lateSeconds: number | null;
  readonly updatedAt: string;
}

/** A deadline with how today stands. */
export interface DeadlineShown extends DeadlineRecord {
  /** The day it is now in its zone; null when it is not due then or not watched yet. */
  readonly today: DeadlineDay | null;
  /** When it is due next. */
  readonly next: { readonly day: string; readonly dueAt: string } | null;
}

/** `data` of `deadline.expected-late`, `deadline.missed` and `deadline.met`; the event's source is `/deadlines/<id>`, its subject the day. */
export interface DeadlineEventData {
  readonly deadline: string;
  readonly pipeline: string;
  readonly key: string | null;
  readonly day: string;
  readonly dueAt: string;
  readonly expectedAt: string | null;
  readonly reason: string;
  readonly runId: string | null;
  /** With `deadline.met` only. */
  readonly lateSeconds?: number;
}
