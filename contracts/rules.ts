import { type Static, Type } from 'typebox';
import type { DefinitionOrigin } from './definitions.ts';
import type { ErrorInfo } from './errors.ts';
import type { CloudEvent } from './events.ts';
import type { Json, JsonObject } from './json.ts';

const text = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description });
const oneOf = <T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))));
const cel = (description: string) => text(2000, `CEL: ${description}`);
const duration = (description: string) =>
  Type.String({ pattern: '^\\d+(\\.\\d+)?(ms|s|m|h|d)$', description: `${description}, such as 30m, 24h or 7d.` });

/** Events a rule waits for. Every condition given must hold. */
export const RulePatternSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-zA-Z0-9]{0,39}$', description: 'How the rule calls it: `preprocess`.' }),
    type: text(200, 'Type of the event, such as run.succeeded; `*` stands for any text.'),
    source: Type.Optional(text(500, 'Source, such as /pipelines/offers; `*` stands for any text.')),
    subject: Type.Optional(text(1000, 'Subject; `*` stands for any text.')),
    where: Type.Optional(cel("a condition over `event`, such as event.data.metrics['evaluate.ndcg'] < 0.3.")),
    by: Type.Optional(cel('the grouping key over `event`, where it differs from that of the rule.')),
  },
  { additionalProperties: false },
);
export type RulePattern = Static<typeof RulePatternSchema>;

export const RuleDeadlineSchema = Type.Union([
  Type.Object(
    { after: duration('Since the first event of a group; in an absence rule since the last one') },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      at: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'Time on the clock of the zone: 06:00.' }),
      zone: Type.Optional(text(64, 'IANA name, such as Europe/Berlin; default UTC.')),
      days: Type.Optional(
        Type.Array(oneOf(['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN']), {
          minItems: 1,
          maxItems: 7,
          uniqueItems: true,
          description: 'Default: every day.',
        }),
      ),
      keys: Type.Optional(
        Type.Array(text(200, 'A key.'), {
          minItems: 1,
          maxItems: 1000,
          uniqueItems: true,
          description: 'Groups an absence rule expects; default: those it has seen.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
]);
export type RuleDeadline = Static<typeof RuleDeadlineSchema>;

export const alertSeverities = ['info', 'warning', 'critical'] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

/** What a rule does. Expressions are CEL over `events.<pattern>`, `event`, `key`, `missing`, `deadline` and `rule`. */
export const RuleActionSchema = Type.Union([
  Type.Object(
    {
      start: Type.Object(
        {
          pipeline: Type.Optional(text(100, 'Default, in a pipeline definition: that pipeline.')),
          params: Type.Optional(Type.Record(Type.String(), cel('the value of a parameter.'))),
          priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, description: '1 goes first; default 3.' })),
        },
        { additionalProperties: false },
      ),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      alert: Type.Object(
        {
          severity: oneOf(alertSeverities),
          message: text(2000, 'Text; what stands in {{ }} is CEL, such as {{ key }}.'),
        },
        { additionalProperties: false },
      ),
    },
    { additionalProperties: false },
  ),
]);
export type RuleAction = Static<typeof RuleActionSchema>;

export const ruleModes = ['all', 'any', 'absence'] as const;

/**
 * `all` fires when every pattern has an event, within a time of each other; `any` fires at every event that matches;
 * `absence` acts when at its deadline not every pattern had an event.
 */
