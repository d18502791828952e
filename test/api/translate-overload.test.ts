import { type ClientRequest, request } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TranslationService } from '../../domain/nlp/translator/index.ts';
import { ConcurrencyLimit } from '../../domain/serving/index.ts';
import { ManualTimers, settled } from '../support/manual-timers.ts';
import { type OpenApi, openApi } from './support.ts';

/** Translations that end when told to, of which one is prepared at a time and none may be expected to wait over a second. */
const timers = new ManualTimers();
let limit: ConcurrencyLimit;
/** Ends of the translations under way, in their order, and what heard of those that wait. */
let ends: (() => void)[];
let entries: Promise<unknown>[];
let wake: () => void;
/** Text for which the model is waited for, so that its place is free meanwhile. */
const queued = 'waits for the model';
const translation: TranslationService = {
  enter(signal) {
    const entry = limit.enter(signal);
    entries.push(entry.catch((error: unknown) => error));
    wake();
    return entry;
  },
  async translate({ text }, { signal, onQueued } = {}) {
    if (text === queued) onQueued?.();
    await new Promise<void>((resolve, reject) => {
      ends.push(resolve);
      wake();
      signal?.addEventListener('abort', () => reject(new Error('gone')));
    });
    return { translations: [], milliseconds: 1 };
  },
  async *stream() {},
  segments: async () => [],
  check: async () => {},
  sourceOf: async () => ({ language: '', confidence: 0 }),
  pairs: async () => [],
  languages: async () => [],
  detect: async () => [],
};

let api: OpenApi;
let url: string;
beforeAll(async () => {
  api = await openApi({ translation });
  url = await api.app.listen({ port: 0, host: '127.0.0.1' });
});
beforeEach(() => {
  limit = new ConcurrencyLimit({ most: 1, maxWaitMs: 1000, timers });
  ends = [];
  entries = [];
  wake = () => {};
});
afterAll(() => api.close());

/** Resolves once so many have asked to be let in, and so many are being translated. */
async function until(asked: number, translating: number): Promise<void> {
  while (entries.length < asked || ends.length < translating)
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
}

const body = { text: 'The car is old.', source: 'en', target: 'de' };
const translate = (path = '/v1/translate', given: object = body) =>
  api.call('POST', path, { key: api.keys.viewer, body: given });

/** Sends a request of which the caller may go away. */
function send(text: string): ClientRequest {
  const sent = request(`${url}/v1/translate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${api.keys.viewer}` },
  });
  sent.on('error', () => {});
  sent.end(JSON.stringify({ ...body, text }));
  return sent;
}

it('refuses with 429 and retry-after what would wait too long, whatever the client, and takes requests again afterwards', async () => {
  const first = translate();
  await until(1, 1);
  const second = translate();
  await until(2, 1);
  timers.advance(900);
  ends[0]?.();
  expect((await first).statusCode).toBe(200);
  await until(2, 2);
  // A place becomes free every 900 ms: one more may wait.
  const third = translate();
  await until(3, 2);
  for (const [path, given] of [
    ['/v1/translate', body],
    ['/v2/translate', { text: 'x', target_lang: 'DE' }],
    ['/translate', { q: 'x', source: 'en', target: 'de' }],
    // Before anything else is looked at.
    ['/v1/translate', {}],
  ] as const) {
    const refused = await translate(path, given);
    expect([path, refused.statusCode, refused.headers['retry-after']]).toEqual([path, 429, '2']);
  }
  // What does not translate is answered meanwhile.
  expect((await api.call('GET', '/health/live', { key: null })).statusCode).toBe(200);
  expect((await api.call('GET', '/v1/languages')).statusCode).toBe(200);
  ends[1]?.();
  await until(3, 3);
  ends[2]?.();
  expect([(await second).statusCode, (await third).statusCode]).toEqual([200, 200]);
  const afterwards = translate();
  await until(8, 4);
  ends[3]?.();
  expect((await afterwards).statusCode).toBe(200);
});

it('lets the next in while a request waits for the model', async () => {
  const first = translate('/v1/translate', { ...body, text: queued });
  const second = translate();
  await until(2, 2);
  for (const end of ends) end();
  expect([(await first).statusCode, (await second).statusCode]).toEqual([200, 200]);
});

it('gives the place of a caller who goes away to the next, inside and in the queue', async () => {
  const inside = send('is translated');
  await until(1, 1);
  const waiting = send('waits');
  await until(2, 1);
  expect(limit.waiting).toBe(1);
  waiting.destroy();
  expect(await entries[1]).toMatchObject({ code: 'CANCELLED' });
  expect(limit.waiting).toBe(0);
  const next = translate();
  await until(3, 1);
  inside.destroy();
  await until(3, 2);
  ends[1]?.();
  expect((await next).statusCode).toBe(200);
});

it('gives the place back when the request is refused for another reason', async () => {
  expect((await api.call('POST', '/v1/translate', { key: null, body })).statusCode).toBe(401);
  expect((await translate('/v1/translate', {})).statusCode).toBe(400);
  await settled();
  const next = translate();
  await until(3, 1);
  ends[0]?.();
  expect((await next).statusCode).toBe(200);
});
