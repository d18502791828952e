import { type Static, Type } from 'typebox';
import type { ErrorInfo } from './errors.ts';

/** How a webhook is signed and what it looks like. */
export const webhookSchemes = ['perennial', 'standard', 'github', 'stripe', 'slack', 'cloudevents'] as const;
export type WebhookScheme = (typeof webhookSchemes)[number];

/** The run that each event of a source starts. */
export const WebhookStartSchema = Type.Object(
  {
    pipeline: Type.String({ minLength: 1, maxLength: 200 }),
    /** Parameter name → CEL expression over `event`, e.g. `event.data.market`. */
    params: Type.Record(Type.String(), Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false },
);
export type WebhookStart = Static<typeof WebhookStartSchema>;

export interface WebhookSecretInfo {
  readonly id: string;
  readonly createdAt: string;
  /** Null: the one in use. */
  readonly expiresAt: string | null;
}

/** Who may send webhooks to `/v1/webhooks/<id>`, and what becomes of them. */
export interface WebhookSource {
  readonly id: string;
  readonly scheme: WebhookScheme;
  /** Type of every event made from its webhooks; null: named after what the sender says, e.g. `github.push`. */
  readonly eventType: string | null;
  /** How far a signed timestamp may be from now, seconds. */
  readonly toleranceSeconds: number;
  readonly enabled: boolean;
  readonly starts: WebhookStart | null;
  readonly createdAt: string;
  /** At most two are valid at a time; newest first. */
  readonly secrets: readonly WebhookSecretInfo[];
}

/** A place in which data lands. */
export interface DatasetWatch {
  readonly id: string;
  /** An absolute path, or `s3://bucket/prefix`. */
  readonly location: string;
  /** `{market}/{date}.csv`: each placeholder matches a part of a name, `*` any part, `**` any path; null: every file. */
  readonly pattern: string | null;
  /** A file counts as complete when its size and time have stayed the same for so long; seconds. Objects of a store always are. */
  readonly settleSeconds: number;
  /** Whether a file counts as complete only by a marker: `<file>.done` beside it or `_SUCCESS` in its folder. */
  readonly markerOnly: boolean;
  /** Between two scans when nothing seems to change, seconds. */
  readonly scanSeconds: number;
  readonly createdAt: string;
}

/** How looking at a watched place went last; kept about once a minute, and whenever it changes. */
export interface DatasetLook {
  /** Null: nobody has looked yet. */
  readonly lookedAt: string | null;
  /** Why it could not be looked at; null when it could. */
  readonly error: ErrorInfo | null;
}
