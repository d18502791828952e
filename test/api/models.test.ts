import { dirname } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ModelComparison } from '../../contracts/model-comparison.ts';
import type { AliasPeriod, ModelVersion, ServedVersion } from '../../contracts/models.ts';
import { ageArtifact, publishTranslation, storedIn } from '../support/registry.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
let model: string;
let models = 0;
beforeAll(async () => {
  api = await openApi({ aliasPolicy: { champion: 'admin', canary: 'operator' } });
});
afterAll(() => api.close());
beforeEach(() => {
  model = `translation-m${String.fromCharCode(97 + models++)}`;
});

const publish = (runId = 'run-1', bleu = 30) => publishTranslation(api, { model, runId, bleu, weightBytes: 1000 });
const path = (...parts: readonly (string | number)[]) => ['/v1/models', model, ...parts].join('/');
const promote = (version: number, more: object = {}, { alias = 'champion', key = api.keys.admin } = {}) =>
  api.call('POST', path('aliases', alias), { key, body: { version, reason: 'because', ...more } });
const rollBack = (more: object = {}, key = api.keys.admin) =>
  api.call('POST', path('aliases', 'champion', 'rollback'), { key, body: { reason: 'it was better', ...more } });
const champion = async () => (await api.database.models.byAlias(model, 'champion'))?.version ?? null;
const history = async (query = '') =>
  (await api.call('GET', `${path('history')}${query}`)).json<{ changes: AliasPeriod[] }>().changes;

async function audited(): Promise<[string, string, object][]> {
  const client = new pg.Client({ connectionString: api.url });
  await client.connect();
  const { rows } = await client.query(
    'select action, subject, detail from audit_log where subject like $1 order by id',
    [`${model}/%`],
  );
  await client.end();
  return rows.map((row: { action: string; subject: string; detail: object }) => [row.action, row.subject, row.detail]);
}

describe('what serves', () => {
  it('is moved by administrators where the alias is protected, by operators where not, by no viewer', async () => {
    await publish();
    const refused = await promote(1, {}, { key: api.keys.operator });
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({
      code: 'FORBIDDEN',
      detail:
        'The alias "champion" is protected: "operator of the test" has the role operator, and moving it needs admin.',
      remedy: expect.stringContaining('PERENNIAL_PROTECTED_ALIASES'),
    });
    expect((await rollBack({}, api.keys.operator)).statusCode).toBe(403);
    const unset = `${path('aliases', 'champion')}?reason=because`;
    expect((await api.call('DELETE', unset, { key: api.keys.operator })).statusCode).toBe(403);
    expect(await champion()).toBeNull();
    expect((await promote(1, {}, { alias: 'challenger', key: api.keys.operator })).statusCode).toBe(200);
    expect((await promote(1, {}, { alias: 'canary', key: api.keys.operator })).statusCode).toBe(200);
    expect((await promote(1, {}, { alias: 'challenger', key: api.keys.viewer })).statusCode).toBe(403);
    expect((await promote(1)).json()).toMatchObject({ version: 1, aliases: ['canary', 'challenger', 'champion'] });
  });

  it('changes with a reason only, and is written down', async () => {
    await publish();
    await publish('run-2');
    expect((await promote(1, { reason: undefined })).statusCode).toBe(400);
    await promote(1, { reason: 'the first' });
    await promote(2, { reason: 'better in the field' });
    await rollBack({ reason: 'worse after all' });
    expect(await history()).toMatchObject([
      { version: 1, kind: 'rollback', by: 'admin of the test', reason: 'worse after all', until: null },
      { version: 2, kind: 'set', reason: 'better in the field', until: expect.any(String) },
      { version: 1, kind: 'set', reason: 'the first' },
    ]);
    expect(await audited()).toEqual([
      ['model.alias', `${model}/champion`, { version: 1, before: null, reason: 'the first' }],
      ['model.alias', `${model}/champion`, { version: 2, before: 1, reason: 'better in the field' }],
      ['model.rollback', `${model}/champion`, { version: 1, before: 2, reason: 'worse after all' }],
    ]);
  });

  it('changes only from where somebody saw it', async () => {
    for (const run of ['1', '2', '3']) await publish(run);
    expect((await promote(1, { expected: null })).statusCode).toBe(200);
    expect((await promote(2, { expected: 1 })).statusCode).toBe(200);
    const late = await promote(3, { expected: 1 });
    expect(late.statusCode).toBe(409);
    expect(late.json()).toMatchObject({ detail: expect.stringContaining('points at version 2, not at version 1') });
    expect((await rollBack({ expected: 1 })).statusCode).toBe(409);
    expect(await champion()).toBe(2);
  });

  it('goes back step by step, passes over what was deleted, and comes to an end', async () => {
    for (const run of ['1', '2', '3', '4']) await publish(run);
    for (const version of [1, 2, 3, 4]) await promote(version);
    const gone = (await api.database.models.get(model, 3))!;
    const keep = { since: new Date(Date.now() + 60_000), protected: [] };
    await api.database.modelRetention.remove(gone, keep, { at: new Date().toISOString(), by: 'x', reason: 'old' });
    expect((await rollBack()).json()).toEqual({ version: 2, before: 4 });
    expect((await rollBack()).json()).toEqual({ version: 1, before: 2 });
    expect((await rollBack()).json()).toMatchObject({ code: 'CONFLICT', remedy: expect.stringContaining('promote') });
  });

  it('is nothing after an alias was removed', async () => {
    await publish();
    await promote(1);
    const unset = `${path('aliases', 'champion')}?reason=it%20is%20wrong`;
    expect((await api.call('DELETE', unset)).statusCode).toBe(204);
    expect(await champion()).toBeNull();
    expect((await api.call('DELETE', unset)).statusCode).toBe(404);
    expect((await rollBack()).json()).toEqual({ version: 1, before: null });
  });
});

