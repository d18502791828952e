import { createHmac, randomUUID } from 'node:crypto';
import { sign as githubSign } from '@octokit/webhooks-methods';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApi, openApi } from './support.ts';

let now = new Date('2026-03-01T12:00:00Z');
let api: OpenApi;
beforeAll(async () => {
  api = await openApi({ clock: { now: () => now } });
});
afterAll(() => api.close());

const make = async (body: object): Promise<{ id: string; secret: string; status: number }> => {
  const response = await api.call('POST', '/v1/webhook-sources', { body });
  const made = response.json() as { id: string; secret: string };
  return { ...made, status: response.statusCode };
};
/** Sends as the Standard Webhooks library does. */
const send = (
  source: string,
  secret: string,
  body: object,
  { id = `${randomUUID()}`, at = now }: { id?: string; at?: Date } = {},
) => {
  const text = JSON.stringify(body);
  return api.call('POST', `/v1/webhooks/${source}`, {
    key: null,
    body: text,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, text),
    },
  });
};

describe('a webhook', () => {
  it('is stored as an event before it is answered, once however often it comes', async () => {
    const { secret } = await make({ id: 'shop', scheme: 'standard' });
    const order = { type: 'order.placed', data: { market: 'DE' } };
    const first = await send('shop', secret, order, { id: 'msg_1' });
    expect([first.statusCode, first.json()]).toEqual([202, { stored: 1, known: 0 }]);
    const again = await send('shop', secret, order, { id: 'msg_1', at: new Date(now.getTime() + 60_000) });
    expect([again.statusCode, again.json()]).toEqual([202, { stored: 0, known: 1 }]);
    const { events } = (await api.call('GET', '/v1/events?source=/webhooks/shop')).json();
    expect(events).toEqual([
      expect.objectContaining({ id: 'msg_1', type: 'shop.order.placed', data: order, extensions: { webhook: 'shop' } }),
    ]);
    const one = await api.call('GET', `/v1/events/${events[0].sequence}`);
    expect(one.json()).toMatchObject({ processedAt: null, failedAt: null, attempts: 0 });
  });

  it('is refused with the reason when its signature or time is not right, and leaves nothing', async () => {
    const { secret } = await make({ id: 'strict', scheme: 'standard', toleranceSeconds: 60 });
    const wrong = await send('strict', `whsec_${Buffer.from('x'.repeat(24)).toString('base64')}`, {});
    expect([wrong.statusCode, wrong.json().code]).toEqual([401, 'SIGNATURE_INVALID']);
    const stale = await send('strict', secret, {}, { at: new Date(now.getTime() - 61_000) });
    expect([stale.statusCode, stale.json().code]).toEqual([401, 'SIGNATURE_STALE']);
    expect(stale.json().detail).toContain('61 s ago; 60 s are allowed');
    const unsigned = await api.call('POST', '/v1/webhooks/strict', { key: null, body: {} });
    expect(unsigned.json()).toMatchObject({ status: 401, detail: 'The header webhook-timestamp is missing.' });
    expect((await api.call('POST', '/v1/webhooks/nobody', { key: null, body: {} })).statusCode).toBe(404);
    expect((await api.call('GET', '/v1/events?source=/webhooks/strict')).json().events).toEqual([]);
  });

  it('takes the old secret and the new one while one follows the other, and then the new one only', async () => {
    const { secret: old } = await make({ id: 'rotating', scheme: 'standard' });
    const rotated = await api.call('POST', '/v1/webhook-sources/rotating/rotate', { body: { overlapHours: 1 } });
    const { secret: next, secrets } = rotated.json();
    expect(secrets).toEqual([
      expect.objectContaining({ expiresAt: null }),
      expect.objectContaining({ expiresAt: '2026-03-01T13:00:00.000Z' }),
    ]);
    expect((await send('rotating', old, {})).statusCode).toBe(202);
    expect((await send('rotating', next, {})).statusCode).toBe(202);
    const before = now;
    now = new Date('2026-03-01T13:00:01Z');
    expect((await send('rotating', old, {})).statusCode).toBe(401);
    expect((await send('rotating', next, {})).statusCode).toBe(202);
    now = before;
    const third = await api.call('POST', '/v1/webhook-sources/rotating/rotate', { body: {} });
    expect(third.json().secrets).toHaveLength(2);
    expect((await send('rotating', old, {})).statusCode).toBe(401);
  });

  it('comes as GitHub, Stripe and Slack send it', async () => {
    const github = await make({ id: 'code', scheme: 'github' });
    const push = JSON.stringify({ ref: 'refs/heads/main' });
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-github-event': 'push',
      'x-github-delivery': 'd-1',
      'x-hub-signature-256': await githubSign(github.secret, `payload=${encodeURIComponent(push)}`),
    };
    const body = `payload=${encodeURIComponent(push)}`;
    expect((await api.call('POST', '/v1/webhooks/code', { key: null, body, headers })).statusCode).toBe(202);

    const stripe = await make({ id: 'pay', scheme: 'stripe', secret: 'whsec_of_stripe_itself' });
    const t = now.getTime() / 1000;
    const paid = JSON.stringify({ id: 'evt_1', type: 'invoice.paid', created: t });
    const v1 = createHmac('sha256', stripe.secret).update(`${t}.${paid}`).digest('hex');
    const signed = { 'content-type': 'application/json', 'stripe-signature': `t=${t},v1=${v1}` };
    expect((await api.call('POST', '/v1/webhooks/pay', { key: null, body: paid, headers: signed })).statusCode).toBe(
      202,
    );

    const slack = await make({ id: 'chat', scheme: 'slack' });
    const check = JSON.stringify({ type: 'url_verification', challenge: 'c-1' });
    const v0 = createHmac('sha256', slack.secret).update(`v0:${t}:${check}`).digest('hex');
    const answer = await api.call('POST', '/v1/webhooks/chat', {
      key: null,
      body: check,
      headers: {
        'content-type': 'application/json',
        'x-slack-request-timestamp': String(t),
        'x-slack-signature': `v0=${v0}`,
      },
    });
    expect([answer.statusCode, answer.body]).toEqual([200, 'c-1']);
    const { events } = (await api.call('GET', '/v1/events?type=github.push,stripe.invoice.paid')).json();
    expect(events.map((e: { id: string; data: unknown }) => [e.id, e.data])).toEqual([
      ['evt_1', JSON.parse(paid)],
      ['d-1', JSON.parse(push)],
    ]);
  });

  it('is not taken from a source that is switched off or gone', async () => {
    const { secret } = await make({ id: 'gone', scheme: 'standard' });
    await api.call('PATCH', '/v1/webhook-sources/gone', { body: { enabled: false } });
    expect((await send('gone', secret, {})).statusCode).toBe(403);
    expect((await api.call('DELETE', '/v1/webhook-sources/gone')).statusCode).toBe(204);
    expect((await send('gone', secret, {})).statusCode).toBe(404);
  });
});

