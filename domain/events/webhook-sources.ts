import { randomBytes } from 'node:crypto';
import { type FieldFault, PerennialError } from '../../contracts/errors.ts';
import type { WebhookScheme, WebhookSource, WebhookStart } from '../../contracts/webhooks.ts';
import type { AnyPipeline } from '../dag/index.ts';
import { tellFaults } from '../dag/params.ts';
import type { Clock } from '../ports/clock.ts';
import type { WebhookSourceRepository } from '../ports/webhooks.ts';
import { expressionFault } from './rules/expressions.ts';

/** How far a signed time may be from now when nothing else is said, seconds: what the Standard Webhooks libraries take. */
export const defaultToleranceSeconds = 300;
/** How long the secret before stays valid when nothing else is said, hours. */
export const defaultOverlapHours = 24;
const hourMs = 3_600_000;

export interface NewSource {
  readonly id: string;
  readonly scheme: WebhookScheme;
  /** The sender's, where it makes them (Stripe, Slack); absent: a new one is made. */
  readonly secret?: string | undefined;
  readonly eventType?: string | undefined;
  readonly toleranceSeconds?: number | undefined;
  readonly starts?: WebhookStart | undefined;
}

export type SourceChange = Parameters<WebhookSourceRepository['change']>[1];

export interface WebhookSourceService {
  /** The source and its secret, which is shown this once. */
  create(source: NewSource): Promise<{ source: WebhookSource; secret: string }>;
  show(id: string): Promise<WebhookSource>;
  change(id: string, change: SourceChange): Promise<WebhookSource>;
  /** A new secret beside the one in use, which ends after `overlapHours`. */
  rotate(
    id: string,
    secret: string | undefined,
    overlapHours?: number,
  ): Promise<{ source: WebhookSource; secret: string }>;
  remove(id: string): Promise<void>;
}

/** Makes and changes the sources of webhooks. NOT_FOUND, CONFLICT, VALIDATION_FAILED with the field at fault. */
export function createWebhookSourceService(deps: {
  readonly webhookSources: WebhookSourceRepository;
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly clock: Clock;
}): WebhookSourceService {
  const { webhookSources: sources, pipelines, clock } = deps;
  const found = <T>(id: string, value: T | null): T => {
    if (value !== null) return value;
    throw new PerennialError('NOT_FOUND', `There is no webhook source "${id}".`, {
      remedy: 'GET /v1/webhook-sources lists them.',
    });
  };
  return {
    async create({ id, scheme, secret: given, eventType, toleranceSeconds = defaultToleranceSeconds, starts }) {
      const secret = given ?? newSecret(scheme);
      refuse([...secretFaults(scheme, secret), ...startFaults(starts ?? null, pipelines)]);
      const source = { id, scheme, eventType: eventType ?? null, toleranceSeconds, starts: starts ?? null };
      return { source: await sources.create(source, secret), secret };
    },
    show: async (id) => found(id, await sources.get(id)),
    async change(id, change) {
      refuse(startFaults(change.starts ?? null, pipelines));
      return found(id, await sources.change(id, change));
    },
    async rotate(id, given, overlapHours = defaultOverlapHours) {
      const { scheme } = found(id, await sources.get(id));
      const secret = given ?? newSecret(scheme);
      refuse(secretFaults(scheme, secret));
      const until = new Date(clock.now().getTime() + overlapHours * hourMs);
      return { source: found(id, await sources.rotate(id, secret, until)), secret };
    },
    async remove(id) {
      found(id, (await sources.remove(id)) || null);
    },
  };
}

/** Standard Webhooks secrets are base64 behind `whsec_`; others are text. 192 and 256 random bits. */
function newSecret(scheme: WebhookScheme): string {
  return scheme === 'standard' ? `whsec_${randomBytes(24).toString('base64')}` : randomBytes(32).toString('base64url');
}

function secretFaults(scheme: WebhookScheme, secret: string): FieldFault[] {
  const isBase64 = /^(whsec_)?[A-Za-z0-9+/]{22,}={0,2}$/.test(secret);
  if (scheme === 'standard' && !isBase64)
    return [{ field: 'secret', message: 'must be at least 16 bytes as base64, with or without whsec_ before it' }];
  if (secret.length < 16) return [{ field: 'secret', message: 'must have at least 16 characters' }];
  return [];
}

function startFaults(starts: WebhookStart | null, pipelines: ReadonlyMap<string, AnyPipeline>): FieldFault[] {
  if (!starts) return [];
  const pipeline = pipelines.get(starts.pipeline);
  if (!pipeline) {
    const known = [...pipelines.keys()].join(', ');
    return [{ field: 'starts.pipeline', value: starts.pipeline, message: `is not a pipeline; there are ${known}` }];
  }
  const names = Object.keys(pipeline.params.properties);
  return Object.entries(starts.params).flatMap(([name, text]): FieldFault[] => {
    const field = `starts.params.${name}`;
    if (!names.includes(name))
      return [{ field, value: name, message: `is not a parameter; there are ${names.join(', ') || 'none'}` }];
    return expressionFault('event', field, text);
  });
}

function refuse(fields: readonly FieldFault[]): void {
  if (fields.length === 0) return;
  const { told, text } = tellFaults(fields);
  throw new PerennialError('VALIDATION_FAILED', `${text}.`, {
    fields: told,
    remedy: 'Correct the named fields; docs/how-to/webhooks.md shows each scheme.',
  });
}
