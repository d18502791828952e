import { createHmac, timingSafeEqual } from 'node:crypto';
import { PerennialError } from '../../contracts/errors.ts';
import type { WebhookScheme } from '../../contracts/webhooks.ts';

/** A webhook as it came: header names in lower case, the body byte for byte. */
export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What a scheme finds in a request: the signatures sent, what they sign, and when it was signed. */
interface Signed {
  readonly signatures: readonly string[];
  readonly encoding: 'hex' | 'base64';
  readonly content: readonly (string | Buffer)[];
  /** Seconds since 1970 as sent; null where the scheme signs no time. */
  readonly timestamp: string | null;
}

const readers: Readonly<Record<WebhookScheme, (request: WebhookRequest) => Signed>> = {
  perennial: perennialSignature,
  cloudevents: perennialSignature,
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
  standard: ({ headers, body }) => {
    const timestamp = header(headers, 'webhook-timestamp');
    return {
      signatures: versions(header(headers, 'webhook-signature').split(' '), 'v1,'),
      encoding: 'base64',
      content: [`${header(headers, 'webhook-id')}.${timestamp}.`, body],
      timestamp,
    };
  },
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
  github: ({ headers, body }) => ({
    signatures: versions([header(headers, 'x-hub-signature-256')], 'sha256='),
    encoding: 'hex',
    content: [body],
    timestamp: null,
  }),
  // https://docs.stripe.com/webhooks#verify-manually
  stripe: ({ headers, body }) => {
    const parts = header(headers, 'stripe-signature').split(',');
    const timestamp = versions(parts, 't=')[0] ?? '';
    return { signatures: versions(parts, 'v1='), encoding: 'hex', content: [`${timestamp}.`, body], timestamp };
  },
  // https://api.slack.com/authentication/verifying-requests-from-slack
  slack: ({ headers, body }) => {
    const timestamp = header(headers, 'x-slack-request-timestamp');
    return {
      signatures: versions([header(headers, 'x-slack-signature')], 'v0='),
      encoding: 'hex',
      content: [`v0:${timestamp}:`, body],
      timestamp,
    };
  },
};

/**
 * Ours: `perennial-signature: v1=<hex>` is HMAC-SHA256 over `<perennial-timestamp>.<body>`. Attributes of a CloudEvent
 * that stand in headers are signed too: as `<timestamp>.`, a line `name:value` for each, sorted, an empty line, the body.
 */
function perennialSignature({ headers, body }: WebhookRequest): Signed {
  const timestamp = header(headers, 'perennial-timestamp');
  const attributes = Object.entries(headers)
    .filter(([name]) => name.startsWith('ce-'))
    .map(([name, value]) => `${name}:${value}\n`)
    .sort();
  return {
    signatures: versions(header(headers, 'perennial-signature').split(','), 'v1='),
    encoding: 'hex',
    content: [`${timestamp}.`, ...(attributes.length > 0 ? [...attributes, '\n'] : []), body],
    timestamp,
  };
}

/** More signatures than any sender makes while it changes its secret would only cost time. */
const maxSignatures = 10;

/**
 * Checks a webhook's signature in constant time against each secret, and its signed time, before anything is parsed.
 *
 * @param secrets the ones valid now.
 * @returns the signed time as sent; null where the scheme signs none.
 * @throws SIGNATURE_INVALID, SIGNATURE_STALE.
 */
export function verifySignature(
  scheme: WebhookScheme,
  request: WebhookRequest,
  secrets: readonly string[],
  { now, toleranceSeconds }: { readonly now: Date; readonly toleranceSeconds: number },
): string | null {
  const { signatures, encoding, content, timestamp } = readers[scheme](request);
  const given = signatures.slice(0, maxSignatures).map((signature) => Buffer.from(signature, encoding));
  let matches = 0;
  for (const secret of secrets) {
    const wanted = signatureOf(scheme, secret, content);
    for (const signature of given) {
      matches += Number(signature.length === wanted.length && timingSafeEqual(signature, wanted));
    }
  }
  if (matches === 0) {
    throw new PerennialError('SIGNATURE_INVALID', 'The signature fits none of the secrets of this source.', {
      remedy: `Sign the body byte for byte with the secret of the source, as the scheme "${scheme}" says.`,
    });
  }
  if (timestamp === null) return null;
  const age = /^\d{1,12}$/.test(timestamp) ? now.getTime() / 1000 - Number(timestamp) : Number.NaN;
  if (Math.abs(age) <= toleranceSeconds) return timestamp;
  throw new PerennialError(
    'SIGNATURE_STALE',
    Number.isNaN(age)
      ? `The signed time "${timestamp.slice(0, 40)}" is no number of seconds since 1970.`
      : `The webhook was signed ${Math.round(Math.abs(age))} s ${age > 0 ? 'ago' : 'in the future'}; ${toleranceSeconds} s are allowed.`,
    { remedy: 'Sign each try anew, and check both clocks.' },
  );
}

/** The HMAC-SHA256 that a scheme wants for a content. */
export function signatureOf(scheme: WebhookScheme, secret: string, content: readonly (string | Buffer)[]): Buffer {
  const key = scheme === 'standard' ? Buffer.from(secret.replace(/^whsec_/, ''), 'base64') : secret;
  const hmac = createHmac('sha256', key);
  for (const part of content) hmac.update(part);
  return hmac.digest();
}

/** A header that must be there; SIGNATURE_INVALID with its name when it is not. */
function header(headers: WebhookRequest['headers'], name: string): string {
  const value = headers[name];
  if (value) return value;
  throw new PerennialError('SIGNATURE_INVALID', `The header ${name} is missing.`, {
    remedy: 'Send the headers of the scheme the source was made with.',
  });
}

/** The values of the parts that begin with `prefix`. */
function versions(parts: readonly string[], prefix: string): string[] {
  return parts
    .map((part) => part.trim())
    .flatMap((part) => (part.startsWith(prefix) ? [part.slice(prefix.length)] : []));
}
