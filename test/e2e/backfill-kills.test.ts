import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BackfillShown } from '../../cli/backfills.ts';
import { loadConfig } from '../../config/index.ts';
import type { BackfillRecord } from '../../contracts/backfills.ts';
import { openTemporal, type Temporal } from '../../storage/temporal/launcher.ts';
import { freePort } from '../../workers/embedded/free-port.ts';
import { type Server, startTemporal } from '../../workers/embedded/servers.ts';
import { type OpenApi, openApi } from '../api/support.ts';
import { forkedWorker } from '../support/forked-worker.ts';
import { dailyOnly } from '../support/timings.ts';

/** The size the product promises; fewer show the same. */
const days = Number(process.env['BACKFILL_DAYS'] ?? 90);
const keys = ['AT', 'BE', 'DE', 'FR', 'NL'];

const home = mkdtempSync(join(tmpdir(), 'perennial-backfill-'));
let ports: [number, number];
let server: Server & { address: string };
let temporal: Temporal;
let api: OpenApi;
let db: pg.Pool;
const worker = forkedWorker('backfill-worker.mjs', () => ({ url: api.url, address: server.address }));

const startServer = (): ReturnType<typeof startTemporal> =>
  startTemporal(loadConfig().temporalCli, join(home, 'temporal'), ...ports, join(home, 'temporal.log'));

beforeAll(async () => {
  ports = [await freePort(), await freePort()];
  server = await startServer();
  temporal = await openTemporal({ address: server.address, namespace: 'default' });
  const { launcher, schedules, backfillLauncher } = temporal;
  api = await openApi({ pipelines: dailyOnly, launcher, schedules, backfillLauncher });
  db = new pg.Pool({ connectionString: api.url });
  await db.query('create table marks (partition text, run_id text)');
  await worker.start();
});
afterAll(async () => {
  await worker.kill();
  await server.stop();
  await db.end();
  await api.close();
  await temporal.close();
  rmSync(home, { recursive: true, force: true });
});

it(`does each of ${days} days in ${keys.length} markets exactly once, whoever is killed`, async () => {
  const total = days * keys.length;
  const to = new Date(Date.UTC(2026, 0, days)).toISOString().slice(0, 10);
  const request = { pipeline: 'daily', from: '2026-01-01', to, keys, concurrency: 8 };
  const ask = async () =>
    (await api.call('POST', '/v1/backfills', { body: request })).json<BackfillRecord & { created: boolean }>();
  const started = performance.now();
  const { id } = await ask();
  const show = async (): Promise<BackfillShown> => (await api.call('GET', `/v1/backfills/${id}?limit=500`)).json();
  const reached = async (isThere: (backfill: BackfillShown) => boolean): Promise<BackfillShown> => {
    for (;;) {
      const backfill = await show();
      if (isThere(backfill)) return backfill;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const share =
    (part: number) =>
    ({ counts }: BackfillShown): boolean =>
      (counts.succeeded ?? 0) >= total * part;

  await reached(share(1 / 3));
  await worker.kill();
  // Asked again in the middle, it is the same.
  expect(await ask()).toMatchObject({ id, created: false });
  await worker.start();
  await reached(share(2 / 3));
  process.kill(server.pid, 'SIGKILL');
  await server.exited;
  server = await startServer();
  const { status, counts, partitions } = await reached((backfill) => backfill.finishedAt !== null);

  expect({ status, counts }).toEqual({ status: 'succeeded', counts: { succeeded: total } });
  expect(new Set(partitions.map((p) => p.partition)).size).toBe(total);
  const runs = await db.query('select partition, count(*)::int as runs from runs group by 1 having count(*) > 1');
  expect(runs.rows).toEqual([]);
  const { rows } = await db.query(
    "select count(*)::int as runs, count(distinct partition)::int as partitions from runs where status = 'succeeded'",
  );
  expect(rows[0]).toEqual({ runs: total, partitions: total });
  // A step that was cut short is done again, by the same run: nothing is left out, and nobody else did it.
  const marks = await db.query(
    'select count(distinct partition)::int as partitions, count(distinct run_id)::int as runs from marks',
  );
  expect(marks.rows[0]).toEqual({ partitions: total, runs: total });
  const doubled = await db.query<{ count: number }>(
    "select count(*)::int as count from (select run_id from step_attempts where status = 'succeeded' group by run_id having count(*) > 1) d",
  );
  expect(doubled.rows[0]?.count).toBe(0);
  console.log(`${total} partitions in ${((performance.now() - started) / 1000).toFixed(1)} s, with two kills`);
}, 600_000);
