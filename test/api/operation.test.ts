import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

describe('the API in operation', () => {
  it('describes itself, every route with a summary', async () => {
    const page = await api.call('GET', '/docs/', { key: null });
    expect(page.headers['content-type']).toContain('text/html');
    const { openapi, paths } = (await api.call('GET', '/docs/json', { key: null })).json();
    expect(openapi).toMatch(/^3\./);
    for (const [path, methods] of Object.entries<Record<string, { summary?: string }>>(paths))
      for (const [method, { summary }] of Object.entries(methods)) expect(summary, `${method} ${path}`).toMatch(/./);
  });

  it('describes what it answers, so that a client can be made of it', async () => {
    interface Described {
      readonly responses: Record<string, { content?: { 'application/json'?: { schema: { $ref?: string } } } }>;
    }
    const document = await api.call('GET', '/docs/json', { key: null });
    const { paths, components } = document.json<{
      paths: Record<string, Record<string, Described>>;
      components: { schemas: Record<string, { required?: string[]; properties?: object }> };
    }>();
    for (const [path, methods] of Object.entries(paths))
      for (const [method, { responses }] of Object.entries(methods))
        expect(
          Object.keys(responses).some((status) => status.startsWith('2')),
          `${method} ${path}`,
        ).toBe(true);
    const meant = [...document.body.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(meant.filter((name) => !components.schemas[name ?? '']?.properties)).toEqual([]);

    const answer = paths['/v1/overview']?.['get']?.responses['200']?.content?.['application/json']?.schema;
    const { required = [], properties = {} } = components.schemas[answer?.$ref?.split('/').at(-1) ?? ''] ?? {};
    const given = Object.keys(await api.read<object>('/v1/overview'));
    expect(given).toEqual(expect.arrayContaining(required));
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(given));
  });

  it('tells whether it lives and is ready, to anyone', async () => {
    expect((await api.call('GET', '/health/live', { key: null })).json()).toEqual({ status: 'ok' });
    const ready = await api.call('GET', '/health/ready', { key: null });
    expect(ready.json()).toEqual({ status: 'ok', checks: { postgres: 'ok', redis: 'ok', temporal: 'ok' } });
  });

  it('counts what it answers for Prometheus', async () => {
    await api.call('GET', '/v1/runs');
    const { body } = await api.call('GET', '/metrics', { key: null });
    expect(body).toMatch(/perennial_http_requests_total\{method="GET",route="\/v1\/runs",status="200"\} [1-9]/);
  });
});

it('says which server is missing when it is not ready', async () => {
  const broken = await openApi({
    checks: {
      postgres: async () => {},
      temporal: () => Promise.reject(new Error('Temporal does not answer.')),
    },
  });
  const ready = await broken.call('GET', '/health/ready', { key: null });
  expect(ready.statusCode).toBe(503);
  expect(ready.json()).toMatchObject({ checks: { postgres: 'ok', temporal: 'Temporal does not answer.' } });
  await broken.close();
});

it('slows down who asks too often, each key for itself', async () => {
  const limited = await openApi({ rateLimit: 3 });
  const ask = (key: string) => limited.call('GET', '/v1/runs', { key });
  for (let i = 0; i < 3; i++) expect((await ask(limited.keys.viewer)).statusCode).toBe(200);
  const refused = await ask(limited.keys.viewer);
  expect(refused.statusCode).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED', remedy: expect.stringContaining('retry-after') });
  expect((await ask(limited.keys.operator)).statusCode).toBe(200);
  await limited.close();
});
