import { type Static, Type } from 'typebox';
import type { DefinitionOrigin } from './definitions.ts';

/** What happens when a run is due and an earlier one of the schedule is still under way. */
export const overlapPolicies = [
  'skip',
  'buffer-one',
  'buffer-all',
  'cancel-other',
  'terminate-other',
  'allow-all',
] as const;
export type OverlapPolicy = (typeof overlapPolicies)[number];
export const OverlapSchema = Type.Unsafe<OverlapPolicy>(
  Type.Union(overlapPolicies.map((policy) => Type.Literal(policy))),
);

const field = (description: string) =>
  Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 200 }), Type.Integer()], { description }));

/** A moment matches when every field matches; each is written as in cron. */
export const CalendarSchema = Type.Object(
  {
    minute: field('0-59; default 0'),
    hour: field('0-23; default 0'),
    dayOfMonth: field('1-31; default *'),
    month: field('1-12 or JAN-DEC; default *'),
    dayOfWeek: field('0-7 or SUN-SAT, 0 and 7 are Sunday; default *'),
    year: field('2000-2100; default *'),
  },
  { additionalProperties: false },
);
export type CalendarDefinition = Static<typeof CalendarSchema>;

const duration = (description: string) =>
  Type.String({ pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d)$', description: `${description}, such as 30s, 15m, 2h or 1d.` });
const instant = (description: string) => Type.String({ format: 'date-time', pattern: '^(?!0000)', description });

/** When and how runs of a pipeline start by themselves. Exactly one of `cron`, `calendars` and `every` says when. */
export const ScheduleSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Lower-case words joined by dashes.' }),
    pipeline: Type.String({ minLength: 1, maxLength: 100 }),
    cron: Type.Optional(
      Type.Union([Type.String({ maxLength: 200 }), Type.Array(Type.String({ maxLength: 200 }), { maxItems: 20 })], {
        description: 'Five fields (minute, hour, day of month, month, day of week) or @hourly, @daily, …; or several.',
      }),
    ),
    calendars: Type.Optional(Type.Array(CalendarSchema, { minItems: 1, maxItems: 20 })),
    every: Type.Optional(duration('Time from one run to the next, counted from 1970-01-01 UTC')),
    offset: Type.Optional(duration('With `every`: how much later than its multiples')),
    skip: Type.Optional(
      Type.Array(CalendarSchema, {
        maxItems: 100,
        description: 'Times at which nothing starts, such as holidays. A field left out is *: a date is the whole day.',
      }),
    ),
    timeZone: Type.Optional(
      Type.String({ maxLength: 64, description: 'IANA name, such as Europe/Berlin; default UTC.' }),
    ),
    jitter: Type.Optional(duration('Each start is late by a random time up to this')),
    overlap: Type.Optional(OverlapSchema),
    catchUpWindow: Type.Optional(duration('Starts missed in an outage are made up if at most this old; default 1h')),
    params: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'Text in `{{ }}` is a CEL expression, such as {{ previousDate }}.',
      }),
    ),
    priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, description: '1 goes first; default 3.' })),
    paused: Type.Optional(Type.Boolean({ description: 'Whether it begins paused.' })),
    note: Type.Optional(Type.String({ maxLength: 1000 })),
    startAt: Type.Optional(instant('No start before.')),
    endAt: Type.Optional(instant('No start after.')),
  },
  { additionalProperties: false },
);
export type ScheduleDefinition = Static<typeof ScheduleSchema>;

/** A schedule as it stands. Times are ISO 8601 UTC. */
export interface ScheduleRecord {
  readonly id: string;
  readonly pipeline: string;
  /** With all defaults filled in. */
  readonly definition: ScheduleDefinition;
  readonly origin: DefinitionOrigin;
  /** sha256 of the definition. */
  readonly hash: string;
  readonly paused: boolean;
  /** Why it is paused or was resumed; '' when nobody said. */
  readonly note: string;
  /** The next ten starts, jitter included. */
  readonly next: readonly string[];
  readonly counts: {
    readonly started: number;
    /** Left out because an earlier run was still under way. */
    readonly skipped: number;
    /** Older than the catch-up window after an outage. */
    readonly missed: number;
  };
  readonly createdAt: string;
  readonly updatedAt: string | null;
}

/** A start that made no run, and why. */
export interface ScheduleFault {
  readonly scheduledAt: string;
  readonly error: { readonly code: string; readonly message: string; readonly remedy?: string };
}
