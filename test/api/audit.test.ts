import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditPage } from '../../contracts/audit.ts';
import { seedMonth } from '../support/month.ts';
import { type OpenApi, openApi } from './support.ts';

const now = new Date('2026-11-26T06:40:00Z');
let api: OpenApi;
beforeAll(async () => {
  api = await openApi();
  await seedMonth(api.database, { url: api.url, now });
});
afterAll(() => api.close());

const read = async (query = ''): Promise<AuditPage> => {
  const answer = await api.call('GET', `/v1/audit?${query}`, { key: api.keys.operator });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<AuditPage>();
};

it('tells who did what, newest first, page by page, each once', async () => {
  const all = await read('limit=500');
  const times = all.entries.map(({ at }) => at);
  expect(times).toEqual([...times].sort().reverse());
  const ids: number[] = [];
  for (let cursor = ''; ; ) {
    const page = await read(`limit=7${cursor}`);
    ids.push(...page.entries.map(({ id }) => id));
    if (page.next === null) break;
    cursor = `&cursor=${page.next}`;
  }
  expect(ids).toEqual(all.entries.map(({ id }) => id));
});

it('is filtered by who, what, to what and when', async () => {
  const paused = await read('actor=ada&action=run.pause');
  expect(paused.entries).toMatchObject([{ actor: 'ada', action: 'run.pause', detail: { mode: 'drain' } }]);
  const ofRuns = await read('action=run.*&limit=500');
  expect(ofRuns.entries.every(({ action }) => action.startsWith('run.'))).toBe(true);
  expect((await read('subject=offers-daily')).entries).toMatchObject([{ action: 'schedule.create' }]);
  expect((await read('from=2026-11-26&to=2026-11-27')).entries.every(({ at }) => at.startsWith('2026-11-26'))).toBe(
    true,
  );
  expect((await read('actor=%25')).entries).toEqual([]);
});

it('is for those who may do things', async () => {
  expect((await api.call('GET', '/v1/audit', { key: api.keys.viewer })).statusCode).toBe(403);
});

it('has what is done by the API, also an event that somebody sends', async () => {
  const { id } = (await api.call('POST', '/v1/runs', { body: { pipeline: 'offers' } })).json<{ id: string }>();
  expect((await read(`subject=${id}`)).entries).toMatchObject([{ actor: 'admin of the test', action: 'run.start' }]);
  const event = { specversion: '1.0', id: 'e1', source: '/tests', type: 'shop.opened' };
  const sent = await api.call('POST', '/v1/events', {
    body: JSON.stringify(event),
    headers: { 'content-type': 'application/cloudevents+json' },
  });
  expect(sent.statusCode, sent.body).toBe(202);
  expect((await read('action=event.*')).entries).toMatchObject([
    { action: 'event.publish', subject: 'shop.opened', detail: { events: 1, new: 1 } },
  ]);
});
