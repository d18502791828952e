import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiKey } from '../../contracts/keys.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

it('shows a key once, and keeps only a hash of it', async () => {
  const made = await api.call('POST', '/v1/keys', { body: { name: 'sales', role: 'viewer', days: 30 } });
  expect(made.statusCode).toBe(201);
  const { key, id, expiresAt } = made.json<ApiKey & { key: string }>();
  const days = (Date.parse(expiresAt ?? '') - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(29.9);
  expect(days).toBeLessThan(30.1);

  const listed = await api.call('GET', '/v1/keys');
  expect(listed.json<{ keys: ApiKey[] }>().keys.map((k) => k.id)).toContain(id);
  expect(listed.body).not.toContain(key);

  const client = new pg.Client({ connectionString: api.url });
  await client.connect();
  const tables = await client.query(
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );
  for (const { name } of tables.rows as { name: string }[]) {
    const { rows } = await client.query(
      `select count(*)::int as n from "${name}" t where t::text like '%' || $1 || '%'`,
      [key],
    );
    expect(rows[0].n, name).toBe(0);
  }
  await client.end();
});

it('stops a key at once when it is revoked', async () => {
  const { key, id } = await api.makeKey('operator');
  expect((await api.call('GET', '/v1/runs', { key })).statusCode).toBe(200);
  expect((await api.call('DELETE', `/v1/keys/${id}`)).statusCode).toBe(204);
  expect((await api.call('GET', '/v1/runs', { key })).statusCode).toBe(401);
  expect((await api.call('DELETE', `/v1/keys/${id}`)).statusCode).toBe(204);
  expect((await api.call('DELETE', '/v1/keys/nope')).statusCode).toBe(404);
});

it('takes a key by either header', async () => {
  const headers = { 'x-api-key': api.keys.viewer };
  expect((await api.call('GET', '/v1/runs', { key: null, headers })).statusCode).toBe(200);
});
