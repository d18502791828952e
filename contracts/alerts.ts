import { type Static, Type } from 'typebox';
import type { DefinitionOrigin } from './definitions.ts';
import { alertSeverities } from './rules.ts';
import { workerRoles } from './workers.ts';

const text = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description });
const oneOf = <T extends string>(values: readonly T[], description?: string) =>
  Type.Unsafe<T>(
    Type.Union(
      values.map((value) => Type.Literal(value)),
      description === undefined ? {} : { description },
    ),
  );
const duration = (description: string) =>
  Type.String({ pattern: '^\\d{1,6}(\\.\\d{1,3})?(s|m|h|d)$', description: `${description}, such as 30s, 15m or 2h.` });
const patterns = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 100, description });
const strict = { additionalProperties: false } as const;

export const alertQueues = ['runs', 'events', 'dead-letters', 'notifications', 'failed-notifications'] as const;
export type AlertQueue = (typeof alertQueues)[number];

/** What an alert looks at. */
export const AlertConditionSchema = Type.Union([
  Type.Object({ kind: Type.Literal('run-failed') }, strict),
  Type.Object(
    {
      kind: Type.Literal('run-late'),
      factor: Type.Optional(
        Type.Number({ minimum: 1, maximum: 100, description: 'Times the usual (p90); default 2.' }),
      ),
      atLeast: Type.Optional(duration('Shorter runs are never late; default 15m')),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('run-lost'),
      after: Type.Optional(duration('Silence of the worker; default 30s')),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('run-stalled'),
      after: Type.Optional(duration('Time in which nothing happens; default 10m')),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('deadline'),
      states: Type.Optional(
        Type.Array(oneOf(['expected-late', 'missed']), {
          minItems: 1,
          uniqueItems: true,
          description: 'Default: both.',
        }),
      ),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('worker-dead'),
      roles: Type.Optional(
        Type.Array(oneOf(workerRoles), { minItems: 1, uniqueItems: true, description: 'Default: all.' }),
      ),
      after: Type.Optional(duration('Silence of the worker; default 30s')),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('queue-age'),
      queue: oneOf(alertQueues),
      after: Type.Optional(duration('Age of what waits longest; default 10m')),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('metric'),
      metric: text(200, 'A key figure such as coverage, or with `of: run` a metric of a step such as evaluate.ndcg.'),
      of: Type.Optional(oneOf(['kpi', 'run'], 'Default kpi.')),
      above: Type.Optional(Type.Number({ description: 'Values above count.' })),
      below: Type.Optional(Type.Number({ description: 'Values below count.' })),
      windows: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 30, description: 'Days (or runs) in a row; default 1.' }),
      ),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('series'),
      metric: text(
        200,
        'Figures over time that raise alarms of their own, such as quality.missing; `*` stands for any text.',
      ),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('event'),
      type: text(200, 'Type of the event, such as schedule.failed.'),
      keep: Type.Optional(duration('It counts for so long; default 1d')),
    },
    strict,
  ),
]);
export type AlertCondition = Static<typeof AlertConditionSchema>;
export type AlertKind = AlertCondition['kind'];

export const alertGroupings = ['pipeline', 'market', 'subject'] as const;

/** When somebody is to be told, and how urgently. */
export const AlertDefinitionSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Lower-case words joined by dashes.' }),
    title: Type.Optional(text(200, 'One line for people.')),
    severity: oneOf(alertSeverities),
    when: AlertConditionSchema,
    pipelines: Type.Optional(patterns('Pipelines it looks at; `*` stands for any text. Default: all.')),
    markets: Type.Optional(patterns('Markets (partition keys) it looks at. Default: all.')),
    for: Type.Optional(duration('How long it must have been so; default 0s')),
    groupBy: Type.Optional(
      Type.Array(oneOf(alertGroupings), {
        minItems: 1,
        uniqueItems: true,
        description:
          'What divides it into alerts: one for each. Default: by pipeline and market; subject for workers and queues.',
      }),
    ),
    escalateAfter: Type.Optional(
      Type.Union([duration('Unacknowledged for so long, it is escalated; default 30m when critical'), Type.Null()]),
    ),
    firstStep: Type.Optional(text(1000, 'The first thing to do; default: what fits the condition.')),
  },
  strict,
);
export type AlertDefinition = Static<typeof AlertDefinitionSchema>;
export type AlertSeverity = AlertDefinition['severity'];

