import { type ClientRequest, request } from 'node:http';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { servingMetrics } from '../../api/plugins/serving-metrics.ts';
import { promoteTinyModel, storeTinyModel, trainTinyModel } from '../../bench/tiny-translation-model.ts';
import { PerennialError } from '../../contracts/errors.ts';
import { callHeader, replicaHeader } from '../../contracts/serving.ts';
import type { TranslationAnswer, TranslationTimings } from '../../contracts/translation.ts';
import { remoteTranslation, type ServedTranslation } from '../../domain/nlp/translator/index.ts';
import { OverloadError } from '../../domain/serving/index.ts';
import type { ReplicaRouter } from '../../domain/serving/replicas/index.ts';
import { openRedis } from '../../storage/redis/connection.ts';
import { composeRouter } from '../../workers/compose-router.ts';
import { composeTranslation } from '../../workers/compose-translation.ts';
import { startReplica, type TestReplica } from '../support/replicas.ts';
import { redisUrl } from '../support/servers.ts';
import { type OpenApi, openApi } from './support.ts';

const redis = openRedis(redisUrl());
const metrics = new Registry();
/** A busy machine takes its time. */
const patience = { timeout: 20_000, interval: 5 };
let router: ReplicaRouter;
let api: OpenApi;
let url: string;
let registered: ReturnType<typeof composeTranslation>;
let real: ReturnType<typeof composeTranslation>;
const open: TestReplica[] = [];
beforeAll(async () => {
  const settings = { servingMiB: 256, servingThreads: 1, translateMaxWaitMs: 2000 };
  api = await openApi(async (database, artifacts) => {
    router = await composeRouter(database);
    registered = composeTranslation(settings, database, artifacts);
    return { translation: { ...registered.service, ...remoteTranslation(router) } };
  });
  url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  await promoteTinyModel(api.database.models, await storeTinyModel(api.artifacts, await trainTinyModel()));
  real = composeTranslation(settings, api.database, api.artifacts, { observer: servingMetrics(metrics) });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((replica) => replica.close()));
});
afterAll(async () => {
  await router.close();
  await Promise.all([registered.close(), real.close(), redis.quit()]);
  await api.close();
});

/** A replica that the API knows of. */
async function replica(
  translation: Partial<ServedTranslation> = {},
  deps: { metrics?: Registry } = {},
): Promise<TestReplica> {
  const started = await startReplica(api.database, { ...real.service, ...translation }, { redis, ...deps });
  open.push(started);
  await known(started, 'ready');
  return started;
}

/** Resolves once the API has heard of a replica's state. */
async function known({ id }: TestReplica, state: string): Promise<void> {
  await vi.waitFor(() => expect(router.replicas().find((one) => one.id === id)?.state).toBe(state), patience);
}

const body = { text: 'The red car is old.', source: 'en', target: 'de' };
const translate = (given: object = body, headers: Record<string, string> = {}) =>
  api.call('POST', '/v1/translate', { key: api.keys.viewer, body: given, headers });

