import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import { PerennialError } from '../../contracts/errors.ts';
import type { EventRecord, ModelPromotedData, RunEndedData } from '../../contracts/events.ts';
import type { RunRecord } from '../../contracts/runs.ts';
import { definePipeline } from '../../domain/dag/index.ts';
import { createDispatcher } from '../../domain/events/index.ts';
import { createDatasetSources } from '../../storage/datasets/index.ts';
import { openEventQueue } from '../../storage/redis/delivery-queue.ts';
import { openTemporal } from '../../storage/temporal/launcher.ts';
import { freePort } from '../../workers/embedded/free-port.ts';
import { type Server, startRedis } from '../../workers/embedded/servers.ts';
import { startEventRole } from '../../workers/event-role.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { temporalAddress } from '../support/servers.ts';

const receive = definePipeline({
  id: 'receive',
  title: 'Receive',
  description: 'Started by events.',
  params: Type.Object({ market: Type.String(), lines: Type.Integer({ default: 0, maximum: 100 }) }),
  steps: { only: { run: () => null } },
});
const pipelines = new Map([[receive.id, receive]]);
const home = mkdtempSync(join(tmpdir(), 'perennial-events-'));
const { redisServer } = loadConfig({});
let api: OpenApi;
let temporal: Awaited<ReturnType<typeof openTemporal>>;
let redis: Server & { url: string };
let port: number;
let role: { stop(): Promise<void> };
let isAway = false;
const away = new PerennialError('UNAVAILABLE', 'PostgreSQL does not answer.', { remedy: 'Wait.' });

const startRole = () =>
  startEventRole({
    ...api.database,
    runs: { ...api.database.runs, create: (run) => (isAway ? Promise.reject(away) : api.database.runs.create(run)) },
    pipelines,
    launcher: temporal.launcher,
    retrainingLauncher: temporal.retrainingLauncher,
    schedules: temporal.schedules,
    datasets: createDatasetSources({ endpoint: undefined, region: undefined }),
    queue: openEventQueue({ url: redis.url, prefix: 'test' }),
    clock: { now: () => new Date() },
    report: () => {},
  });

beforeAll(async () => {
  temporal = await openTemporal({ address: temporalAddress(), namespace: 'default' });
  api = await openApi({ pipelines });
  port = await freePort();
  redis = await startRedis(redisServer, join(home, 'redis'), port, join(home, 'redis.log'));
  role = await startRole();
});
afterAll(async () => {
  await role.stop();
  process.kill(redis.pid);
  await temporal.close();
  await api.close();
  rmSync(home, { recursive: true, force: true });
});

const until = async <T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> => {
  for (const from = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (Date.now() - from > 40_000) throw new Error(`waited in vain: ${JSON.stringify(answer)}`);
  }
};
const webhook = async (
  source: string,
  secret: string,
  data: { readonly id: string; readonly [name: string]: unknown },
) => {
  const body = JSON.stringify(data);
  const at = Math.floor(Date.now() / 1000);
  const v1 = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'perennial-timestamp': `${at}`,
    'perennial-signature': `v1=${v1}`,
  };
  return api.call('POST', `/v1/webhooks/${source}`, { key: null, body, headers });
};
const makeSource = async (id: string, params: Record<string, string>) => {
  const starts = { pipeline: 'receive', params };
  const response = await api.call('POST', '/v1/webhook-sources', { body: { id, scheme: 'perennial', starts } });
  return response.json().secret as string;
};
const runsBy = async (source: string): Promise<RunRecord[]> => {
  const { runs } = (await api.call('GET', '/v1/runs?limit=500')).json() as { runs: RunRecord[] };
  return runs.filter(({ trigger }) => trigger.kind === 'webhook' && trigger.by === source);
};
const eventOf = async (id: string): Promise<EventRecord | undefined> => {
  const { events } = (await api.call('GET', '/v1/events?limit=500')).json() as { events: EventRecord[] };
  return events.find((event) => event.id === id);
};