describe('what served', () => {
  const served = async (query: string) =>
    (await api.call('GET', `${path('served')}?${query}`)).json<{ served: ServedVersion[]; lists: unknown }>();

  it('is told for a time and a day, with who, why, run and decision', async () => {
    await publish();
    await publish('run-2');
    const options = { runId: 'run-1', decisionId: 'd-1' };
    await api.database.models.setAlias(model, 'champion', 1, 'run run-1', 'the first', options);
    const [first] = await history();
    await promote(2);
    const at = first?.at ?? '';
    const then = await served(`at=${encodeURIComponent(at)}`);
    expect(then.served).toMatchObject([
      { version: { version: 1 }, share: 1, period: { by: 'run run-1', reason: 'the first', ...options } },
    ]);
    expect(then.served[0]?.period.until).toBe((await history())[0]?.at);
    expect((await served(`at=${at.slice(0, 10)}`)).served.map(({ version }) => version.version)).toEqual([2, 1]);
    expect((await served('at=2020-01-01')).served).toEqual([]);
    expect((await served('alias=champion')).served.map(({ version }) => version.version)).toEqual([2]);
    expect((await history('?alias=challenger')).length).toBe(0);
    expect((await api.call('GET', `${path('served')}?at=yesterday`)).statusCode).toBe(400);
  });

  it('is told of a market by the lists that it had', async () => {
    const rows = [{ customerId: '1', market: 'DE', runId: 'run-9', modelVersion: 7, horizonDays: 7 }];
    const lists = { products: [], newProducts: [] };
    for (const asOf of ['2026-03-01', '2026-03-04'])
      await api.database.predictions.replaceMarket(
        'DE',
        asOf,
        rows.map((row) => ({ ...row, ...lists, asOf })),
      );
    const response = await api.call('GET', '/v1/models/offers-next-products/served?at=2026-03-03&market=DE');
    expect(response.json()).toMatchObject({
      lists: { market: 'DE', asOf: '2026-03-01', runId: 'run-9', version: 7, customers: 1 },
    });
    const early = await api.call('GET', '/v1/models/offers-next-products/served?at=2026-02-01&market=DE');
    expect(early.json()).toMatchObject({ lists: null, served: [] });
    expect((await api.call('GET', `${path('served')}?market=DE`)).json()).toMatchObject({ code: 'PARAMETER_INVALID' });
  });
});

