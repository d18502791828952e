import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const get = (url: string, encodings: string) =>
  api.app.inject({ url, headers: { authorization: `Bearer ${api.keys.viewer}`, 'accept-encoding': encodings } });

it.each([
  ['br', brotliDecompressSync],
  ['gzip', gunzipSync],
])('sends large answers by %s to those who take it', async (encoding, decompress) => {
  const plain = await get('/v1/pipelines/offers', 'identity');
  const sent = await get('/v1/pipelines/offers', encoding);
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(sent.headers['content-encoding']).toBe(encoding);
  expect(sent.headers['vary']).toContain('accept-encoding');
  expect(sent.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
  expect(decompress(sent.rawPayload).toString()).toBe(plain.body);
});

it('leaves small answers as they are', async () => {
  const { headers } = await get('/v1/runs', 'br');
  expect(headers['content-encoding']).toBeUndefined();
});
