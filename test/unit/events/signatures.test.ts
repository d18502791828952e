import { createHmac } from 'node:crypto';
import { sign as githubSign } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { WebhookScheme } from '../../../contracts/webhooks.ts';
import { verifySignature } from '../../../domain/events/signatures.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const now = new Date('2026-03-01T12:00:00Z');
const seconds = String(now.getTime() / 1000);
const body = Buffer.from('{"type":"order.placed","id":"é1"}');
const hex = (key: string, text: string) => createHmac('sha256', key).update(text).update(body).digest('hex');

/** What each sender sends, made by its own library where there is one. */
const senders: Readonly<Record<WebhookScheme, (key: string) => Promise<Record<string, string>>>> = {
  standard: async (key) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': seconds,
    'webhook-signature': new Webhook(key).sign('msg_1', now, body.toString()),
  }),
  github: async (key) => ({ 'x-hub-signature-256': await githubSign(key, body.toString()) }),
  stripe: async (key) => ({ 'stripe-signature': `t=${seconds},v1=${hex(key, `${seconds}.`)},v0=00` }),
  slack: async (key) => ({
    'x-slack-request-timestamp': seconds,
    'x-slack-signature': `v0=${hex(key, `v0:${seconds}:`)}`,
  }),
  perennial: async (key) => ({
    'perennial-timestamp': seconds,
    'perennial-signature': `v1=${hex(key, `${seconds}.`)}`,
  }),
  cloudevents: async (key) => ({
    'ce-id': '1',
    'ce-source': '/shop',
    'perennial-timestamp': seconds,
    'perennial-signature': `v1=${hex(key, `${seconds}.ce-id:1\nce-source:/shop\n\n`)}`,
  }),
};
const schemes = Object.keys(senders) as WebhookScheme[];
const verify = (
  scheme: WebhookScheme,
  headers: Record<string, string>,
  more: { body?: Buffer; at?: Date; secrets?: string[] } = {},
) =>
  verifySignature(scheme, { headers, body: more.body ?? body }, more.secrets ?? [secret], {
    now: more.at ?? now,
    toleranceSeconds: 300,
  });
const code = (expected: string) => expect.objectContaining({ code: expected });

describe.each(schemes)('the signature scheme %s', (scheme) => {
  it('takes what the sender signs, with either secret while one follows the other', async () => {
    const headers = await senders[scheme](secret);
    expect(() => verify(scheme, headers)).not.toThrow();
    expect(() =>
      verify(scheme, headers, { secrets: ['whsec_bmV3IHNlY3JldCBvZiB0aGUgc291cmNl', secret] }),
    ).not.toThrow();
  });

  it('refuses another body, another secret and no signature', async () => {
    const headers = await senders[scheme](secret);
    const other = Buffer.from(body.toString().replace('1', '2'));
    expect(() => verify(scheme, headers, { body: other })).toThrow(code('SIGNATURE_INVALID'));
    expect(() => verify(scheme, headers, { secrets: ['whsec_bmV3IHNlY3JldCBvZiB0aGUgc291cmNl'] })).toThrow(
      code('SIGNATURE_INVALID'),
    );
    expect(() => verify(scheme, headers, { secrets: [] })).toThrow(code('SIGNATURE_INVALID'));
    expect(() => verify(scheme, {})).toThrow(/The header \S+ is missing/);
  });
});

// GitHub signs no time.
it.each(schemes.filter((scheme) => scheme !== 'github'))(
  '%s refuses a time too far from now, in both directions',
  async (scheme) => {
    const headers = await senders[scheme](secret);
    for (const minutes of [-6, 6]) {
      const at = new Date(now.getTime() + minutes * 60_000);
      expect(() => verify(scheme, headers, { at })).toThrow(code('SIGNATURE_STALE'));
    }
    expect(() => verify(scheme, headers, { at: new Date(now.getTime() + 299_000) })).not.toThrow();
  },
);

it('takes the example that Slack publishes', () => {
  const form =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
  const headers = {
    'x-slack-request-timestamp': '1531420618',
    'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  };
  const at = new Date(1_531_420_618_000);
  expect(() =>
    verify('slack', headers, { body: Buffer.from(form), at, secrets: ['8f742231b10e8888abcd99yyyzzz85a5'] }),
  ).not.toThrow();
});

it('refuses an attribute of a CloudEvent that was changed on the way', async () => {
  const headers = { ...(await senders.cloudevents(secret)), 'ce-id': '2' };
  expect(() => verify('cloudevents', headers)).toThrow(code('SIGNATURE_INVALID'));
});
