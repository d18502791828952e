import { createHash } from 'node:crypto';
import { PerennialError } from '../../contracts/errors.ts';
import { type CloudEvent, webhookExtension } from '../../contracts/events.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { WebhookScheme, WebhookSource } from '../../contracts/webhooks.ts';
import { isJson, parseJson, readCloudEvents, readData, refuseEncoded } from './cloud-event.ts';
import type { WebhookRequest } from './signatures.ts';

/** Longest id of an event. */
const maxId = 500;

interface Named {
  /** What the sender calls this delivery or event; undefined: it has no name. */
  readonly id: unknown;
  /** What the sender calls its kind. */
  readonly type: unknown;
  readonly time?: unknown;
}

const names: Readonly<
  Record<Exclude<WebhookScheme, 'cloudevents'>, (headers: WebhookRequest['headers'], body: JsonObject) => Named>
> = {
  // Only what is signed counts: an id in a header could be changed by whoever sends the same body again.
  perennial: (_headers, body) => ({ id: body['id'], type: body['type'], time: body['time'] }),
  standard: (headers, body) => ({ id: headers['webhook-id'], type: body['type'], time: body['timestamp'] }),
  github: (headers) => ({ id: needed(headers, 'x-github-delivery'), type: needed(headers, 'x-github-event') }),
  stripe: (_headers, body) => ({
    id: body['id'],
    type: body['type'],
    time: typeof body['created'] === 'number' ? body['created'] * 1000 : undefined,
  }),
  slack: (_headers, body) => ({
    id: body['event_id'] ?? body['trigger_id'],
    type: (body['event'] as JsonObject | undefined)?.['type'] ?? body['type'] ?? (body['command'] && 'command'),
  }),
};

/** Prefix of the types of events, where senders of a scheme are one service. */
const services: Partial<Record<WebhookScheme, string>> = { github: 'github', stripe: 'stripe', slack: 'slack' };

/**
 * The event that a webhook with a valid signature brings. VALIDATION_FAILED when its body is not what the scheme says.
 *
 * @param at.signedAt the signed time as it was sent; null where the scheme signs none.
 */
export function webhookEvent(
  source: WebhookSource,
  request: WebhookRequest,
  { now, signedAt }: { readonly now: Date; readonly signedAt: string | null },
): CloudEvent[] {
  const by = { [webhookExtension]: source.id };
  if (source.scheme === 'cloudevents') {
    return readCloudEvents(request, now).map((event) => ({ ...event, extensions: { ...event.extensions, ...by } }));
  }
  const { headers, body } = request;
  const data = webhookData(request);
  const named = names[source.scheme](headers, fieldsOf(request, data));
  const kind = typeof named.type === 'string' && named.type !== '' ? named.type : 'received';
  const type = source.eventType ?? `${services[source.scheme] ?? source.id}.${kind}`;
  const time = typeof named.time === 'string' || typeof named.time === 'number' ? new Date(named.time) : now;
  return [
    {
      specversion: '1.0',
      id: idOf(named.id, body, signedAt),
      source: `/webhooks/${source.id}`,
      type: type.slice(0, 200),
      time: plausible(time) ? time.toISOString() : now.toISOString(),
      ...(headers['content-type'] && body.length > 0 ? { datacontenttype: headers['content-type'].slice(0, 200) } : {}),
      ...(data === undefined ? {} : { data }),
      extensions: by,
    },
  ];
}

/** What Slack wants back when it checks an address; null for everything else. */
export function slackChallenge({ scheme }: WebhookSource, request: WebhookRequest): string | null {
  if (scheme !== 'slack') return null;
  const data = webhookData(request);
  if (!isObject(data) || data['type'] !== 'url_verification') return null;
  return typeof data['challenge'] === 'string' ? data['challenge'] : null;
}

/** JSON as such, forms as an object; a form's `payload` (GitHub, Slack) is JSON itself. */
function webhookData({ headers, body }: WebhookRequest): Json | undefined {
  refuseEncoded(headers);
  const type = headers['content-type'];
  return type !== undefined && /^application\/x-www-form-urlencoded/i.test(type)
    ? readForm(body)
    : readData(body, type);
}

function readForm(body: Buffer): Json | undefined {
  const form = Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  return parseJson(Buffer.from(form['payload'] ?? JSON.stringify(form)));
}

/**
 * What a body says of itself, whatever its content type: that is not signed, and the same body sent again with another
 * one must be the same event.
 */
function fieldsOf({ headers, body }: WebhookRequest, data: Json | undefined): JsonObject {
  if (isJson(headers['content-type'])) return isObject(data) ? data : {};
  for (const read of [parseJson, readForm]) {
    try {
      const found = read(body);
      return isObject(found) ? found : {};
    } catch {
      // Not in this form.
    }
  }
  return {};
}

/** Without a name of the sender's own, the same content signed at the same time is the same event. */
function idOf(named: unknown, body: Buffer, signedAt: string | null): string {
  // A greater number would have lost digits, and be another event's name too.
  const name = Number.isSafeInteger(named) ? String(named) : named;
  const hash = createHash('sha256');
  if (typeof name !== 'string' || name === '')
    return `sha256:${hash
      .update(`${signedAt ?? ''}.`)
      .update(body)
      .digest('hex')}`;
  const isStorable = name.length <= maxId && !/[\0\p{Surrogate}]/u.test(name);
  return isStorable ? name : `sha256:${hash.update(name).digest('hex')}`;
}

function needed(headers: WebhookRequest['headers'], name: string): string {
  const value = headers[name];
  if (value) return value;
  throw new PerennialError('VALIDATION_FAILED', `The header ${name} is missing.`, {
    remedy: 'Let GitHub itself send the webhook, or send all of its headers.',
  });
}

function plausible(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year >= 1970 && year <= 9999;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
