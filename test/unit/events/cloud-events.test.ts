import { HTTP, CloudEvent as SdkEvent } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { readCloudEvents } from '../../../domain/events/cloud-event.ts';

const now = new Date('2026-03-01T12:00:00Z');
const sent = new SdkEvent({
  id: 'o-1',
  source: '/shop/munich',
  type: 'order.placed',
  subject: 'DE',
  time: '2026-03-01T11:59:00.000Z',
  tenant: 'café',
  data: { market: 'DE', lines: [1, 2] },
});
const wanted = {
  specversion: '1.0',
  id: 'o-1',
  source: '/shop/munich',
  type: 'order.placed',
  subject: 'DE',
  time: '2026-03-01T11:59:00.000Z',
  extensions: { tenant: 'café' },
  data: { market: 'DE', lines: [1, 2] },
};
const lower = (headers: object) =>
  Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), String(v)]));
const read = (headers: Record<string, string>, body: string) =>
  readCloudEvents({ headers, body: Buffer.from(body) }, now);

describe('CloudEvents of the SDK', () => {
  it.each(['structured', 'binary'] as const)('are read in %s mode', (mode) => {
    const { headers, body } = HTTP[mode](sent);
    // fetch cannot send other than Latin-1, so senders encode as the binding says.
    const encoded = Object.fromEntries(
      Object.entries(lower(headers)).map(([k, v]) => [k, k.startsWith('ce-') ? encodeURI(v) : v]),
    );
    expect(read(encoded, String(body))).toEqual([expect.objectContaining(wanted)]);
  });

  it('are read as a batch', () => {
    const body = JSON.stringify([sent, { ...sent.toJSON(), id: 'o-2' }]);
    const events = read({ 'content-type': 'application/cloudevents-batch+json' }, body);
    expect(events.map((event) => event.id)).toEqual(['o-1', 'o-2']);
  });
});

it('what is ours to say is not taken from a sender', () => {
  const event = { specversion: '1.0', id: '1', source: '/shop', type: 'x', webhook: 'shop', ruledepth: 0.5, own: 1 };
  const [found] = read({ 'content-type': 'application/cloudevents+json' }, JSON.stringify(event));
  expect(found?.extensions).toEqual({ own: 1 });
});

describe('a CloudEvent that is none', () => {
  const given = { specversion: '1.0', id: '1', source: '/shop', type: 'x' };
  it.each([
    [{ ...given, id: '' }, 'id'],
    [{ ...given, source: undefined }, 'lacks source'],
    [{ ...given, specversion: '0.3' }, '"0.3"'],
    [{ ...given, time: 'yesterday' }, '"yesterday"'],
    [{ ...given, time: '9999-12-31T23:59:59-01:00' }, 'RFC 3339'],
    [{ ...given, time: '0001-01-01T00:00:00+01:00' }, 'RFC 3339'],
    [{ ...given, source: '/pipelines/offers' }, 'belongs to Perennial'],
    [{ ...given, Tenant: 'x' }, 'Tenant'],
    [{ ...given, tenant: { deep: true } }, 'tenant'],
    [{ ...given, data: 1, data_base64: 'aGk=' }, 'not both'],
    ['text', 'JSON object'],
  ])('%j is refused with the reason', (event, reason) => {
    expect(() => read({ 'content-type': 'application/cloudevents+json' }, JSON.stringify(event))).toThrow(reason);
  });

  it('is refused in a format nobody reads here', () => {
    expect(() => read({ 'content-type': 'application/cloudevents+avro' }, '')).toThrow('avro');
  });
});
