import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRedis } from '../../storage/redis/connection.ts';
import { redisUrl } from '../support/servers.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
let now = new Date('2026-01-01T00:00:00Z');
let routes: { method: string; path: string }[];
beforeAll(async () => {
  api = await openApi({ clock: { now: () => now } });
  const { paths } = (await api.call('GET', '/docs/json', { key: null })).json<{ paths: Record<string, object> }>();
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, 'x') })),
  );
});
afterAll(() => api.close());

// Webhooks are known by their signature.
const door = 'POST /v1/webhooks/x';
// Answers for as long as somebody listens: see changes.test.ts.
const stream = 'GET /v1/changes';

// From the document, so that a route that is added later without a role fails here.
it('opens nothing but health, signing in and the door for what is signed to a caller without a key', async () => {
  const open: string[] = [];
  for (const { method, path } of routes)
    if ((await api.call(method, path, { key: null })).statusCode !== 401) open.push(`${method} ${path}`);
  expect(open).toEqual([
    'GET /health/live',
    'GET /health/ready',
    'POST /v1/session',
    'GET /v1/session',
    'DELETE /v1/session',
    'GET /health/alerts',
    door,
  ]);
  expect(routes.length).toBeGreaterThan(15);
});

it('lets a viewer change nothing nor take models away, and an operator no keys, no deletion of models and nothing that opens the service to others', async () => {
  for (const { method, path } of routes.filter(
    (r) => r.path.startsWith('/v1/') && ![door, stream].includes(`${r.method} ${r.path}`),
  )) {
    const byViewer = await api.call(method, path, { key: api.keys.viewer });
    const reads =
      ['/v1/translate', '/v1/detect'].includes(path) ||
      /^\/v1\/(predict\/|policies\/(backtest|x\/evaluate)$)/.test(path);
    const isModel = path.startsWith('/v1/models/') && path.endsWith('/export');
    const viewerMay =
      path === '/v1/session' || (method === 'GET' && !['/v1/keys', '/v1/audit'].includes(path) && !isModel) || reads;
    expect(byViewer.statusCode === 403, `viewer: ${method} ${path}`).toBe(!viewerMay);
    const isAdmins =
      path.startsWith('/v1/keys') ||
      (method !== 'GET' && /^\/v1\/(webhook-sources|watches|channels)/.test(path)) ||
      (method === 'DELETE' && path.startsWith('/v1/models/') && path.includes('/versions/'));
    const byOperator = await api.call(method, path, { key: api.keys.operator });
    expect(byOperator.statusCode === 403, `operator: ${method} ${path}`).toBe(isAdmins);
  }
});

it('ends a key at its time, not before', async () => {
  const made = await api.call('POST', '/v1/keys', { body: { name: 'day', role: 'viewer', days: 1 } });
  const { key, expiresAt } = made.json<{ key: string; expiresAt: string }>();
  expect(expiresAt).toBe('2026-01-02T00:00:00.000Z');
  now = new Date('2026-01-01T23:59:59.999Z');
  expect((await api.call('GET', '/v1/runs', { key })).statusCode).toBe(200);
  now = new Date('2026-01-02T00:00:00Z');
  const late = await api.call('GET', '/v1/runs', { key });
  expect(late.statusCode).toBe(401);
  expect(late.json()).toMatchObject({ code: 'KEY_EXPIRED', detail: expect.stringContaining('"day"') });
});

it('leaves no secret in Redis', async () => {
  await api.call('GET', '/v1/runs');
  const redis = openRedis(redisUrl());
  await new Promise((resolve) => redis.once('ready', resolve));
  const names = await redis.keys('*');
  await redis.quit();
  expect(names.filter((name) => name.includes(api.keys.admin))).toEqual([]);
});

it('counts a key once, whichever header it comes in', async () => {
  const limited = await openApi({ rateLimit: 2 });
  const statuses: number[] = [];
  try {
    for (const headers of [
      {},
      { 'x-api-key': limited.keys.viewer },
      { authorization: `bearer ${limited.keys.viewer}` },
    ]) {
      const key = Object.keys(headers).length === 0 ? limited.keys.viewer : null;
      statuses.push((await limited.call('GET', '/v1/runs', { key, headers })).statusCode);
    }
  } finally {
    await limited.close();
  }
  expect(statuses).toEqual([200, 200, 429]);
});

it('never limits what watches the service', async () => {
  const limited = await openApi({ rateLimit: 1 });
  const statuses: number[] = [];
  for (const path of ['/health/live', '/health/ready', '/metrics', '/health/live', '/metrics'])
    statuses.push((await limited.call('GET', path, { key: null })).statusCode);
  await limited.close();
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
});
