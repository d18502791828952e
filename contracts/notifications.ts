import { type Static, Type } from 'typebox';
import type { Alert } from './alerts.ts';
import { weekdays } from './deadlines.ts';
import type { Digest } from './digest.ts';
import type { ErrorInfo } from './errors.ts';
import { alertSeverities } from './rules.ts';

export const channelKinds = ['email', 'slack', 'teams', 'webhook'] as const;
export type ChannelKind = (typeof channelKinds)[number];
export const channelTopics = ['alerts', 'escalations', 'digest'] as const;

const literals = <T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))));
const patterns = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 100, description });

/** When the daily digest is sent. */
const DigestTimeSchema = Type.Object(
  {
    at: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'Local time, HH:MM.' }),
    zone: Type.String({ minLength: 1, maxLength: 64, description: 'IANA name, such as Europe/Berlin.' }),
    days: Type.Optional(
      Type.Array(literals(weekdays), { minItems: 1, uniqueItems: true, description: 'Weekdays; default: all.' }),
    ),
  },
  { additionalProperties: false },
);

/** Where messages go, and which. Beside it, the address of a webhook and its secret are given once and kept encrypted. */
export const ChannelSettingsSchema = Type.Object(
  {
    topics: Type.Optional(
      Type.Array(literals(channelTopics), {
        minItems: 1,
        uniqueItems: true,
        description: 'Default: alerts and escalations; with `digest` the digest too.',
      }),
    ),
    to: Type.Optional(
      Type.Array(Type.String({ format: 'email', maxLength: 320 }), {
        minItems: 1,
        maxItems: 50,
        description: 'Addresses of an e-mail channel.',
      }),
    ),
    severities: Type.Optional(
      Type.Array(literals(alertSeverities), { minItems: 1, uniqueItems: true, description: 'Default: all.' }),
    ),
    pipelines: Type.Optional(patterns('Pipelines it is told about; `*` stands for any text. Default: all.')),
    markets: Type.Optional(patterns('Markets it is told about. Default: all.')),
    alerts: Type.Optional(patterns('Ids of alert definitions it is told about. Default: all.')),
    resolved: Type.Optional(Type.Boolean({ description: 'Whether it is told when an alert is over; default true.' })),
    digest: Type.Optional(DigestTimeSchema),
  },
  { additionalProperties: false },
);
export type ChannelSettings = Static<typeof ChannelSettingsSchema>;

export interface Channel {
  readonly id: string;
  readonly kind: ChannelKind;
  /** With all defaults filled in. */
  readonly settings: ChannelSettings;
  readonly enabled: boolean;
  /** The addresses, or the host of the webhook; the rest of its address is a secret. */
  readonly target: string;
  readonly createdAt: string;
}

/** `again`: more of the same came, or it became worse. */
export type NoticeKind = 'firing' | 'again' | 'escalated' | 'resolved';

/** What is sent: an alert as it stood when it was written, a digest, or a test of the channel. */
export type NotificationContent =
  | { readonly kind: NoticeKind; readonly alert: Alert }
  | { readonly kind: 'digest'; readonly digest: Digest }
  | { readonly kind: 'test'; readonly by: string };

export const notificationStates = ['waiting', 'sent', 'failed'] as const;
export type NotificationState = (typeof notificationStates)[number];

/** A message to a channel, and what became of it. */
export interface NotificationRecord {
  readonly id: number;
  readonly channel: string;
  /** Null for digests and tests. */
  readonly alertId: string | null;
  readonly kind: NotificationContent['kind'];
  readonly title: string;
  readonly state: NotificationState;
  readonly attempts: number;
  readonly createdAt: string;
  readonly sentAt: string | null;
  /** When it was given up. */
  readonly failedAt: string | null;
  /** Why the last attempt failed. */
  readonly error: ErrorInfo | null;
}
