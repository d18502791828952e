import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { isAlive, type ProcessRecord } from '../../workers/embedded/process-table.ts';
import { type Perennial, spawnPerennial } from '../support/perennial.ts';

let home: string;
let env: Record<string, string>;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'perennial-supervisor-'));
  // As root, PostgreSQL runs as a user of its own, who must be able to enter.
  chmodSync(home, 0o755);
  env = { PERENNIAL_HOME: home, PERENNIAL_PORT: '0' };
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const everything = ['postgres', 'redis', 'temporal', 'control', 'cpu', 'events', 'serving', 'api'];
const patience = { timeout: 60_000, interval: 100 };

function recorded(): ProcessRecord[] {
  return JSON.parse(readFileSync(join(home, 'processes.json'), 'utf8')) as ProcessRecord[];
}

function record(name: string): ProcessRecord {
  return recorded().find((r) => r.name === name) as ProcessRecord;
}

async function up(): Promise<Perennial> {
  const started = spawnPerennial(['up', '--no-demo'], env);
  await started.says('Dashboard');
  return started;
}

function apiUrl(): string {
  return (JSON.parse(readFileSync(join(home, 'state.json'), 'utf8')) as { apiUrl: string }).apiUrl;
}

async function ready(): Promise<boolean> {
  try {
    return (await fetch(`${apiUrl()}/health/ready`)).ok;
  } catch {
    return false;
  }
}

it('starts everything, brings back what dies, and leaves nothing behind on Ctrl-C', async () => {
  const supervisor = await up();
  expect(await ready()).toBe(true);
  expect(recorded().map((r) => r.name)).toEqual(expect.arrayContaining(everything));

  for (const name of ['redis', 'cpu', 'serving', 'postgres', 'temporal']) {
    const before = record(name);
    process.kill(before.pid, 'SIGKILL');
    await vi.waitFor(() => {
      const now = record(name);
      expect(now?.pid).not.toBe(before.pid);
      expect(isAlive(now)).toBe(true);
    }, patience);
  }
  await vi.waitFor(async () => expect(await ready()).toBe(true), patience);

  const processes = recorded();
  supervisor.child.kill('SIGINT');
  expect(await supervisor.ended).toMatchObject({ code: 0 });
  expect(processes.filter(isAlive)).toEqual([]);
  expect(recorded()).toEqual([]);
}, 180_000);

it('says so when it runs already, and touches nothing', async () => {
  const supervisor = await up();
  const second = await spawnPerennial(['up', '--no-demo'], env).ended;
  expect(second.code).toBe(2);
  expect(second.stderr).toContain(`runs on ${home} already`);
  expect(await ready()).toBe(true);

  // Killed like this it can stop nothing; the next start has to.
  const left = recorded().filter((r) => r.name !== 'supervisor');
  supervisor.child.kill('SIGKILL');
  await supervisor.ended;
  const next = await spawnPerennial(['up', '--no-demo', '--once'], env).ended;
  expect(next.code).toBe(0);
  expect(next.stderr).toContain('ended what an earlier run left behind');
  expect(left.filter(isAlive)).toEqual([]);
  expect(recorded()).toEqual([]);
}, 180_000);
