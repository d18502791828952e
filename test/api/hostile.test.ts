import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CallOptions, type OpenApi, openApi } from './support.ts';

let api: OpenApi;
let runId: string;
beforeAll(async () => {
  api = await openApi();
  runId = (await api.call('POST', '/v1/runs', { body: { pipeline: 'offers' } })).json<{ id: string }>().id;
});
afterAll(() => api.close());

/** What, request (`:run` is a run that exists), status, words of the detail. */
type Case = readonly [what: string, method: string, path: string, options: CallOptions, status: number, words: string];

/** A body as text: what JSON.stringify would not write. */
const raw = (body: string): CallOptions => ({ body, headers: { 'content-type': 'application/json' } });
const cursor = (...parts: string[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
const nested = (open: string, depth: number, close: string): string => open.repeat(depth) + '1' + close.repeat(depth);
const alias = '/v1/models/offers-next-products/aliases/champion';
const version = (n: number): CallOptions => ({ body: { version: n, reason: 'because' } });

const refused: readonly Case[] = [
  ['a prototype', 'POST', '/v1/runs', raw('{"pipeline":"offers","params":{"__proto__":{}}}'), 400, 'not valid JSON'],
  ['a name of Object', 'POST', '/v1/runs', raw('{"pipeline":"offers","params":{"toString":1}}'), 422, 'toString = 1'],
  ['a name with a slash', 'POST', '/v1/runs', raw('{"pipeline":"offers","params":{"a/b~c":1}}'), 422, 'a/b~c = 1'],
  ['null for a body', 'POST', '/v1/runs', raw('null'), 400, 'body = null'],
  ['a pipeline of Object', 'POST', '/v1/runs', raw('{"pipeline":"constructor"}'), 404, '"constructor"'],
  ['a filter with a NUL', 'GET', '/v1/runs?pipeline=a%00b', {}, 400, 'query.pipeline'],
  ['a filter given twice', 'GET', '/v1/runs?status=queued&status=failed', {}, 400, 'query.status'],
  ['a limit given twice', 'GET', '/v1/runs?limit=1&limit=2', {}, 400, 'query.limit'],
  ['an alias in capitals', 'POST', alias.replace('champion', 'CHAMPION'), version(1), 400, 'path.alias = "CHAMPION"'],
  ['half a version', 'POST', alias, version(1.5), 400, 'body.version = 1.5'],
  ['a key for no days', 'POST', '/v1/keys', { body: { name: 'x', role: 'viewer', days: 0 } }, 400, 'body.days = 0'],
  ['a header without a key', 'GET', '/v1/runs', { key: '' }, 401, 'needs an API key'],
  [
    'an endless idempotency key',
    'POST',
    '/v1/runs',
    { body: { pipeline: 'offers' }, headers: { 'idempotency-key': 'x'.repeat(201) } },
    400,
    'header.idempotency-key',
  ],
  ['a bad body of what needs none', 'POST', '/v1/runs/:run/cancel', raw('{'), 400, 'not valid JSON'],
  ['logs of an unknown run', 'GET', '/v1/runs/nope/logs', {}, 404, '"nope"'],
  ['cancelling an unknown run', 'POST', '/v1/runs/nope/cancel', {}, 404, '"nope"'],
];

/** What the schema lets through and the database would not. */
const faults: readonly Case[] = [
  ['a cursor without a time', 'GET', `/v1/runs?cursor=${cursor('x', 'y')}`, {}, 400, 'cursor'],
  ['a cursor with a NUL', 'GET', `/v1/runs?cursor=${cursor('2026-01-01T00:00:00.000Z', '\u0000')}`, {}, 400, 'cursor'],
  ['an empty cursor', 'GET', `/v1/runs?cursor=${cursor('', '')}`, {}, 400, 'cursor'],
  ['decisions: a cursor without a time', 'GET', `/v1/decisions?cursor=${cursor('x', 'y')}`, {}, 400, 'cursor'],
  ['a leap second', 'GET', '/v1/runs?from=2016-12-31T23:59:60Z', {}, 400, 'query.from'],
  ['the year 0', 'GET', '/v1/runs?from=0000-01-01', {}, 400, 'query.from'],
  ['predictions of the year 0', 'GET', '/v1/offers/customers/1/predictions?asOf=0000-01-01', {}, 400, 'query.asOf'],
  ['a version no column holds', 'POST', alias, version(2 ** 31), 400, 'body.version = 2147483648'],
  ['a log line no column holds', 'GET', '/v1/runs/:run/logs?after=1e300', {}, 400, 'query.after'],
  ['half a character', 'POST', '/v1/runs', raw('{"pipeline":"offers","params":{"source":"\\ud800"}}'), 400, 'source'],
  ['a name of half a character', 'POST', '/v1/keys', raw('{"name":"\\ud800","role":"viewer"}'), 400, 'body.name'],
  [
    'a bottomless parameter',
    'POST',
    '/v1/runs',
    raw(`{"pipeline":"offers","params":{"source":${nested('[', 30_000, ']')}}}`),
    400,
    'body.params.source',
  ],
  [
    'a bottomless name',
    'POST',
    '/v1/keys',
    raw(`{"name":${nested('{"a":', 8_000, '}')},"role":"viewer"}`),
    400,
    'body.name',
  ],
];

async function expectProblem([, method, path, options, status, words]: Case): Promise<void> {
  const response = await api.call(method, path.replace(':run', runId), options);
  const problem = response.json<Record<string, unknown>>();
  expect({ status: response.statusCode, detail: problem['detail'] }).toEqual({
    status,
    detail: expect.stringContaining(words),
  });
  expect(response.headers['content-type']).toContain('application/problem+json');
  for (const field of ['type', 'title', 'code', 'remedy', 'traceId']) expect(problem[field], field).toMatch(/./);
}

it.each(refused)('refuses %s', (...args) => expectProblem(args));
it.each(faults)('refuses %s', (...args) => expectProblem(args));
