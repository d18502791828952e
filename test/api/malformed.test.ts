import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallOptions, type OpenApi, openApi } from './support.ts';

let api: OpenApi;
let keys: { expired: string; revoked: string };
beforeAll(async () => {
  api = await openApi();
  const expired = await api.makeKey('admin', new Date('2020-01-01'));
  const revoked = await api.makeKey('admin');
  await api.database.keys.revoke(revoked.id);
  keys = { expired: expired.key, revoked: revoked.key };
});
afterAll(() => api.close());

const json = { 'content-type': 'application/json' };
const run = (params: unknown, more: object = {}) => ({ body: { pipeline: 'offers', params, ...more } });
const longId = 'x'.repeat(300);
const endlessId = 'x'.repeat(3000);

/** What, request, status, words that the answer's detail must hold. */
const cases: readonly (readonly [string, string, string, () => CallOptions, number, string])[] = [
  [
    'a body that is no JSON',
    'POST',
    '/v1/runs',
    () => ({ body: '{"pipeline": ', headers: json }),
    400,
    'not valid JSON',
  ],
  ['an empty body', 'POST', '/v1/runs', () => ({ body: '', headers: json }), 400, 'empty'],
  ['no body', 'POST', '/v1/runs', () => ({}), 400, 'body'],
  [
    'a body of another type',
    'POST',
    '/v1/runs',
    () => ({ body: '<run/>', headers: { 'content-type': 'text/xml' } }),
    415,
    'text/xml',
  ],
  ['a body that is too large', 'POST', '/v1/runs', () => run({ source: 'x'.repeat(70_000) }), 413, 'too large'],
  ['a list for a body', 'POST', '/v1/runs', () => ({ body: [] }), 400, 'body'],
  ['no pipeline', 'POST', '/v1/runs', () => ({ body: { params: {} } }), 400, 'body.pipeline is required'],
  [
    'an unknown pipeline',
    'POST',
    '/v1/runs',
    () => ({ body: { pipeline: 'ofers' } }),
    404,
    'no pipeline "ofers"; there are offers',
  ],
  ['an unknown field', 'POST', '/v1/runs', () => run({}, { prio: 3 }), 400, 'body.prio is not known'],
  [
    'parameters that are no object',
    'POST',
    '/v1/runs',
    () => run('asOf=2011-01-01'),
    400,
    'body.params = "asOf=2011-01-01"',
  ],
  ['an unknown parameter', 'POST', '/v1/runs', () => run({ asof: '2011-10-09' }), 422, 'asof'],
  ['a day that is none', 'POST', '/v1/runs', () => run({ asOf: '9 Oct 2011' }), 422, 'asOf = "9 Oct 2011"'],
  ['a choice that is none', 'POST', '/v1/runs', () => run({ train: 'sometimes' }), 422, 'train = "sometimes"'],
  ['a number out of range', 'POST', '/v1/runs', () => run({ topK: 0 }), 422, 'topK = 0'],
  ['text for a number', 'POST', '/v1/runs', () => run({ topK: '20' }), 422, 'topK = "20"'],
  ['a mapping without columns', 'POST', '/v1/runs', () => run({ mapping: {} }), 422, 'mapping.columns is required'],
  ['a password', 'POST', '/v1/runs', () => run({ source: 'postgres://u:p@h/d' }), 422, 'source = "postgres://h/d"'],
  ['no key', 'GET', '/v1/runs', () => ({ key: null }), 401, 'needs an API key'],
  ['an unknown key', 'GET', '/v1/runs', () => ({ key: 'prn_made-up' }), 401, 'not known'],
  ['an expired key', 'GET', '/v1/runs', () => ({ key: keys.expired }), 401, 'expired on 2020-01-01'],
  ['a revoked key', 'GET', '/v1/runs', () => ({ key: keys.revoked }), 401, 'was revoked'],
  [
    'a viewer who starts a run',
    'POST',
    '/v1/runs',
    () => ({ ...run({}), key: api.keys.viewer }),
    403,
    'needs operator',
  ],
  [
    'an operator who makes a key',
    'POST',
    '/v1/keys',
    () => ({ key: api.keys.operator, body: { name: 'x', role: 'viewer' } }),
    403,
    'needs admin',
  ],
  ['an unknown run', 'GET', '/v1/runs/nope', () => ({}), 404, 'no run "nope"'],
  ['an id that is too long', 'GET', `/v1/runs/${longId}`, () => ({}), 400, 'path.id'],
  ['an id without end', 'GET', `/v1/runs/${endlessId}`, () => ({}), 400, 'address'],
  ['an id that is not encoded', 'GET', '/v1/runs/%E0%A4%A', () => ({}), 400, 'address'],
  ['a parameter with a NUL', 'POST', '/v1/runs', () => run({ source: 'a\u0000b' }), 400, 'body.params.source'],
  [
    'a day of a run that the calendar lacks',
    'POST',
    '/v1/runs',
    () => run({ asOf: '2011-02-31' }),
    422,
    'asOf = "2011-02-31"',
  ],
  ['an id with a NUL', 'GET', '/v1/runs/a%00b', () => ({}), 400, 'path.id'],
  ['a limit of none', 'GET', '/v1/runs?limit=0', () => ({}), 400, 'query.limit = 0'],
  ['a limit too high', 'GET', '/v1/runs?limit=501', () => ({}), 400, 'query.limit = 501'],
  ['a limit that is no number', 'GET', '/v1/runs?limit=many', () => ({}), 400, 'query.limit = "many"'],
  ['a cursor of nobody', 'GET', '/v1/runs?cursor=abc', () => ({}), 400, 'cursor'],
  ['a status that is none', 'GET', '/v1/runs?status=done', () => ({}), 400, 'query.status = "done"'],
  ['a time that is none', 'GET', '/v1/runs?from=yesterday', () => ({}), 400, 'query.from = "yesterday"'],
  ['a day that the calendar lacks', 'GET', '/v1/runs?from=2026-02-31', () => ({}), 400, '2026-02-31'],
  ['an unknown route', 'GET', '/v2/runs', () => ({}), 404, 'GET /v2/runs'],
  ['another method', 'PUT', '/v1/runs', () => ({ body: {} }), 404, 'PUT /v1/runs'],
  [
    'an unknown version',
    'POST',
    '/v1/models/offers-next-products/aliases/champion',
    () => ({ body: { version: 9, reason: 'because' } }),
    404,
    '9',
  ],
  [
    'a promotion without a reason',
    'POST',
    '/v1/models/m/aliases/champion',
    () => ({ body: { version: 1 } }),
    400,
    'body.reason is required',
  ],
  ['a role that is none', 'POST', '/v1/keys', () => ({ body: { name: 'x', role: 'root' } }), 400, 'body.role = "root"'],
  ['an unknown customer', 'GET', '/v1/offers/customers/0/predictions', () => ({}), 404, '"0"'],
  ['an unknown market', 'GET', '/v1/offers/markets/Atlantis/predictions', () => ({}), 404, '"Atlantis"'],
  ['an unknown decision', 'GET', '/v1/decisions/nope', () => ({}), 404, '"nope"'],
];