describe('a version', () => {
  it('is found by number, alias or as the newest, and compared with another', async () => {
    await publish('run-1', 30);
    await publish('run-2', 31.5);
    await promote(1);
    const get = (choice: string) => api.call('GET', path('versions', choice), { key: api.keys.viewer });
    expect((await get('champion')).json()).toMatchObject({ version: 1, facts: { title: 'Translation from en to de' } });
    expect((await get('newest')).json()).toMatchObject({
      version: 2,
      files: [{ name: 'model' }, {}, { name: 'tokenizer' }],
    });
    expect((await get('9')).statusCode).toBe(404);
    expect((await get('no.name')).statusCode).toBe(400);
    const comparison = (await api.call('GET', `${path('compare')}?a=champion&b=2`)).json<ModelComparison>();
    expect(comparison).toMatchObject({ a: 1, b: 2, params: [], data: [], code: [], sameSignature: true });
    expect(comparison.metrics).toEqual([
      {
        ...{ name: 'bleu', title: 'BLEU', better: 'higher', digits: 2 },
        ...{ a: 30, b: 31.5, difference: 1.5, relative: 0.05, winner: 'b' },
      },
    ]);
    expect(comparison.files.map(({ name }) => name)).toEqual(['model', 'weights']);
  });

  it('is described and labelled by operators, who are written down with what stood before', async () => {
    await publish();
    const patch = (body: object, key = api.keys.operator) => api.call('PATCH', path('versions', 1), { key, body });
    expect((await patch({ description: 'x' }, api.keys.viewer)).statusCode).toBe(403);
    expect((await patch({ labels: { team: 'sales', stage: 'pilot' } })).statusCode).toBe(200);
    const changed = await patch({ description: 'For the pilot', labels: { stage: null } });
    expect(changed.json()).toMatchObject({ description: 'For the pilot', labels: { team: 'sales' } });
    expect((await audited()).at(-1)).toEqual([
      'model.describe',
      `${model}/1`,
      {
        ...{ description: 'For the pilot', labels: { stage: null } },
        before: { description: '', labels: { team: 'sales', stage: 'pilot' } },
      },
    ]);
    for (const body of [{}, { version: 3 }, { labels: { ' ': 'x' } }, { metrics: {} }])
      expect((await patch(body)).statusCode, JSON.stringify(body)).toBe(400);
  });

  it('is deleted when nothing refers to it, with the files that no other has', async () => {
    const folder = dirname(api.documentFolder);
    const one = await publish();
    const two = await publish('run-2');
    await promote(1, {}, { alias: 'challenger' });
    await promote(1);
    await promote(2);
    const remove = (version: number, key = api.keys.admin) =>
      api.call('DELETE', `${path('versions', version)}?reason=not%20needed`, { key });
    expect((await remove(1, api.keys.operator)).statusCode).toBe(403);
    const refused = await remove(1);
    expect(refused.statusCode).toBe(409);
    expect(refused.json()).toMatchObject({
      detail: expect.stringMatching(/still needed: it is the challenger; it was the champion until 20/),
      errors: [
        { field: 'alias', value: 'challenger' },
        { field: 'history', value: 'champion' },
      ],
    });
    const { references } = (await api.call('GET', path('versions', 1, 'references'))).json<{ references: unknown[] }>();
    expect(references).toHaveLength(2);

    // Nothing is kept because of its age here, and the files are old.
    const lax = await api.rebuild({ modelHistoryDays: 0 });
    for (const file of [...one.files, ...two.files]) ageArtifact(folder, file);
    await promote(2, {}, { alias: 'challenger' });
    const path1 = `${path('versions', 1)}?reason=not%20needed`;
    const authorization = `Bearer ${api.keys.admin}`;
    expect((await lax.inject({ method: 'DELETE', url: path1, headers: { authorization } })).statusCode).toBe(204);
    await lax.close();

    const own = one.files.filter(({ name }) => name !== 'tokenizer').map(({ sha256 }) => sha256);
    const kept = storedIn(folder);
    expect(own.some((sha256) => kept.includes(sha256))).toBe(false);
    for (const { sha256 } of two.files) expect(kept).toContain(sha256);
    const record = (await api.call('GET', path('versions', 1))).json<ModelVersion>();
    expect(record).toMatchObject({ metrics: one.metrics, deleted: { by: 'admin of the test', reason: 'not needed' } });
    expect((await api.call('GET', path('versions', 1, 'export'))).json()).toMatchObject({ code: 'GONE' });
    expect((await promote(1)).json()).toMatchObject({ code: 'GONE' });
    expect((await remove(1)).statusCode).toBe(404);
    expect((await history()).some(({ version }) => version === 1)).toBe(true);
    const listed = (await api.call('GET', `/v1/models?model=${model}`)).json<{ models: ModelVersion[] }>().models;
    expect(listed.map(({ version }) => version)).toEqual([2]);
    const all = await api.call('GET', `/v1/models?model=${model}&deleted=true`);
    expect(all.json<{ models: ModelVersion[] }>().models.map(({ version }) => version)).toEqual([2, 1]);
    expect((await audited()).at(-1)).toEqual(['model.delete', `${model}/1`, { reason: 'not needed' }]);
  });
});

describe('the model card', () => {
  it('is a page that says how the version stands, by key or by a link', async () => {
    await publish('run-1', 30);
    await publish('run-2', 31.5);
    await promote(1, { reason: 'the first' });
    const card = (choice: string | number) =>
      api.call('GET', path('versions', choice, 'card'), { key: api.keys.viewer });
    const page = await card('champion');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.body).toContain('Version 1 has been the champion since');
    expect(page.body).toContain('promoted by admin of the test: the first.');
    const challenger = (await card(2)).body;
    for (const text of [
      'Version 2 serves nowhere. Version 1 is the champion.',
      '+1.50 against version 1, better',
      'abc',
    ])
      expect(challenger).toContain(text);
    expect((await api.call('GET', path('versions', 2, 'card'), { key: null })).statusCode).toBe(401);
    const { url } = (await api.call('POST', path('versions', 2, 'card', 'links'))).json<{ url: string }>();
    expect((await api.call('GET', url, { key: null })).statusCode).toBe(200);
    const other = url.replace('/versions/2/', '/versions/1/');
    expect((await api.call('GET', other, { key: null })).statusCode).toBe(403);
    expect((await card(3)).statusCode).toBe(404);
  });
});
