import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApi, openApi } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'perennial-dashboard-'));
const [page, script] = ['<!doctype html><title>Perennial</title>', 'export const answer = 42;'];
mkdirSync(join(folder, 'assets'));
writeFileSync(join(folder, 'index.html'), page);
writeFileSync(join(folder, 'assets', 'index-abc123.js'), script);
writeFileSync(join(folder, 'assets', 'index-abc123.js.br'), brotliCompressSync(script));

let api: OpenApi;
beforeAll(async () => {
  api = await openApi({ dashboard: folder });
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const signIn = async (key: string): Promise<string> => {
  const response = await api.call('POST', '/v1/session', { key: null, body: { key } });
  expect(response.statusCode).toBe(201);
  return String(response.headers['set-cookie']);
};
const cookieOf = (header: string): string => header.split(';')[0] ?? '';
const own = { 'sec-fetch-site': 'same-origin' };

describe('the session of a browser', () => {
  it('stands for the key, by a cookie that scripts cannot read and other sites cannot send', async () => {
    const header = await signIn(` ${api.keys.operator}\n`);
    expect(header).toMatch(/HttpOnly/);
    expect(header).toMatch(/SameSite=Strict/);
    expect(header).not.toContain(api.keys.operator);
    const headers = { cookie: cookieOf(header) };
    const session = await api.call('GET', '/v1/session', { key: null, headers });
    expect(session.json()).toMatchObject({ name: 'operator of the test', role: 'operator', environment: 'dev' });
    expect((await api.call('GET', '/v1/runs', { key: null, headers })).statusCode).toBe(200);
    expect((await api.call('GET', '/v1/keys', { key: null, headers })).json()).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('changes things for pages of this address only', async () => {
    const cookie = cookieOf(await signIn(api.keys.admin));
    const make = (headers: Record<string, string>) =>
      api.call('POST', '/v1/keys', { key: null, headers: { cookie, ...headers }, body: { name: 'x', role: 'viewer' } });
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'http://localhost:3000', host: 'localhost:8080' },
      {},
    ])
      expect((await make(headers)).json()).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect((await make(own)).statusCode).toBe(201);
    expect((await make({ origin: 'http://localhost:8080', host: 'localhost:8080' })).statusCode).toBe(201);
  });

  it('ends with signing out, at once and also elsewhere', async () => {
    const headers = { cookie: cookieOf(await signIn(api.keys.viewer)), ...own };
    expect((await api.call('DELETE', '/v1/session', { key: null, headers })).statusCode).toBe(204);
    expect((await api.call('GET', '/v1/runs', { key: null, headers })).json()).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect((await api.call('GET', '/v1/session', { key: null, headers })).statusCode).toBe(204);
  });

  it('ends with its key', async () => {
    const { key, id } = await api.makeKey('viewer');
    const headers = { cookie: cookieOf(await signIn(key)) };
    await api.call('DELETE', `/v1/keys/${id}`);
    expect((await api.call('GET', '/v1/runs', { key: null, headers })).json()).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect((await api.call('POST', '/v1/session', { key: null, body: { key } })).statusCode).toBe(401);
  });

  it('ends after a week without use', async () => {
    const headers = { cookie: cookieOf(await signIn(api.keys.viewer)) };
    const later = await api.rebuild({ clock: { now: () => new Date(Date.now() + 8 * 86_400_000) } });
    expect((await later.inject({ url: '/v1/runs', headers })).statusCode).toBe(401);
    await later.close();
  });

  it('is refused for a key that is none, is too old, or is not sent', async () => {
    const old = await api.makeKey('viewer', new Date(Date.now() - 1000));
    for (const [key, code] of [
      ['prn_nonsense', 'UNAUTHENTICATED'],
      [old.key, 'KEY_EXPIRED'],
      ['', 'VALIDATION_FAILED'],
    ])
      expect((await api.call('POST', '/v1/session', { key: null, body: { key } })).json()).toMatchObject({ code });
    expect(
      (await api.call('GET', '/v1/runs', { key: null, headers: { cookie: 'perennial_session=made-up' } })).statusCode,
    ).toBe(401);
  });

  it('is in the audit log', async () => {
    await signIn(api.keys.viewer);
    const client = new pg.Client({ connectionString: api.url });
    await client.connect();
    const { rows } = await client.query("select distinct actor from audit_log where action = 'session.open'");
    await client.end();
    expect(rows).toContainEqual({ actor: 'viewer of the test' });
  });
});

describe('the files of the dashboard', () => {
  const open = (url: string, accept = 'text/html,*/*') =>
    api.app.inject({ url, headers: { accept, 'accept-encoding': 'br' } });

  it.each(['/', '/runs/1', '/offers/markets/DE?tab=list', '/translate'])('%s is its page', async (url) => {
    const response = await open(url);
    expect(response.statusCode).toBe(200);
    expect(response.body).toBe(page);
    expect(response.headers['cache-control']).toBe('no-cache');
    expect(response.headers['content-security-policy']).toContain("script-src 'self'");
  });

  it('serves scripts compressed, to be kept for ever', async () => {
    const response = await open('/assets/index-abc123.js', '*/*');
    expect(response.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(response.rawPayload).toString()).toBe(script);
    expect(response.headers['cache-control']).toContain('immutable');
  });

  it.each(['/v1/nothing', '/health/nothing', '/assets/nothing.js'])('%s is a problem and no page', async (url) => {
    expect((await open(url)).json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it('serves nothing outside of its folder', async () => {
    const response = await open('/assets/..%2f..%2fpackage.json');
    expect(response.statusCode).toBe(400);
    expect(response.body).not.toContain('dependencies');
  });

  it('answers programs that ask for an address that is none with a problem', async () => {
    expect((await open('/nothing', 'application/json')).json()).toMatchObject({ code: 'NOT_FOUND' });
  });
});
