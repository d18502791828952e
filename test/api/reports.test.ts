import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPage } from '../../domain/report-page/index.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
let now = new Date('2026-01-01T00:00:00Z');
let run: string;
let path: string;

const page = renderPage({
  title: 'A page',
  state: 'All is well.',
  badge: { mark: '✓', text: 'Well' },
  figures: [],
  sections: [],
  source: 'Of a test.',
});

beforeAll(async () => {
  api = await openApi({ clock: { now: () => now } });
  run = await newRun();
  path = `/v1/runs/${run}/report`;
  const ref = await api.artifacts.putBytes(new TextEncoder().encode(page));
  await api.database.runs.apply(run, [
    { kind: 'step', stepId: 'evaluation-report', mapKey: '', status: 'succeeded', output: { page: { ...ref } } },
  ]);
});
afterAll(() => api.close());

async function newRun(): Promise<string> {
  const body = { pipeline: 'offers', params: {} };
  return (await api.call('POST', '/v1/runs', { body })).json<{ id: string }>().id;
}

const linkTo = async (of: string) => (await api.call('POST', `${of}/links`)).json<{ url: string; expiresAt: string }>();

describe('the report of a run', () => {
  it('is the page as it was made, and may load and run nothing', async () => {
    const response = await api.call('GET', path, { key: api.keys.viewer });
    expect(response.body).toBe(page);
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'$/,
    );
    expect(response.headers['referrer-policy']).toBe('no-referrer');
    expect(response.headers['x-content-type-options']).toBe('nosniff');
  });

  it('needs a key, or a link that is signed for it', async () => {
    expect((await api.call('GET', path, { key: null })).statusCode).toBe(401);
    const { url, expiresAt } = await linkTo(path);
    expect(expiresAt).toBe('2026-01-08T00:00:00.000Z');
    expect((await api.call('GET', url, { key: null })).body).toBe(page);
  });

  it('refuses links that were changed, are of another run, or have expired', async () => {
    const { url } = await linkTo(path);
    const later = url.replace('2026-01-08', '2027-01-08');
    const other = url.replace(run, await newRun());
    for (const changed of [later, other, `${url}x`, url.replace(/signature=./, 'signature=')]) {
      const response = await api.call('GET', changed, { key: null });
      expect(response.statusCode, changed).toBe(403);
      expect(response.json()).toMatchObject({ code: 'FORBIDDEN', remedy: expect.stringContaining('new link') });
    }
    now = new Date('2026-01-07T23:59:59Z');
    expect((await api.call('GET', url, { key: null })).statusCode).toBe(200);
    now = new Date('2026-01-08T00:00:01Z');
    expect((await api.call('GET', url, { key: null })).json()).toMatchObject({
      detail: expect.stringContaining('expired on 2026-01-08'),
    });
  });

  it('says when there is none: no such run, not made yet, or no secret to sign with', async () => {
    expect((await api.call('GET', '/v1/runs/none/report')).json()).toMatchObject({ code: 'NOT_FOUND' });
    const early = await newRun();
    for (const [method, of] of [
      ['GET', `/v1/runs/${early}/report`],
      ['POST', `/v1/runs/${early}/report/links`],
    ] as const)
      expect((await api.call(method, of)).json()).toMatchObject({
        code: 'NOT_FOUND',
        detail: expect.stringContaining('no report yet'),
      });
  });

  it('gives no links where no secret is set, and tells how to set one', async () => {
    const bare = await openApi({ linkSecret: undefined });
    const { id } = (await bare.call('POST', '/v1/runs', { body: { pipeline: 'offers', params: {} } })).json<{
      id: string;
    }>();
    const ref = await bare.artifacts.putBytes(new TextEncoder().encode(page));
    await bare.database.runs.apply(id, [
      { kind: 'step', stepId: 'evaluation-report', mapKey: '', status: 'succeeded', output: { page: { ...ref } } },
    ]);
    const refused = await bare.call('POST', `/v1/runs/${id}/report/links`);
    expect(refused.json()).toMatchObject({
      code: 'CONFIG_INVALID',
      detail: expect.stringContaining('PERENNIAL_SECRET_KEY'),
    });
    await bare.close();
  });
});