describe('an event', () => {
  it('starts the run that its source asks for, once, with parameters out of it', async () => {
    const secret = await makeSource('orders', { market: 'event.data.market', lines: 'size(event.data.lines)' });
    const order = { id: 'o-1', type: 'placed', market: 'DE', lines: [1, 2, 3] };
    for (const _ of [1, 2, 3]) expect((await webhook('orders', secret, order)).statusCode).toBe(202);
    await until(
      () => eventOf('o-1'),
      (event) => event?.processedAt != null,
    );
    const runs = await runsBy('orders');
    expect(runs.map(({ params, trigger }) => ({ params, kind: trigger.kind }))).toEqual([
      { params: { market: 'DE', lines: 3 }, kind: 'webhook' },
    ]);
  });

  it('that cannot be worked on becomes a dead letter, and is worked on when replayed after the cause is gone', async () => {
    const secret = await makeSource('poison', { market: 'event.data.country', lines: '500' });
    await webhook('poison', secret, { id: 'p-1', country: 'DE' });
    const [dead] = await until(
      async () => (await api.call('GET', '/v1/dead-letters')).json().events as EventRecord[],
      (events) => events.length === 1,
    );
    expect(dead).toMatchObject({ id: 'p-1', attempts: 1, error: { message: expect.stringContaining('lines = 500') } });
    const starts = { pipeline: 'receive', params: { market: 'event.data.country' } };
    await api.call('PATCH', '/v1/webhook-sources/poison', { body: { starts } });
    const replayed = await api.call('POST', `/v1/dead-letters/${dead?.sequence}/replay`, { key: api.keys.operator });
    expect(replayed.statusCode).toBe(202);
    await until(
      () => runsBy('poison'),
      (runs) => runs.length === 1,
    );
    expect((await api.call('GET', '/v1/dead-letters')).json().events).toEqual([]);
    expect((await api.call('POST', `/v1/dead-letters/${dead?.sequence}/replay`)).statusCode).toBe(404);
  });

  it('waits while a server is away, without being given up', async () => {
    const secret = await makeSource('patient', { market: '"DE"' });
    isAway = true;
    await webhook('patient', secret, { id: 'w-1' });
    const waiting = await until(
      () => eventOf('w-1'),
      (event) => event?.error?.code === 'UNAVAILABLE',
    );
    expect(waiting).toMatchObject({ attempts: 0, processedAt: null, failedAt: null });
    isAway = false;
    await until(
      () => eventOf('w-1'),
      (event) => event?.processedAt != null,
    );
    expect(await runsBy('patient')).toHaveLength(1);
  });
});

it('an event that Redis forgot is queued again', async () => {
  const secret = await makeSource('forgotten', { market: '"DE"' });
  await role.stop();
  await webhook('forgotten', secret, { id: 'f-1' });
  const event = await eventOf('f-1');
  await api.database.events.queued([event?.sequence ?? 0]);
  const queue = openEventQueue({ url: redis.url, prefix: 'test' });
  const dispatcher = await createDispatcher({
    ledger: api.database.events,
    queue,
    report: (error) => expect.fail(String(error)),
    staleMs: 0,
  });
  role = await startRole();
  await until(
    () => eventOf('f-1'),
    (found) => found?.processedAt != null,
  );
  await dispatcher.stop();
  await queue.close();
  expect(await runsBy('forgotten')).toHaveLength(1);
});

it('a rule looks at each event once on its way, and starts what it says', async () => {
  const rule = {
    id: 'large-orders',
    title: 'Large orders',
    mode: 'any',
    patterns: [{ name: 'order', type: 'order.placed', where: 'event.data.lines > 5' }],
    actions: { onMatch: [{ start: { pipeline: 'receive', params: { market: 'events.order.data.market' } } }] },
  };
  expect((await api.call('POST', '/v1/rules', { body: rule })).statusCode).toBe(201);
  const headers = { 'content-type': 'application/cloudevents+json' };
  for (const [id, lines] of [
    ['r-1', 9],
    ['r-2', 2],
    ['r-1', 9],
  ] as const) {
    const event = { specversion: '1.0', source: '/erp', type: 'order.placed', id, data: { market: 'ES', lines } };
    expect((await api.call('POST', '/v1/events', { body: JSON.stringify(event), headers })).statusCode).toBe(202);
  }
  const { evaluations } = await until(
    async () => (await api.call('GET', '/v1/rules/large-orders/evaluations')).json(),
    (found) => found.evaluations.length === 2,
  );
  const byOutcome = (outcome: string) => evaluations.filter((e: { outcome: string }) => e.outcome === outcome).length;
  expect([byOutcome('fired'), byOutcome('ignored')]).toEqual([1, 1]);
  const started = await until(
    async () => (await api.call('GET', '/v1/runs?limit=500')).json().runs as RunRecord[],
    (runs) => runs.some(({ trigger }) => trigger.by.startsWith('large-orders/')),
  );
  expect(started.filter(({ params }) => params['market'] === 'ES')).toHaveLength(1);
});