describe('a source of webhooks', () => {
  it('takes a new secret after the key that encrypts was changed', async () => {
    await make({ id: 'rekeyed', scheme: 'standard' });
    const client = new pg.Client({ connectionString: api.url });
    await client.connect();
    await client.query("update webhook_secrets set sealed = 'v1.AAAA.AAAA.AAAA' where source_id = 'rekeyed'");
    await client.end();
    const lost = await send('rekeyed', 'whsec_bmV3IHNlY3JldCBvZiB0aGUgc291cmNl', {});
    expect([lost.statusCode, lost.json().code]).toEqual([500, 'CONFIG_INVALID']);
    const { secret } = (await api.call('POST', '/v1/webhook-sources/rekeyed/rotate', { body: {} })).json();
    expect((await send('rekeyed', secret, {})).statusCode).toBe(202);
  });

  it('keeps its secret to itself', async () => {
    const { secret } = await make({ id: 'quiet', scheme: 'standard' });
    const shown = await api.call('GET', '/v1/webhook-sources/quiet');
    expect(shown.body).not.toContain(secret);
    expect((await api.call('GET', '/v1/webhook-sources', { key: api.keys.viewer })).body).not.toContain(secret);
    expect((await api.call('POST', '/v1/webhook-sources', { key: api.keys.operator, body: {} })).statusCode).toBe(403);
  });

  it.each([
    [{ id: 'Shop', scheme: 'standard' }, 'body.id'],
    [{ id: 'x', scheme: 'md5' }, 'body.scheme'],
    [{ id: 'x', scheme: 'standard', secret: 'short' }, 'secret must be at least 16 bytes'],
    [{ id: 'x', scheme: 'github', secret: 'short' }, 'secret must have at least 16 characters'],
    [{ id: 'x', scheme: 'github', toleranceSeconds: 0 }, 'body.toleranceSeconds'],
    [{ id: 'x', scheme: 'github', starts: { pipeline: 'ofers', params: {} } }, 'there are offers'],
    [{ id: 'x', scheme: 'github', starts: { pipeline: 'offers', params: { nope: '1' } } }, '"nope" is not a parameter'],
    [
      { id: 'x', scheme: 'github', starts: { pipeline: 'offers', params: { asOf: 'event.' } } },
      'starts.params.asOf = "event." is not valid CEL',
    ],
    [{ id: 'quiet', scheme: 'github' }, 'webhook source "quiet" already'],
  ])('%j is refused: %s', async (body, reason) => {
    const response = await api.call('POST', '/v1/webhook-sources', { body });
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.statusCode).toBeLessThan(500);
    expect(response.json().detail).toContain(reason);
  });
});

