import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../storage/postgres/migrate.ts';
import { freePort } from '../../workers/embedded/free-port.ts';
import { startPostgres } from '../../workers/embedded/servers.ts';
import { smallDemo } from '../support/demo.ts';
import { type Installation, startInstallation } from '../support/installation.ts';

const outageMs = 10_000;

let folder: string;
let port: number;
let server: Awaited<ReturnType<typeof startPostgres>>;
let perennial: Installation;
const start = () => startPostgres(join(folder, 'data'), port, join(folder, 'log'));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-postgres-'));
  // As root, PostgreSQL runs as a user of its own, who must be able to enter.
  chmodSync(folder, 0o755);
  port = await freePort();
  server = await start();
  await migrate({ url: server.url });
  perennial = await startInstallation({ databaseUrl: server.url });
});
afterAll(async () => {
  await perennial.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('loses nothing but time when PostgreSQL is away for 10 s in the middle of a run', async () => {
  const source = await smallDemo(perennial.home);
  let outages = 0;
  const run = await perennial.runOffers({ source }, async ({ type, stepId, status }) => {
    // As soon as the first step ends, so that records, outputs and the next steps fall into the outage.
    if (outages > 0 || type !== 'step' || stepId !== 'preprocess' || status !== 'running') return;
    outages += 1;
    await server.stop();
    await delay(outageMs);
    server = await start();
  });
  expect(outages).toBe(1);
  expect(run.error).toBeNull();
  expect(run.status).toBe('succeeded');
  // No outcomes of offers and no documents are given, so no offers are chosen, and no gaps looked for.
  const skipped = run.steps.filter((s) => s.status !== 'succeeded');
  expect(skipped.map(({ stepId, status }) => `${stepId} ${status}`).sort()).toEqual([
    'choose-offers skipped',
    'find-gaps skipped',
    'ingest-documents skipped',
    'ingest-outcomes skipped',
  ]);
  for (const step of run.steps) {
    expect(step.attempts.filter((a) => a.status === 'succeeded').length).toBeLessThanOrEqual(1);
    expect(step.output).not.toBeUndefined();
  }
}, 240_000);