export const RuleSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Lower-case words joined by dashes.' }),
    title: Type.Optional(text(200, 'One line for people.')),
    mode: oneOf(ruleModes),
    patterns: Type.Array(RulePatternSchema, { minItems: 1, maxItems: 20 }),
    by: Type.Optional(cel('the key that divides events into groups, such as event.data.params.market.')),
    within: Type.Optional(
      duration(
        'How far apart the events of a firing may be (default: `deadline.after`, else any); of an absence rule with ' +
          '`at`: how long before the deadline an event counts (default 12h)',
      ),
    ),
    deadline: Type.Optional(RuleDeadlineSchema),
    cooldown: Type.Optional(duration('After it fired, a group does not fire again for so long')),
    actions: Type.Object(
      {
        onMatch: Type.Optional(Type.Array(RuleActionSchema, { maxItems: 10 })),
        onDeadline: Type.Optional(Type.Array(RuleActionSchema, { maxItems: 10 })),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type RuleDefinition = Static<typeof RuleSchema>;

/** A rule as it stands. Times are ISO 8601 UTC. */
export interface RuleRecord {
  readonly id: string;
  /** With all defaults filled in. */
  readonly definition: RuleDefinition;
  readonly origin: DefinitionOrigin;
  /** The pipeline whose code it stands in; null for one made by API. */
  readonly pipeline: string | null;
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

/** An event as evaluations and groups show it. */
export type EventRef = Pick<CloudEvent, 'source' | 'id' | 'type' | 'subject' | 'time'>;

/** What a group has and waits for. */
export interface RuleGroup {
  readonly key: string;
  /** By pattern; null: waited for. */
  readonly events: Readonly<Record<string, EventRef | null>>;
  readonly deadlineAt: string | null;
  readonly lastFiredAt: string | null;
  readonly updatedAt: string;
}

/**
 * `fired` and `deadline` acted; `waiting`: the event counts and others are missing; `matched`: all that was expected has
 * come; `ignored`: the event does not count; `error`: an expression could not be evaluated.
 */
export const ruleOutcomes = ['fired', 'deadline', 'waiting', 'matched', 'ignored', 'error'] as const;
export type RuleOutcome = (typeof ruleOutcomes)[number];

/** A condition of a pattern with its value for an event. */
export interface RuleCondition {
  readonly pattern: string;
  readonly condition: 'source' | 'subject' | 'where' | 'by';
  readonly expression: string;
  readonly value: Json;
  readonly holds: boolean;
  /** What the expression read of the event. */
  readonly reads?: JsonObject;
  readonly error?: string;
}

/** What an action of an evaluation does, and what became of it. */
export type RuleActionRecord =
  | {
      readonly kind: 'start';
      readonly pipeline: string;
      readonly params: JsonObject;
      readonly priority?: number;
      readonly status: 'pending' | 'done' | 'failed';
      readonly runId?: string;
      readonly error?: ErrorInfo;
    }
  | {
      readonly kind: 'alert';
      readonly severity: AlertSeverity;
      readonly message: string;
      readonly status: 'done' | 'failed';
      readonly error?: ErrorInfo;
    };

/** One look of a rule at an event or at a deadline. */
export interface RuleEvaluation {
  readonly id: string;
  readonly rule: string;
  /** Version of the rule. */
  readonly version: number;
  readonly key: string;
  /** Null: a deadline was looked at. */
  readonly event: EventRef | null;
  /** The deadline that was looked at; null: an event was. */
  readonly deadlineAt: string | null;
  readonly at: string;
  readonly outcome: RuleOutcome;
  /** The outcome in words. */
  readonly why: string;
  readonly conditions: readonly RuleCondition[];
  /** What the group had then, by pattern. */
  readonly events: Readonly<Record<string, EventRef | null>>;
  readonly actions: readonly RuleActionRecord[];
  /** How many rules have fired one after another up to this one. */
  readonly depth: number;
  /** Of the span in which it was made; absent: nobody traced it. */
  readonly traceparent?: string;
}

/** What a rule would have done with stored events. */
export interface RuleTest {
  readonly definition: RuleDefinition;
  readonly from: string;
  /** Up to when it was tested: earlier than asked for when there are more events than could be looked at. */
  readonly to: string;
  /** Stored events of its types that were looked at. */
  readonly events: number;
  /** Whether there are more events than could be looked at, in number or in time. */
  readonly truncated: boolean;
  readonly counts: Readonly<Partial<Record<RuleOutcome, number>>>;
  /** In the order they would have been; the newest where there are very many. */
  readonly evaluations: readonly Omit<RuleEvaluation, 'id' | 'rule' | 'version'>[];
}

/** The extension attribute that counts how many rules have fired one after another up to an event. */
export const ruleDepthExtension = 'ruledepth';

/** `data` of `rule.fired`; the event's source is `/rules/<id>`, its subject the group's key. */
export interface RuleFiredData {
  readonly rule: string;
  readonly key: string;
  readonly evaluation: string;
  readonly outcome: 'fired' | 'deadline';
  readonly why: string;
}

/** `data` of `alert.raised`; the event's source is that of who raises it, its subject what it is about. */
export interface AlertRaisedData {
  readonly severity: AlertSeverity;
  readonly message: string;
  readonly rule?: string;
  readonly key?: string;
  readonly evaluation?: string;
}