describe('a malformed request', () => {
  it.each(cases)('%s', async (_what, method, path, options, status, words) => {
    const response = await api.call(method, path, options());
    const problem = response.json<Record<string, unknown>>();
    expect({ status: response.statusCode, detail: problem['detail'] }).toEqual({
      status,
      detail: expect.stringContaining(words),
    });
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(problem['traceId']).toMatch(/^[0-9a-f]{32}$/);
    for (const field of ['type', 'title', 'code', 'remedy', 'instance']) expect(problem[field], field).toMatch(/./);
    expect(problem['status']).toBe(status);
  });

  it('an idempotency key that was used for another request', async () => {
    const headers = { 'idempotency-key': 'monday' };
    expect((await api.call('POST', '/v1/runs', { ...run({ topK: 3 }), headers })).statusCode).toBe(202);
    const other = await api.call('POST', '/v1/runs', { ...run({ topK: 4 }), headers });
    expect(other.statusCode).toBe(409);
    expect(other.json()).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT', detail: expect.stringContaining('monday') });
  });

  it('cancelling what has ended', async () => {
    const { id } = (await api.call('POST', '/v1/runs', run({}))).json<{ id: string }>();
    await api.database.runs.apply(id, [{ kind: 'run', status: 'succeeded' }]);
    const late = await api.call('POST', `/v1/runs/${id}/cancel`);
    expect(late.statusCode).toBe(409);
    expect(late.json()).toMatchObject({ detail: expect.stringContaining('succeeded') });
  });
});