describe('many events', () => {
  const ids = Array.from({ length: 400 }, (_, i) => `m-${i}`);

  it('are each done once when Redis is killed among them and loses all it had', async () => {
    const secret = await makeSource('many', { market: '"FR"' });
    const sent = ids.map((id) => webhook('many', secret, { id, type: 'x' }));
    await Promise.all(sent.slice(0, 100));
    const { exited } = redis;
    process.kill(redis.pid, 'SIGKILL');
    await exited;
    rmSync(join(home, 'redis'), { recursive: true, force: true });
    expect((await Promise.all(sent)).map((response) => response.statusCode)).toEqual(ids.map(() => 202));
    redis = await startRedis(redisServer, join(home, 'redis'), port, join(home, 'redis.log'));
    const runs = await until(
      () => runsBy('many'),
      (found) => found.length >= ids.length,
    );
    expect(new Set(runs.map((run) => run.idempotencyKey)).size).toBe(ids.length);
  }, 90_000);

  it('are each done once by two of the role, one of which stops', async () => {
    const secret = await makeSource('shared', { market: '"FR"' });
    const second = await startRole();
    const sent = ids.slice(0, 80).map((id) => webhook('shared', secret, { id: `s-${id}`, type: 'x' }));
    await Promise.all(sent.slice(0, 40));
    await second.stop();
    await Promise.all(sent);
    const runs = await until(
      () => runsBy('shared'),
      (found) => found.length >= 80,
    );
    expect(runs).toHaveLength(80);
  }, 60_000);
});

it('a file that lands in a watched folder is an event with what its path says', async () => {
  const folder = join(home, 'landing');
  mkdirSync(join(folder, 'DE'), { recursive: true });
  await api.call('POST', '/v1/watches', {
    body: { id: 'sales', location: folder, pattern: '{market}/{date}.csv', markerOnly: true, scanSeconds: 1 },
  });
  writeFileSync(join(folder, 'DE', '2026-01-02.csv.part'), 'a\n');
  renameSync(join(folder, 'DE', '2026-01-02.csv.part'), join(folder, 'DE', '2026-01-02.csv'));
  writeFileSync(join(folder, 'DE', '2026-01-02.csv.done'), '');
  const found = await until(
    async () => (await api.call('GET', '/v1/events?type=dataset.landed')).json().events as EventRecord[],
    (events) => events.length > 0,
  );
  expect(found).toEqual([
    expect.objectContaining({
      source: '/watches/sales',
      subject: 'DE/2026-01-02.csv',
      data: expect.objectContaining({ size: 2, captured: { market: 'DE', date: '2026-01-02' } }),
    }),
  ]);
}, 30_000);

it('a watch says why it cannot look, and that it can again', async () => {
  const location = join(home, 'later');
  await api.call('POST', '/v1/watches', { body: { id: 'later', location, scanSeconds: 1 } });
  const look = async () =>
    (await api.call('GET', '/v1/watches')).json().watches.find(({ id }: { id: string }) => id === 'later');
  const found = await until(look, ({ lookedAt }) => lookedAt !== null);
  expect(found.error).toMatchObject({ code: 'UNAVAILABLE', message: `The folder ${location} cannot be read.` });
  mkdirSync(location);
  expect(await until(look, ({ error }) => error === null)).toMatchObject({ lookedAt: expect.any(String) });
}, 30_000);

it('the end of a run is an event with its parameters and metrics', async () => {
  const { id } = (
    await api.call('POST', '/v1/runs', { body: { pipeline: 'receive', params: { market: 'NL' } } })
  ).json();
  await api.database.runs.apply(id, [
    { kind: 'run', status: 'running' },
    { kind: 'run', status: 'failed', error: { code: 'STEP_FAILED', message: 'no', remedy: 'none' } },
  ]);
  const data: Partial<RunEndedData> = {
    runId: id,
    pipeline: 'receive',
    status: 'failed',
    params: { market: 'NL', lines: 0 },
    metrics: {},
  };
  const { events } = (await api.call('GET', `/v1/events?subject=${id}`)).json();
  expect(events).toEqual([
    expect.objectContaining({
      id: `${id}/1`,
      source: '/pipelines/receive',
      type: 'run.failed',
      data: expect.objectContaining(data),
    }),
  ]);
});

it('that a model serves is an event with the version before', async () => {
  for (const sha256 of ['1', '2']) {
    const artifact = { uri: `artifact:sha256:${sha256}`, sha256, bytes: 1 };
    await api.database.models.add({ model: 'm', formatVersion: 1, artifact, metrics: {}, lineage: {}, runId: 'r' });
  }
  await api.database.models.setAlias('m', 'champion', 1, 'ada', 'first');
  await api.database.models.setAlias('m', 'champion', 2, 'ada', 'better');
  const { events } = (await api.call('GET', '/v1/events?type=model.promoted')).json();
  const data: ModelPromotedData = {
    model: 'm',
    alias: 'champion',
    version: 2,
    before: 1,
    by: 'ada',
    reason: 'better',
  };
  expect(events[0]).toMatchObject({ source: '/models/m', subject: 'champion', data });
  expect(events).toHaveLength(2);
});
