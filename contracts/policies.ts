import { type Static, Type } from 'typebox';
import type { DefinitionOrigin } from './definitions.ts';
import type { JsonObject } from './json.ts';

const text = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description });
const params = (description: string) => Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description }));
const exact = { additionalProperties: false } as const;

/** A key figure that a policy watches. */
export const WatchedKpiSchema = Type.Object(
  {
    name: text(100, 'Name of the key figure, such as realised_hit.'),
    market: Type.Optional(Type.String({ maxLength: 100, description: 'Market; default: that of all.' })),
    bad: Type.Optional(
      Type.Unsafe<'low' | 'high'>(
        Type.Union([Type.Literal('low'), Type.Literal('high')], { description: 'Which side is bad; default low.' }),
      ),
    ),
    sigmas: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 20,
        description: 'How far from what its season lets expect, in robust standard deviations; default 3.',
      }),
    ),
    limit: Type.Optional(
      Type.Number({ description: 'Floor of a figure whose bad side is low, ceiling of another; default none.' }),
    ),
    windows: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 30, description: 'Windows running that must be bad; default 2.' }),
    ),
    minHistory: Type.Optional(
      Type.Integer({
        minimum: 8,
        maximum: 56,
        description: 'Windows before them without which nothing is told from chance; default 14.',
      }),
    ),
  },
  exact,
);
export type WatchedKpi = Static<typeof WatchedKpiSchema>;

/**
 * When a model is trained again. What is left out has its default; see docs/how-to/retraining-policies.md. A policy
 * looks at the newest 56 days of a figure before the windows it judges.
 */
export const PolicySchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Lower-case words joined by dashes.' }),
    title: Type.Optional(text(200, 'One line for people.')),
    pipeline: text(100, 'The pipeline that trains.'),
    model: text(
      200,
      'The model it decides about; `*` stands for any text: then each model with a champion is decided about.',
    ),
    newData: Type.Optional(
      Type.Object(
        {
          minAgeDays: Type.Optional(
            Type.Number({ minimum: 0, maximum: 3650, description: 'Least days since the last training; default 7.' }),
          ),
          share: Type.Optional(
            Type.Number({
              minimum: 0,
              description: 'New labelled rows since then, as a share of those it learned from; default 0.05.',
            }),
          ),
        },
        exact,
      ),
    ),
    maxAgeDays: Type.Optional(
      Type.Union([Type.Number({ minimum: 1, maximum: 3650 }), Type.Null()], {
        description: 'Days after which a model is trained again whatever came in; default null: never for its age.',
      }),
    ),
    kpis: Type.Optional(Type.Array(WatchedKpiSchema, { maxItems: 50, description: 'Key figures; default none.' })),
    drift: Type.Optional(
      Type.Union(
        [
          Type.Object(
            {
              share: Type.Optional(
                Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'Share of the columns; default 0.5.' }),
              ),
              windows: Type.Optional(
                Type.Integer({ minimum: 1, maximum: 30, description: 'Windows running; default 1.' }),
              ),
            },
            exact,
          ),
          Type.Null(),
        ],
        { description: 'Calibrated drift that trains a challenger, which never promotes itself. null: not looked at.' },
      ),
    ),
    data: Type.Optional(
      Type.Object(
        {
          minVolumeShare: Type.Optional(
            Type.Number({
              minimum: 0,
              maximum: 1,
              description: 'Share of the rows usual for the weekday below which a day counts as broken; default 0.2.',
            }),
          ),
          staleDays: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 365, description: 'Days without data that are no fault; default 3.' }),
          ),
          lagDays: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 60,
              description: 'Days after a broken day, or a promotion, whose figures it still touches; default 1.',
            }),
          ),
        },
        exact,
      ),
    ),
    coolDownHours: Type.Optional(
      Type.Number({ minimum: 0, maximum: 8784, description: 'Hours after a training without another; default 24.' }),
    ),
    budgetHoursPerMonth: Type.Optional(
      Type.Union([Type.Number({ minimum: 0, maximum: 100_000 }), Type.Null()], {
        description: 'Training hours of a calendar month (UTC), whoever asked for them; default 50, null: no limit.',
      }),
    ),
    escalation: Type.Optional(
      Type.Object(
        {
          afterRejected: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 20,
              description: 'Challengers in a row, asked for by the same rule, that were rejected or failed; default 2.',
            }),
          ),
          withinDays: Type.Optional(
            Type.Number({ minimum: 1, maximum: 3650, description: 'Older ones do not count; default 28.' }),
          ),
        },
        exact,
      ),
    ),
    training: Type.Optional(
      Type.Object(
        {
          params: params('Parameters of the training run, over those the champion was trained with; default none.'),
          challenger: params('More for a challenger that must not promote itself; default { promote: "never" }.'),
          priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, description: '1 goes first; default 3.' })),
        },
        exact,
      ),
    ),
    mode: Type.Optional(
      Type.Unsafe<'act' | 'observe'>(
        Type.Union([Type.Literal('act'), Type.Literal('observe')], {
          description:
            'act (default): decisions are carried out. observe: they are only kept, unless a person overrides them.',
        }),
      ),
    ),
    fourEyes: Type.Optional(
      Type.Boolean({ description: 'Whether an override needs the approval of somebody else; default true.' }),
    ),
  },
  exact,
);
export type PolicyDefinition = Static<typeof PolicySchema>;

type Filled<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** A policy with all defaults filled in. */
export interface FilledPolicy {
  readonly id: string;
  readonly title?: string;
  readonly pipeline: string;
  readonly model: string;
  readonly newData: Filled<NonNullable<PolicyDefinition['newData']>>;
  readonly maxAgeDays: number | null;
  readonly kpis: readonly FilledKpi[];
  readonly drift: Filled<NonNullable<PolicyDefinition['drift']>> | null;
  readonly data: Filled<NonNullable<PolicyDefinition['data']>>;
  readonly coolDownHours: number;
  readonly budgetHoursPerMonth: number | null;
  readonly escalation: Filled<NonNullable<PolicyDefinition['escalation']>>;
  readonly training: { readonly params: JsonObject; readonly challenger: JsonObject; readonly priority: number };
  readonly mode: 'act' | 'observe';
  readonly fourEyes: boolean;
}
export type FilledKpi = Omit<Filled<WatchedKpi>, 'limit'> & { readonly limit: number | null };

/** A version of a policy; versions are never changed. */
export interface PolicyVersion {
  readonly policy: string;
  /** Counts changes of the definition, from 1. */
  readonly version: number;
  readonly definition: FilledPolicy;
  /** sha256 of the definition. */
  readonly hash: string;
  readonly origin: DefinitionOrigin;
  /** Name of the key that made it; `code` for one of the code. */
  readonly by: string;
  readonly at: string;
}

/** A policy as it stands. */
export interface PolicyRecord extends PolicyVersion {
  readonly id: string;
  readonly createdAt: string;
}
