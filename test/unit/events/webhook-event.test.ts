import { describe, expect, it } from 'vitest';
import type { WebhookScheme, WebhookSource } from '../../../contracts/webhooks.ts';
import { webhookEvent } from '../../../domain/events/webhook-event.ts';

const now = new Date('2026-03-01T12:00:00Z');
const json = { 'content-type': 'application/json' };
const sourceOf = (scheme: WebhookScheme): WebhookSource => ({
  id: 'shop',
  scheme,
  eventType: null,
  toleranceSeconds: 300,
  enabled: true,
  starts: null,
  createdAt: now.toISOString(),
  secrets: [],
});
const read = (scheme: WebhookScheme, headers: Record<string, string>, text: string, signedAt = '1772366400') =>
  webhookEvent(sourceOf(scheme), { headers, body: Buffer.from(text) }, { now, signedAt })[0];

describe('the id of an event', () => {
  it('is the name its sender gave, also a number, whenever it is signed', () => {
    expect(read('perennial', json, '{"id":"o-1"}')?.id).toBe('o-1');
    expect(read('perennial', json, '{"id":17}', '1')?.id).toBe('17');
    expect(read('perennial', json, '{"id":17}', '2')?.id).toBe('17');
    const long = JSON.stringify({ id: 'x'.repeat(501) });
    expect(read('perennial', json, long, '1')?.id).toBe(read('perennial', json, long, '2')?.id);
  });

  it('tells apart numbers that JSON reads as the same', () => {
    const [a, b] = ['9007199254740993', '9007199254740992'].map((id) => read('perennial', json, `{"id":${id}}`)?.id);
    expect(a).not.toBe(b);
  });

  it.each<[WebhookScheme, string]>([
    ['perennial', '{"id":"o-1","type":"placed"}'],
    ['stripe', '{"id":"evt_1","type":"invoice.paid"}'],
    ['slack', '{"event_id":"Ev1","event":{"type":"message"}}'],
  ])('of %s is the same whatever content type stands above the signed body', (scheme, body) => {
    const types = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream'];
    const found = types.map((type) => read(scheme, { 'content-type': type }, body));
    expect(new Set(found.map((event) => event?.id)).size).toBe(1);
    expect(new Set(found.map((event) => event?.type)).size).toBe(1);
  });

  it('does not depend on headers that nobody signed', () => {
    const body = '{"command":"/train"}';
    const ids = [json, { ...json, 'perennial-timestamp': '5' }, { ...json, 'stripe-signature': 't=6' }].map(
      (headers) => read('slack', headers, body)?.id,
    );
    expect(new Set(ids).size).toBe(1);
  });
});

it('refuses a compressed body with the reason', () => {
  const refused = () => read('stripe', { ...json, 'content-encoding': 'gzip' }, 'zipped');
  expect(refused).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_MEDIA_TYPE' }));
  expect(refused).toThrow('"gzip"');
});
