import { PerennialError } from '../../contracts/errors.ts';
import type { CloudEvent } from '../../contracts/events.ts';
import { webhookExtension } from '../../contracts/events.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { ruleDepthExtension } from '../../contracts/rules.ts';
import type { WebhookRequest } from './signatures.ts';

// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md and …/bindings/http-protocol-binding.md
const structured = 'application/cloudevents+json';
const batch = 'application/cloudevents-batch+json';
const attributes = ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'dataschema'] as const;
const longest: Readonly<Record<string, number>> = { id: 500, source: 500, type: 200, subject: 1000 };
const maxOther = 2000;
const maxBatch = 1000;
/** Deeper values would end the recursion that reads and writes them. */
const maxDepth = 100;
/** Sources of what happens inside: nobody outside may speak for them. */
const ownSources = /^\/(pipelines|models|watches|rules|deadlines|webhooks)(\/|$)/;
const time = /^(?!0000)\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * The CloudEvents of an HTTP request in structured, batch or binary mode, checked; VALIDATION_FAILED with the attribute
 * otherwise, also when an event claims a source of ours. `now` stands in for a time that is not given.
 */
export function readCloudEvents(request: WebhookRequest, now: Date): CloudEvent[] {
  refuseEncoded(request.headers);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith(batch)) {
    const list = parseJson(request.body);
    if (!Array.isArray(list)) throw invalid('A batch of CloudEvents is a JSON array.');
    if (list.length > maxBatch) throw invalid(`The batch has ${list.length} events; ${maxBatch} are allowed.`);
    return list.map((event, index) => fromJson(event, now, `event ${index}: `));
  }
  if (type.startsWith(structured)) return [fromJson(parseJson(request.body), now)];
  if (type.startsWith('application/cloudevents'))
    throw invalid(`The event format ${type.slice(0, 100)} is not supported; JSON is.`);
  return [fromHeaders(request, now)];
}

function fromJson(value: Json, now: Date, where = ''): CloudEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`${where}A CloudEvent is a JSON object.`);
  const { data, data_base64, ...given } = value;
  if (data !== undefined && data_base64 !== undefined)
    throw invalid(`${where}An event has either data or data_base64, not both.`);
  return complete(given, data ?? data_base64, now, where);
}

function fromHeaders({ headers, body }: WebhookRequest, now: Date): CloudEvent {
  const given: JsonObject = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-') && value !== undefined) given[name.slice(3)] = decodeHeader(name, value);
  }
  const type = headers['content-type'];
  if (type !== undefined) given['datacontenttype'] = type;
  return complete(given, readData(body, type), now, '');
}

/** Values of headers are percent-encoded where they hold more than printable ASCII. */
function decodeHeader(name: string, value: string): string {
  try {
    return decodeURIComponent(value.replaceAll(/%(?![0-9a-fA-F]{2})/g, '%25'));
  } catch {
    throw invalid(`The header ${name} is not valid percent encoding of UTF-8.`);
  }
}

/** A body as the data of an event: JSON as such, other text as text, bytes as base64. */
export function readData(body: Buffer, contentType = 'application/json'): Json | undefined {
  if (body.length === 0) return undefined;
  if (isJson(contentType)) return parseJson(body);
  const text = body.toString('utf8');
  return Buffer.from(text, 'utf8').equals(body) ? storable(text) : body.toString('base64');
}

/** Whether a content type says JSON; without one, a body is taken for JSON. */
export function isJson(contentType = 'application/json'): boolean {
  return /^[^;]*[/+]json\s*(;|$)/i.test(contentType);
}

/** UNSUPPORTED_MEDIA_TYPE for a body that is compressed: its signature is over other bytes than those it stands for. */
export function refuseEncoded(headers: WebhookRequest['headers']): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || /^\s*(identity)?\s*$/i.test(encoding)) return;
  throw new PerennialError(
    'UNSUPPORTED_MEDIA_TYPE',
    `The header content-encoding is "${encoding.slice(0, 60)}"; bodies are read as they stand.`,
    { remedy: 'Send the body uncompressed, signed as it is sent.' },
  );
}

function complete(given: JsonObject, data: Json | undefined, now: Date, where: string): CloudEvent {
  const problem = (text: string): PerennialError => invalid(`${where}${text}`);
  const known: Record<string, string> = {};
  const extensions: JsonObject = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    const isKnown = (attributes as readonly string[]).includes(name);
    if (!isKnown && !/^[a-z0-9]{1,50}$/.test(name))
      throw problem(`The attribute "${name.slice(0, 60)}" has a name other than lower-case letters and digits.`);
    const most = longest[name] ?? maxOther;
    if (isKnown ? typeof value !== 'string' || value === '' : typeof value === 'object')
      throw problem(
        `The attribute ${name} must be ${isKnown ? 'text that is not empty' : 'text, a number, true or false'}.`,
      );
    if (String(value).length > most) throw problem(`The attribute ${name} is longer than ${most} characters.`);
    if (isKnown) known[name] = value as string;
    // Who came in by which webhook, and how many rules have fired up to here, is ours to say.
    else if (name !== webhookExtension && name !== ruleDepthExtension) extensions[name] = value;
  }
  const { specversion, id, source, type, ...optional } = known;
  if (specversion !== '1.0') throw problem(`specversion is ${JSON.stringify(specversion ?? null)}; this takes "1.0".`);
  if (!id || !source || !type) {
    const missing = Object.entries({ id, source, type }).flatMap(([name, value]) => (value ? [] : [name]));
    throw problem(`The event lacks ${missing.join(', ')}.`);
  }
  if (ownSources.test(source)) throw problem(`The source "${source.slice(0, 100)}" belongs to Perennial itself.`);
  const at =
    optional['time'] === undefined ? now : new Date(time.test(optional['time']) ? optional['time'] : Number.NaN);
  // Its zone may move a time out of the years that PostgreSQL and ISO 8601 have.
  if (!(at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999))
    throw problem(`The time "${optional['time']?.slice(0, 60)}" is not one of RFC 3339.`);
  const event: CloudEvent = {
    ...optional,
    specversion,
    id,
    source,
    type,
    time: at.toISOString(),
    ...(data === undefined ? {} : { data }),
    ...(Object.keys(extensions).length > 0 ? { extensions } : {}),
  };
  return storable(event as unknown as Json) as unknown as CloudEvent;
}

/** A body as JSON; VALIDATION_FAILED when it is none. */
export function parseJson(body: Buffer): Json {
  let value: Json;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as Json;
  } catch (error) {
    throw invalid(`The body is not valid JSON: ${error instanceof Error ? error.message.slice(0, 100) : ''}.`);
  }
  return storable(value);
}

/** A value as PostgreSQL can keep it: U+FFFD stands for U+0000 and for halves of surrogate pairs. */
function storable(value: Json, depth = 0): Json {
  if (typeof value === 'string') return value.replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD');
  if (typeof value !== 'object' || value === null) return value;
  if (depth === maxDepth) throw invalid(`The body is nested more than ${maxDepth} levels deep.`);
  if (Array.isArray(value)) return value.map((member) => storable(member, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [storable(key) as string, storable(member, depth + 1)]),
  );
}

function invalid(message: string): PerennialError {
  return new PerennialError('VALIDATION_FAILED', message, {
    remedy: 'Send CloudEvents 1.0 (https://cloudevents.io), or what the scheme of the source says.',
  });
}
