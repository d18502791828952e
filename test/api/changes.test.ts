import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ChangeNotice } from '../../contracts/changes.ts';
import { type OpenEventStream, openEventStream, type StreamedEvent } from '../support/event-stream.ts';
import { type OpenApi, openApi } from './support.ts';

let api: OpenApi;
let origin: string;
const streams: OpenEventStream[] = [];
beforeAll(async () => {
  api = await openApi();
  origin = await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});
afterAll(() => api.close());

async function listen(query = ''): Promise<OpenEventStream> {
  const stream = await openEventStream(`${origin}/v1/changes${query}`, { authorization: `Bearer ${api.keys.viewer}` });
  streams.push(stream);
  await stream.until(({ type }) => type === 'ready');
  return stream;
}

const noticeOf = (topic: string, id?: string) => (event: StreamedEvent) => {
  const notice = event.data as ChangeNotice;
  return event.type === 'change' && notice.topic === topic && (id === undefined || notice.ids.includes(id));
};
const start = async (): Promise<string> =>
  (await api.call('POST', '/v1/runs', { body: { pipeline: 'offers' } })).json<{ id: string }>().id;
const limit = (name: string) => api.call('PUT', `/v1/limits/${name}`, { body: { capacity: 2 } });

it('tells which runs have changed, and what else with them', async () => {
  const stream = await listen();
  const id = await start();
  await stream.until(noticeOf('runs', id));
  await stream.until(noticeOf('audit'));
});

it('tells of topics that were asked for, and of no others', async () => {
  const stream = await listen('?topics=rules,limits');
  await start();
  const alert = { severity: 'info', message: 'it came' };
  const body = { id: 'told', mode: 'any', patterns: [{ name: 'any', type: 'a.b' }], actions: { onMatch: [{ alert }] } };
  expect((await api.call('POST', '/v1/rules', { body })).statusCode).toBe(201);
  expect((await limit('offers')).statusCode).toBe(200);
  await stream.until(noticeOf('rules', 'told'));
  await stream.until(noticeOf('limits', 'offers'));
  const topics = stream.events.filter(({ type }) => type === 'change').map(({ data }) => (data as ChangeNotice).topic);
  expect(new Set(topics)).toEqual(new Set(['rules', 'limits']));
  const unknown = await api.call('GET', '/v1/changes?topics=rules,weather');
  expect(unknown.statusCode).toBe(400);
});

it('tells many changes of a topic in a few notices, and loses none', async () => {
  const stream = await listen('?topics=runs');
  const ids = new Set(await Promise.all(Array.from({ length: 30 }, start)));
  const seen = new Set<string>();
  await stream.until(({ type, data }) => {
    if (type === 'change') for (const id of (data as ChangeNotice).ids) seen.add(id);
    return [...ids].every((id) => seen.has(id));
  });
  expect(stream.events.filter(({ type }) => type === 'change').length).toBeLessThan(10);
});

it('says that changes may have been missed when the database was away', async () => {
  const stream = await listen();
  const client = new pg.Client({ connectionString: api.url });
  await client.connect();
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'`,
  );
  await client.end();
  // Of what runs tell, and of everything else: two connections, each of which was lost.
  for (const _ of [1, 2]) await stream.until(({ type }) => type === 'gap');
  const id = await start();
  await stream.until(noticeOf('runs', id));
});

it('needs a key', async () => {
  expect((await api.call('GET', '/v1/changes', { key: null })).statusCode).toBe(401);
});

it('ends when the server closes', async () => {
  const other = await api.rebuild();
  const address = await other.listen({ host: '127.0.0.1', port: 0 });
  const stream = await openEventStream(`${address}/v1/changes`, { authorization: `Bearer ${api.keys.viewer}` });
  await stream.until(({ type }) => type === 'ready');
  await other.close();
  await stream.end();
});
