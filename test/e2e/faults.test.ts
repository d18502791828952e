import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputOf, type RunDetail } from '../../cli/runs.ts';
import type { LogLine } from '../../contracts/runs.ts';
import { fileLake } from '../../storage/lake/file.ts';
import { smallDemo } from '../support/demo.ts';
import { type Installation, type RunEvent, startInstallation } from '../support/installation.ts';

let perennial: Installation;
let source: string;
beforeAll(async () => {
  perennial = await startInstallation();
  source = await smallDemo(perennial.home);
});
afterAll(() => perennial.close());

/** Acts once, when the training of the model that will serve is well under way. */
function inTraining(act: (runId: string) => Promise<void>): (event: RunEvent, runId: string) => Promise<void> {
  let done = false;
  return async ({ type, stepId, ...progress }, runId) => {
    // An epoch is a sixth: a checkpoint is there, and enough is left to do.
    if (done || type !== 'progress' || stepId !== 'represent' || progress.done < progress.total / 4) return;
    done = true;
    await act(runId);
  };
}

function attemptsOf(run: RunDetail, stepId: string): readonly string[] {
  return run.steps.find((s) => s.stepId === stepId)?.attempts.map((a) => a.status) ?? [];
}

function childrenOf(pid: number): number[] {
  const all = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
  return all
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child ?? 0);
}

describe('a run of offers', () => {
  it('goes on from its checkpoint when the worker is killed in training', async () => {
    const run = await perennial.runOffers(
      { source, train: 'always' },
      inTraining(async () => {
        await perennial.kill('cpu');
        await perennial.start('cpu');
      }),
    );
    expect(run.error).toBeNull();
    expect(run.status).toBe('succeeded');
    expect(attemptsOf(run, 'represent')).toEqual(['failed', 'succeeded']);
    expect(attemptsOf(run, 'preprocess')).toEqual(['succeeded']);
    const { lines } = await perennial.api.get<{ lines: LogLine[] }>(`/v1/runs/${run.id}/logs`, { step: 'represent' });
    expect(lines.map((l) => l.message)).toContain('going on from the checkpoint of an earlier attempt');
  }, 180_000);

  it('is untouched by the death of the API', async () => {
    const run = await perennial.runOffers(
      { train: 'always', seed: 2 },
      inTraining(async () => {
        await perennial.kill('api');
        await perennial.start('api');
      }),
    );
    expect(run.status).toBe('succeeded');
    for (const step of run.steps) expect(step.attempts.length).toBeLessThanOrEqual(1);
  }, 180_000);

  it('stops within 5 s when it is cancelled in training, and says so', async () => {
    let asked = 0;
    let training: number[] = [];
    const run = await perennial.runOffers(
      { train: 'always', seed: 3 },
      inTraining(async (id) => {
        training = childrenOf(perennial.pid('cpu'));
        asked = Date.now();
        await perennial.api.post(`/v1/runs/${id}/cancel`);
      }),
    );
    const took = Date.now() - asked;
    expect(run.status).toBe('cancelled');
    expect(attemptsOf(run, 'represent')).toEqual(['cancelled']);
    expect(training.length).toBeGreaterThan(0);
    expect(childrenOf(perennial.pid('cpu')).filter((pid) => training.includes(pid))).toEqual([]);
    expect(took).toBeLessThan(5_000);
  }, 120_000);

  it('takes the good rows of a corrupt file, puts the bad ones into quarantine, and says which and why', async () => {
    const { source: folder, name } = copyOfDay('corrupt', 1);
    const file = join(folder, name);
    const text = gunzipSync(readFileSync(file)).toString();
    writeFileSync(file, gzipSync(`${text}999999,20001,MUG,many,2026-06-30 10:00:00,1.00,12001,France\n`));
    const run = await perennial.runOffers({ source: folder, train: 'never', maxBadShare: 0.5 });
    expect(outputOf(run, 'ingest')).toMatchObject({ quarantined: 1 });
    const { lines } = await perennial.api.get<{ lines: LogLine[] }>(`/v1/runs/${run.id}/logs`, { step: 'ingest' });
    expect(lines.find((l) => l.level === 'warn')?.message).toMatch(/quarantined 1 row.*Quantity/);
    const kept = await fileLake(join(perennial.home, 'lake')).list('offers/sales-quarantine');
    expect(kept.map((k) => k.rows)).toEqual([1]);
  }, 120_000);

  it('fails with the name of the file when it is no sales file at all, and leaves the lake as it was', async () => {
    const lake = fileLake(join(perennial.home, 'lake'));
    const before = await lake.list('offers/sales');
    const { source: folder } = copyOfDay('broken', 1);
    appendFileSync(join(folder, '2026-06-29.csv'), 'InvoiceNo,StockCode\n1,2\n');
    const run = await perennial.runOffers({ source: folder });
    expect(run.status).toBe('failed');
    expect(run.error?.message).toContain('2026-06-29.csv');
    expect(run.error?.remedy).not.toBe('');
    expect(await lake.list('offers/sales')).toEqual(before);
  }, 120_000);
});

function copyOfDay(folder: string, days: number): { source: string; name: string } {
  const to = join(perennial.home, folder);
  mkdirSync(to);
  const names = readdirSync(source).sort().slice(-days);
  for (const name of names) cpSync(join(source, name), join(to, name));
  return { source: to, name: names.at(-1) ?? '' };
}
