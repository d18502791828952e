import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ended, perennial } from '../support/perennial.ts';
import { type Scheduler, startScheduler } from '../support/scheduler.ts';
import { daily, dailyOnly } from '../support/timings.ts';

const home = mkdtempSync(join(tmpdir(), 'perennial-commands-'));
let scheduler: Scheduler;
let env: Record<string, string>;
const run = (...args: string[]): Promise<Ended> => perennial(args, env);

beforeAll(async () => {
  const nightly = { ...daily, schedules: [{ id: 'of-the-code', cron: '0 4 * * *' }] };
  scheduler = await startScheduler(new Map([...dailyOnly, ['daily', nightly]]));
  const url = await scheduler.api.app.listen({ host: '127.0.0.1', port: 0 });
  env = { PERENNIAL_URL: url, PERENNIAL_API_KEY: scheduler.api.keys.operator, PERENNIAL_HOME: home };
});
afterAll(async () => {
  await scheduler.close();
  rmSync(home, { recursive: true, force: true });
});

it('takes a schedule from a file to its end', async () => {
  const file = join(home, 'schedules.yaml');
  writeFileSync(file, "id: weekly\npipeline: daily\ncron: '0 6 * * MON'\ntimeZone: Europe/Berlin\nparams: { n: 4 }\n");
  expect((await run('schedules', 'next', file)).stdout).toMatch(
    /^weekly\n( {2}\d{4}-\d\d-\d\d 0[45]:00:00 UTC {2}Mon \d\d \w{3} 06:00 Europe\/Berlin\n){10}$/,
  );
  expect((await run('schedules', 'apply', file, '--dry-run')).stdout).toMatch(
    /^\+ weekly\n[\s\S]* cron: "0 6 \* \* MON"\n/,
  );
  expect((await run('schedules', 'apply', file)).stdout).toMatch(/^weekly: made, next \d/);
  expect((await run('schedules', 'apply', file, '--dry-run')).stdout).toBe('No differences.\n');
  const other = join(home, 'other.json');
  writeFileSync(
    other,
    JSON.stringify({ id: 'weekly', pipeline: 'daily', cron: '0 7 * * MON', timeZone: 'Europe/Berlin' }),
  );
  expect((await run('schedules', 'apply', other, '--dry-run')).stdout).toBe(
    '~ weekly\n    cron: "0 6 * * MON" → "0 7 * * MON"\n    params: {"n":4} → {}\n',
  );
  expect((await run('schedules', 'apply', file)).stdout).toMatch(/^weekly: replaced/);
  expect((await run('schedules', 'pause', 'weekly', '--note', 'stocktaking')).stdout).toContain('stocktaking');
  expect((await run('schedules', 'trigger', 'weekly')).code).toBe(0);
  const shown = await scheduler.until(
    () => run('schedules', 'show', 'weekly'),
    ({ stdout }) => stdout.includes('succeeded'),
  );
  expect(shown.stdout).toMatch(
    /^Schedule weekly of daily: 0 6 \* \* MON, Europe\/Berlin \(from api\)\n {2}paused: stocktaking/,
  );
  expect((await run('schedules', 'resume', 'weekly')).stdout).toContain('goes on, next');
  expect((await run('schedules', 'diff')).stdout).toContain('+ of-the-code');
  expect((await run('schedules', 'rm', 'weekly')).code).toBe(0);
  expect(await run('schedules', 'show', 'weekly')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no schedule'),
  });

  writeFileSync(file, "id: weekly\npipeline: daily\ncron: '0 26 * * MON'\n");
  expect(await run('schedules', 'apply', file)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('"26" as hour'),
  });
}, 60_000);

it('says what a backfill would do, does it, and shows it', async () => {
  const range = ['backfill', 'daily', '--from', '2026-01-01', '--to', '2026-01-03', '--keys', 'DE,FR'];
  const dry = await run(...range, '--dry-run');
  expect(dry.stdout).toMatch(/6 of 6 partitions would run; about \S+ m?s: the median of 1 runs/);
  const done = await run(...range, '--param', 'n=2', '--concurrency', '3', '--wait', '--json');
  expect(done.code).toBe(0);
  const { id, status, counts } = JSON.parse(done.stdout);
  expect({ status, counts }).toEqual({ status: 'succeeded', counts: { succeeded: 6 } });
  expect((await run('backfills')).stdout).toContain(id);
  expect((await run('backfills', 'show', id)).stdout).toMatch(/2026-01-03\/DE +succeeded/);
  const some = await run('backfills', 'show', id, '--limit', '4');
  expect(some.stdout).toMatch(/2026-01-02\/FR +succeeded.*\n\n4 shown; more with --limit, or --status\.\n$/);
  expect((await run('backfills', 'cancel', id)).stderr).toContain('has ended already');
}, 60_000);