/** Sends a request of which the caller may go away. */
function send(given: object): ClientRequest {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${api.keys.viewer}` };
  const sent = request(`${url}/v1/translate`, { method: 'POST', headers });
  sent.on('error', () => {});
  sent.end(JSON.stringify(given));
  return sent;
}

describe('the API in front of replicas', () => {
  it('answers as if it computed itself, whatever the client', async () => {
    await replica();
    expect((await translate()).json()).toMatchObject({
      translations: [{ index: 0, text: 'Das rot Wagen ist alt.', model: { name: 'translation-en-de', version: 1 } }],
      milliseconds: expect.any(Number),
    });
    const text = Array.from({ length: 70 }, (_, i) => `The key is new. ${i}`);
    const streamed = await translate({ ...body, text }, { accept: 'application/x-ndjson' });
    const lines = streamed.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { index?: number; done?: boolean; count?: number });
    expect(lines.slice(0, -1).map(({ index }) => index)).toEqual(text.map((_, i) => i));
    expect(lines.at(-1)).toMatchObject({ done: true, count: 70 });

    expect((await api.call('GET', '/v1/languages')).json()).toMatchObject({
      pairs: [{ source: 'en', target: 'de', version: 1 }],
      languages: [{ code: 'de' }, { code: 'en', targets: ['de'] }],
    });
    const texts = ['Where is the car of my uncle?', 'Wo ist der Wagen meines Onkels?'];
    const detected = (await api.call('POST', '/v1/detect', { body: { text: texts } })).json<{
      detections: { language: string }[][];
    }>();
    expect(detected.detections.map(([best]) => best?.language)).toEqual(['en', 'de']);
    expect(
      (await api.call('POST', '/v2/translate', { body: { text: [body.text], target_lang: 'DE' } })).json(),
    ).toEqual({
      translations: [{ detected_source_language: 'EN', text: 'Das rot Wagen ist alt.' }],
    });
    expect(
      (await api.call('POST', '/translate', { body: { q: body.text, source: 'en', target: 'de' } })).json(),
    ).toEqual({
      translatedText: 'Das rot Wagen ist alt.',
    });
  });

  it('tells the time of each node where that is asked for', async () => {
    await replica();
    const { timings } = (await translate({ ...body, timings: true })).json<{ timings: TranslationTimings[] }>();
    expect(timings).toMatchObject([{ source: 'en' }]);
    expect(timings[0]?.nodes.map(({ node, kind }) => [node, kind])).toEqual([
      ['segments', 'transformer'],
      ['memory', 'transformer'],
      ['model', 'model'],
      ['terms', 'model'],
      ['markup', 'transformer'],
    ]);
    expect(timings[0]?.nodes.find(({ node }) => node === 'model')?.ms).toBeGreaterThan(0);
    expect((await translate()).json()).not.toHaveProperty('timings');
  });

  it('passes refusals on as they are, and asks nobody else for them', async () => {
    await replica();
    const refused = await translate({ ...body, target: 'ja' });
    expect(refused.statusCode).toBe(404);
    expect(refused.json()).toMatchObject({
      code: 'NOT_FOUND',
      detail: 'There is no model that translates en to ja.',
      remedy: 'Choose one of these: en-de.',
      errors: [{ field: 'target', value: 'ja' }],
    });
  });

  it('passes 429 on with the time to wait', async () => {
    await replica({
      enter: () => Promise.reject(new OverloadError('Too much waits.', 2500)),
    });
    const refused = await translate();
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '3']);
    expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED', detail: 'Too much waits.' });
  });

  it('tells a fault of a replica as one of ours, and the log which one of its own has the cause', async () => {
    await replica({ translate: () => Promise.reject(new TypeError('a defect')) });
    const answer = await translate();
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('a defect');
    await expect(remoteTranslation(router).translate(body)).rejects.toMatchObject({
      code: 'INTERNAL',
      cause: expect.stringMatching(/trace id [0-9a-f]{32}/),
    });
  });

  it('lets a replica know a request by the name that its caller was told', async () => {
    const named: (string | undefined)[] = [];
    await replica({
      translate: (_request, call) => {
        named.push(call?.requestId);
        return Promise.reject(new PerennialError('NOT_FOUND', 'It is not there.'));
      },
    });
    expect(named).toEqual([(await translate()).json<{ traceId: string }>().traceId]);
  });

  it('takes the work back when the caller goes away', async () => {
    let [began, aborted] = [(): void => {}, (): void => {}];
    const hasBegun = new Promise<void>((resolve) => {
      began = resolve;
    });
    const isAborted = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    await replica({
      translate: (_request, call) => {
        call?.signal?.addEventListener('abort', aborted);
        began();
        return new Promise(() => {});
      },
    });
    const caller = send(body);
    await hasBegun;
    caller.destroy();
    await isAborted;
  });

  it('sends each request to the replica with the fewest under way', async () => {
    const ends: (() => void)[] = [];
    const waits: Partial<ServedTranslation> = {
      translate: async () => {
        await new Promise<void>((resolve) => ends.push(resolve));
        return { translations: [], milliseconds: 1 };
      },
    };
    const counts = [0, 0];
    const counted = (i: 0 | 1): Partial<ServedTranslation> => ({
      enter: async () => () => {},
      translate: (...given) => {
        counts[i] = (counts[i] as number) + 1;
        return (waits.translate as ServedTranslation['translate'])(...given);
      },
    });
    await Promise.all([replica(counted(0)), replica(counted(1))]);
    const answers = Array.from({ length: 10 }, () => translate());
    await vi.waitFor(() => expect(ends).toHaveLength(10), patience);
    expect(counts).toEqual([5, 5]);
    for (const end of ends) end();
    expect((await Promise.all(answers)).map(({ statusCode }) => statusCode)).toEqual(Array(10).fill(200));
  });

  it('has another replica compute what the one that died had, and go on with its stream', async () => {
    const asked: number[] = [];
    let streaming: number | undefined;
    // The one that is asked first hangs after three answers.
    const hangs = (i: number): Partial<ServedTranslation> => ({
      async *stream(request, call) {
        asked.push(request.text.length);
        let left = asked.length === 1 ? 3 : Number.POSITIVE_INFINITY;
        streaming ??= i;
        for await (const answer of real.service.stream(request, call)) {
          if (left-- === 0) await new Promise(() => {});
          yield answer;
        }
      },
    });
    const both = [await replica(hangs(0)), await replica(hangs(1))];
    const text = Array.from({ length: 40 }, (_, i) => `The key is new. ${i}`);
    const answers: TranslationAnswer[] = [];
    for await (const answer of remoteTranslation(router).stream({ ...body, text })) {
      answers.push(answer);
      if (answers.length === 3) void both[streaming as number]?.die();
    }
    expect(answers.map(({ index }) => index)).toEqual(text.map((_, i) => i));
    expect(answers.map(({ text: translated }) => Number(/\d+/.exec(translated)?.[0]))).toEqual(text.map((_, i) => i));
    expect(asked).toEqual([40, 37]);
  });

  it('gives a request that a dead replica was sent to another one', async () => {
    const [dead] = [await replica(), await replica()];
    await dead?.die();
    const answers = await Promise.all(Array.from({ length: 8 }, () => translate()));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(200));
  });

  it('sends nothing to a replica that drains, which says so to whoever has not heard', async () => {
    const draining = await replica();
    await draining.announcement.become('draining');
    await known(draining, 'draining');
    const refused = await translate();
    expect(refused.statusCode).toBe(503);
    expect(refused.json()).toMatchObject({
      code: 'UNAVAILABLE',
      detail: `No serving replica is ready for "translation": ${draining.address} is draining.`,
    });
    expect((await fetch(`${draining.address}/health/ready`)).status).toBe(503);
    // It answers those that came by a load balancer until that has seen it, too.
    const direct = await fetch(`${draining.address}/v1/languages`, {
      headers: { authorization: `Bearer ${api.keys.viewer}` },
    });
    expect([direct.status, direct.headers.get(replicaHeader)]).toEqual([200, draining.id]);
    await replica();
    expect((await translate()).statusCode).toBe(200);
  });

  it('says what can be translated, and takes documents, while no replica is ready', async () => {
    expect((await api.call('GET', '/v1/languages')).json()).toMatchObject({ pairs: [{ source: 'en', target: 'de' }] });
    const send = (target: string) =>
      api.call('POST', `/v1/documents?name=a.txt&target=${target}`, {
        body: 'The car is old.',
        headers: { 'content-type': 'text/plain' },
      });
    expect((await send('de')).statusCode).toBe(202);
    expect((await send('ja')).statusCode).toBe(404);
    expect(registered.models.bytes).toBe(0);
  });

  it('does not show keys of replicas', async () => {
    const { id, address } = await replica();
    const { replicas } = (await api.call('GET', '/v1/serving/replicas')).json<{ replicas: object[] }>();
    expect(replicas).toEqual([
      {
        id,
        address,
        state: 'ready',
        graphs: ['translation'],
        startedAt: expect.any(String),
        lastSeenAt: expect.any(String),
        isStale: false,
      },
    ]);
  });
});

describe('a replica', () => {
  it('knows the keys of the API, and lets nobody else in', async () => {
    const { address } = await replica();
    const ask = (headers: Record<string, string>) =>
      fetch(`${address}/v1/translate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${api.keys.viewer}` })).status).toBe(200);
    const forged = `t=${Date.now()},caller=,v1=${'0'.repeat(64)}`;
    expect((await ask({ [callHeader]: forged })).status).toBe(401);
    expect((await ask({ [callHeader]: 'nonsense' })).status).toBe(401);
  });

  it('does not count what the API asks, which has counted it', async () => {
    await replica();
    const { key } = await api.makeKey('viewer');
    const call = (path: string, given: object) => api.call('POST', path, { key, body: given });
    await call('/v1/translate', body);
    const usage = await vi.waitFor(async () => {
      const answer = (await api.call('GET', '/v2/usage', { key })).json<{ character_count: number }>();
      expect(answer.character_count).toBeGreaterThan(0);
      return answer;
    }, patience);
    expect(usage.character_count).toBe(body.text.length);
  });

  it('counts requests, errors, batches and tokens by version, and not what warms it up', async () => {
    metrics.resetMetrics();
    const { address } = await replica({}, { metrics });
    await real.warmUp();
    const label = 'graph="translation",model="translation-en-de",version="1",configuration="0"';
    const text = async (): Promise<string> => (await fetch(`${address}/metrics`)).text();
    expect(await text()).not.toContain(`perennial_serving_requests_total{${label}`);
    metrics.resetMetrics();

    await translate({ ...body, text: ['The old key is clean.', 'The window is heavy.'] });
    await translate({ ...body, model: '99' });
    const shown = await text();
    const value = (name: string, labels: string): number =>
      Number(new RegExp(`^${name}\\{${labels}\\} (\\S+)$`, 'm').exec(shown)?.[1]);
    expect(value('perennial_serving_requests_total', `${label},outcome="ok"`)).toBe(1);
    const unknown = 'graph="translation",model="translation-en-de",version="",configuration=""';
    expect(value('perennial_serving_requests_total', `${unknown},outcome="NOT_FOUND"`)).toBe(1);
    expect(value('perennial_serving_request_duration_seconds_count', label)).toBe(1);
    expect(value('perennial_serving_batch_items_sum', label)).toBe(2);
    for (const node of ['segments', 'memory', 'model', 'terms', 'markup'])
      expect(value('perennial_serving_node_duration_seconds_count', `${label},node="${node}"`)).toBe(1);
    expect(value('perennial_serving_tokens_total', `${label},direction="read"`)).toBeGreaterThan(8);
    expect(value('perennial_serving_tokens_total', `${label},direction="written"`)).toBeGreaterThan(8);
  });
});
