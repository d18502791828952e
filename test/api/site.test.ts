import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenApi, openApi } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'perennial-site-'));
const get = (path: string) => api.call('GET', path, { key: null });
let api: OpenApi;

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<script id="theme">dark()</script><h1>Perennial</h1>');
  writeFileSync(join(folder, '404.html'), '<h1>Not here</h1>');
  writeFileSync(join(folder, 'assets', 'app.1a2b.js'), 'start()');
  writeFileSync(join(folder, '..', `${folder.split('/').at(-1)}-secret`), 'not for readers');
  api = await openApi({ site: folder, rateLimit: 3 });
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
  rmSync(`${folder}-secret`);
});

it('serves the documentation to everybody, with nothing allowed but what it brings itself', async () => {
  const page = await get('/documentation/');
  expect(page.body).toContain('<h1>Perennial</h1>');
  expect(page.headers).toMatchObject({
    'content-type': expect.stringContaining('text/html'),
    'cache-control': 'no-cache',
  });
  expect(page.headers['content-security-policy']).toMatch(/default-src 'self'; .*script-src 'self' 'sha256-[^']+';/);
  const asset = await get('/documentation/assets/app.1a2b.js');
  expect(asset.headers['cache-control']).toContain('immutable');
  expect((await get('/documentation')).headers['location']).toBe('/documentation/');
});

it('does not count the files of a page as requests', async () => {
  for (let n = 0; n < 10; n++) expect((await get('/documentation/assets/app.1a2b.js')).statusCode).toBe(200);
});

it.each(['/documentation/how-to/nowhere.html', '/documentation/assets/', '/documentation/how-to'])(
  'answers %s with a page that says so',
  async (path) => {
    const { statusCode, body } = await get(path);
    expect({ statusCode, body }).toEqual({ statusCode: 404, body: '<h1>Not here</h1>' });
  },
);

it('gives nothing beside its folder', async () => {
  const name = folder.split('/').at(-1);
  for (const path of [`../${name}-secret`, `..%2f${name}-secret`, `%2e%2e/${name}-secret`, `..%5c${name}-secret`]) {
    const { statusCode, body } = await get(`/documentation/${path}`);
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain('not for readers');
  }
});

it('says how to build it where it is not', async () => {
  const app = await api.rebuild({ site: join(folder, 'nowhere') });
  const answer = await app.inject('/documentation/');
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toMatchObject({ code: 'NOT_FOUND', remedy: expect.stringContaining('npm run docs') });
  await app.close();
});
