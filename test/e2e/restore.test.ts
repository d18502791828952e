import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ApiClient } from '../../cli/client.ts';
import { startRun } from '../../cli/runs.ts';
import { fencesOf } from '../support/markdown.ts';
import { type Perennial, spawnPerennial } from '../support/perennial.ts';

// What docs/how-to/backup-and-restore.md says of embedded mode, with its commands as they stand there.
const page = readFileSync(new URL('../../docs/how-to/backup-and-restore.md', import.meta.url), 'utf8');
const commands = fencesOf(page.split('## Embedded mode')[1]?.split('\n## ')[0] ?? '').map(({ text }) => text);

let folder: string;
let home: string;
let server: Perennial | undefined;
let api: ApiClient;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-restore-'));
  chmodSync(folder, 0o755);
  home = join(folder, '.perennial');
});
afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

async function up(): Promise<void> {
  server = spawnPerennial(['up', '--no-demo'], { PERENNIAL_HOME: home, PERENNIAL_PORT: '0' });
  await server.says('perennial --help');
  const { apiUrl } = JSON.parse(readFileSync(join(home, 'state.json'), 'utf8')) as { apiUrl: string };
  api = new ApiClient(apiUrl, readFileSync(join(home, 'admin.key'), 'utf8').trim());
}

async function stop(): Promise<void> {
  server?.child.kill('SIGTERM');
  await server?.ended;
  server = undefined;
}

/** What a person would miss, without what changes by itself. */
async function seen(): Promise<object> {
  const { schedules } = await api.get<{ schedules: { definition: object }[] }>('/v1/schedules');
  const { runs } = await api.get<{ runs: { id: string; status: string; error: object }[] }>('/v1/runs');
  const { keys } = await api.get<{ keys: { name: string; role: string }[] }>('/v1/keys');
  return {
    schedules: schedules.map(({ definition }) => definition),
    runs: runs.map(({ id, status, error }) => ({ id, status, error })),
    keys: keys.map(({ name, role }) => ({ name, role })),
    memory: await api.get('/v1/memories/house/entries'),
    webhooks: await api.get('/v1/webhook-sources'),
  };
}

it('brings everything back from a copy of the home, schedules and secrets included', async () => {
  expect(commands).toHaveLength(2);
  const [backUp = '', restore = ''] = commands;
  await up();
  await api.post('/v1/schedules', { id: 'nightly', pipeline: 'offers', cron: '30 4 * * *' });
  await api.post('/v1/memories', { id: 'house', source: 'en', target: 'de' });
  await api.post('/v1/memories/house/entries', { entries: [{ source: 'add to cart', target: 'In den Warenkorb' }] });
  await api.post('/v1/webhook-sources', { id: 'shop', scheme: 'standard' });
  const { id } = await startRun(api, 'offers', { source: '/nowhere' });
  for await (const _ of api.events(id));
  const before = await seen();
  expect(before).toMatchObject({ schedules: [{ cron: '30 4 * * *' }], runs: [{ id, status: 'failed' }] });
  await stop();

  const shell = (text: string) => execFileSync('bash', ['-euc', text], { cwd: folder });
  shell(backUp);
  renameSync(home, join(folder, 'lost'));
  shell(restore);

  await up();
  await vi.waitFor(async () => expect(await seen()).toEqual(before), { timeout: 60_000, interval: 500 });
  // A secret that does not open would be said here.
  await api.post('/v1/webhook-sources/shop/rotate', {});
}, 120_000);