/** A definition as it stands. Times are ISO 8601 UTC. */
export interface AlertDefinitionRecord {
  readonly id: string;
  /** With all defaults filled in. */
  readonly definition: AlertDefinition;
  readonly origin: DefinitionOrigin;
  readonly enabled: boolean;
  /** Why it is disabled or was enabled; '' when nobody said. */
  readonly note: string;
  /** Counts changes of the definition, from 1. */
  readonly version: number;
  /** sha256 of the definition. */
  readonly hash: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const alertStates = ['firing', 'acknowledged', 'resolved'] as const;
export type AlertState = (typeof alertStates)[number];

/** One thing that fulfils the condition. */
export interface AlertFinding {
  /** What it is about: a run, a worker, a day of a deadline, a queue. */
  readonly subject: string;
  readonly since: string;
  /** One sentence. */
  readonly what: string;
}

/** A finding of an alert, with when it was first seen. */
export interface SeenFinding extends AlertFinding {
  readonly seenAt: string;
}

/** What an alert says. */
export interface AlertText {
  /** One line. */
  readonly title: string;
  /** What happened: sentences. */
  readonly what: string;
  /** What it affects, a sentence each. */
  readonly affects: readonly string[];
  /** The first thing to do. */
  readonly firstStep: string;
  /** The command for it; null when there is none. */
  readonly command: string | null;
}

/** One alert: a definition and what divides it (pipeline, market). At most one of each is open at a time. */
export interface Alert {
  readonly id: string;
  readonly definition: string;
  readonly definitionVersion: number;
  /** The group, such as `offers/France`. */
  readonly key: string;
  readonly pipeline: string | null;
  readonly market: string | null;
  readonly severity: AlertSeverity;
  readonly state: AlertState;
  readonly text: AlertText;
  /** The newest {@link mostFindings} of `findingCount`. */
  readonly findings: readonly SeenFinding[];
  readonly findingCount: number;
  /** Since when it is so. */
  readonly since: string;
  readonly firedAt: string;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly escalatedAt: string | null;
  readonly resolvedAt: string | null;
  /** Why it is over, in words. */
  readonly resolution: string | null;
  /** The silence that keeps it from being told. */
  readonly silencedBy: string | null;
  /** When channels were last told. */
  readonly notifiedAt: string | null;
}

export const mostFindings = 20;

/** What became of an alert. */
export interface AlertChange {
  readonly at: string;
  readonly kind: 'fired' | 'grew' | 'worse' | 'acknowledged' | 'escalated' | 'silenced' | 'unsilenced' | 'resolved';
  /** Who did it; null: nobody but the condition. */
  readonly by: string | null;
  readonly note: string;
}

/** Whom a silence is for: every field given must match; `*` stands for any text. */
export const SilenceMatchSchema = Type.Object(
  {
    alert: Type.Optional(text(200, 'Id of a definition.')),
    pipeline: Type.Optional(text(200, 'Pipeline.')),
    market: Type.Optional(text(200, 'Market.')),
    key: Type.Optional(text(500, 'Key of the alert, such as a worker.')),
    severity: Type.Optional(oneOf(alertSeverities)),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type SilenceMatch = Static<typeof SilenceMatchSchema>;

/** Alerts that match are kept but not told until it ends. */
export interface Silence {
  readonly id: string;
  readonly match: SilenceMatch;
  readonly until: string;
  readonly by: string;
  readonly reason: string;
  readonly createdAt: string;
  /** When somebody ended it before its time. */
  readonly endedAt: string | null;
}