it('publishes CloudEvents for whoever may, and refuses those that speak for us', async () => {
  const event = { specversion: '1.0', id: 'e-1', source: '/erp', type: 'stock.counted', data: { market: 'FR' } };
  const headers = { 'content-type': 'application/cloudevents+json' };
  const publish = (body: object, key = api.keys.operator) =>
    api.call('POST', '/v1/events', { key, body: JSON.stringify(body), headers });
  expect((await publish(event)).json()).toEqual({ stored: 1, known: 0 });
  expect((await publish(event)).json()).toEqual({ stored: 0, known: 1 });
  expect((await publish({ ...event, source: '/pipelines/offers' })).statusCode).toBe(400);
  expect((await publish(event, api.keys.viewer)).statusCode).toBe(403);
  const page = await api.call('GET', '/v1/dead-letters?before=1e30');
  expect([page.statusCode, page.json().detail]).toEqual([400, expect.stringContaining('query.before')]);
});

it('watches folders and prefixes of stores, and refuses what cannot be one', async () => {
  const watch = { id: 'landing', location: '/data/landing', pattern: '{market}/{date}.csv' };
  const made = await api.call('POST', '/v1/watches', { body: watch });
  expect([made.statusCode, made.json()]).toEqual([
    201,
    expect.objectContaining({ ...watch, settleSeconds: 5, markerOnly: false, scanSeconds: 60 }),
  ]);
  expect((await api.call('POST', '/v1/watches', { body: watch })).statusCode).toBe(409);
  const prefix = { id: 'prefix', location: 's3://sales-eu/landing' };
  expect((await api.call('POST', '/v1/watches', { body: prefix })).json()).toMatchObject(prefix);
  for (const location of ['data', 's3://', 's3://Sales/landing', 'https://sales']) {
    const refused = await api.call('POST', '/v1/watches', { body: { id: 'a', location } });
    expect([refused.statusCode, refused.json().detail]).toEqual([400, expect.stringContaining('absolute')]);
  }
  const twice = { id: 'a', location: '/data', pattern: '{a}/{a}' };
  expect((await api.call('POST', '/v1/watches', { body: twice })).json().detail).toContain('{a}');
  expect((await api.call('DELETE', '/v1/watches/landing')).statusCode).toBe(204);
  expect((await api.call('DELETE', '/v1/watches/landing')).statusCode).toBe(404);
});
