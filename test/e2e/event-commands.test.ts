import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CloudEvent } from '../../contracts/events.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { type Ended, perennial } from '../support/perennial.ts';

const home = mkdtempSync(join(tmpdir(), 'perennial-event-commands-'));
let api: OpenApi;
let env: Record<string, string>;
const run = (...args: string[]): Promise<Ended> => perennial(args, env);

beforeAll(async () => {
  api = await openApi();
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  env = { PERENNIAL_URL: url, PERENNIAL_API_KEY: api.keys.admin, PERENNIAL_HOME: home };
});
afterAll(async () => {
  await api.close();
  rmSync(home, { recursive: true, force: true });
});

it('a source is made, changed and shown', async () => {
  const added = await run('webhooks', 'add', 'shop', '--starts', 'offers', '--param', 'asOf=event.data.day');
  expect(added.stdout).toContain('secret (shown once): whsec_');
  expect((await run('webhooks', 'change', 'shop')).stderr).toContain('say what is to change');
  expect(await run('webhooks', 'change', 'shop', '--param', 'asOf=key')).toMatchObject({ code: 2 });
  expect(await run('webhooks', 'change', 'shop', '--tolerance', '60', '--event-type', 'order')).toMatchObject({
    code: 0,
  });
  const show = async () => (await api.call('GET', '/v1/webhook-sources/shop')).json();
  expect(await show()).toMatchObject({ toleranceSeconds: 60, eventType: 'order', starts: { pipeline: 'offers' } });
  expect(await run('webhooks', 'change', 'shop', '--no-starts', '--no-event-type')).toMatchObject({ code: 0 });
  expect(await show()).toMatchObject({ toleranceSeconds: 60, eventType: null, starts: null });
}, 60_000);

it('events are found, and all dead letters are worked on again', async () => {
  const events = ['a', 'b', 'c'].map(
    (id): CloudEvent => ({
      ...{ specversion: '1.0', id, source: '/erp', type: 'counted', subject: `of ${id}` },
      time: '2026-03-01T12:00:00.000Z',
    }),
  );
  await api.database.events.publish(events);
  const stored = await api.database.events.list({ source: '/erp', limit: 10 });
  for (const { sequence } of stored.slice(0, 2))
    await api.database.events.bury(sequence, { code: 'INTERNAL', message: 'it was Monday' });
  expect((await run('events', 'ls', '--subject', 'of c')).stdout).toMatch(/counted +\/erp +of c +waits/);
  expect((await run('events', 'ls', '--from', '2026-03-02')).stdout).toContain('No events.');
  expect((await run('events', 'dead')).stdout).toContain('given up: it was Monday');
  expect(await run('events', 'replay')).toMatchObject({ code: 2 });
  const replayed = await run('--json', 'events', 'replay', '--all');
  expect(JSON.parse(replayed.stdout)).toEqual({ replayed: stored.slice(0, 2).map(({ sequence }) => sequence) });
  expect((await run('events', 'replay', '--all')).stdout).toContain('No dead letters.');
}, 60_000);
