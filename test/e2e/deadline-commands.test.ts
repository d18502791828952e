import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweepDeadlines } from '../../domain/deadlines/index.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { deadlinePipelines } from '../support/deadlines.ts';
import { type Ended, perennial } from '../support/perennial.ts';

const home = mkdtempSync(join(tmpdir(), 'perennial-deadlines-'));
let now = new Date('2027-01-11T12:00:00Z');
let api: OpenApi;
let env: Record<string, string>;
const run = (...args: string[]): Promise<Ended> => perennial(['deadlines', ...args], env);

beforeAll(async () => {
  api = await openApi({ pipelines: deadlinePipelines, clock: { now: () => now } });
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  env = { PERENNIAL_URL: url, PERENNIAL_API_KEY: api.keys.operator, PERENNIAL_HOME: home };
});
afterAll(async () => {
  await api.close();
  rmSync(home, { recursive: true, force: true });
});

it('takes a deadline from its making to its end, and shows what is late first', async () => {
  const berlin = ['--by', '07:00', '--zone', 'Europe/Berlin'];
  const made = await run(
    'add',
    'early',
    'markets',
    '--key',
    'DE',
    ...berlin,
    '--days',
    'MON-FRI',
    '--day-offset',
    '-1',
  );
  expect([made.stderr, made.stdout]).toEqual(['', 'Deadline early: markets by 07:00 Europe/Berlin, MON-FRI.\n']);
  expect((await run('add', 'a-late-one', 'plain', '--by', '20:00', '--zone', 'Europe/Berlin')).code).toBe(0);
  now = new Date('2027-01-12T06:30:00Z');
  const { deadlines } = api.database;
  await sweepDeadlines({ pipelines: deadlinePipelines, deadlines, schedules: { list: async () => [] } }, now);
  expect((await run('diff')).stdout).toBe('No differences.\n');
  const [head, first, second] = (await run()).stdout.split('\n');
  expect(head).toMatch(/^deadline +work +by +today +next due +why$/);
  expect(first).toMatch(/^early +markets DE +07:00 Europe\/Berlin, .* MISSED +Wed 13 Jan 07:00 +It was due at 07:00\./);
  expect(second).toMatch(/^ +MON-FRI|^a-late-one +plain +20:00 Europe\/Berlin +open +Tue 12 Jan 20:00 /);
  const history = await run('history', 'early');
  expect(history.stdout).toMatch(/2027-01-12 +MISSED +Tue 12 Jan 07:00 .*No run has begun\.\n$/);
  expect((await run('rm', 'early')).stdout).toBe('Deadline early is removed.\n');
  const gone = await run('history', 'early');
  expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining('There is no deadline "early".')]);
  const wrong = await run('add', 'wrong', 'plain', '--by', '25:00', '--zone', 'Europe/Berlin');
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('by')]);
});
