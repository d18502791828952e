import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { growthOf, keepResult, type OffersDay, tableOf } from '../../../bench/offers-day-results.ts';
import { peakOf, watchUse } from '../../../bench/process-memory.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perennial-bench-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const day = (customers: number, day_s: number, more: Partial<OffersDay> = {}): OffersDay => ({
  customers,
  products: 20_000,
  days: 365,
  params: {},
  rows: 500 * customers,
  generate_s: 1,
  day_s,
  repeat_s: 1,
  changed_s: 1,
  changed_files: 1,
  peak_mib: 2000,
  peak_process_mib: 1000,
  source_mib: 10,
  home_mib: 20,
  peak_disk_mib: 30,
  steps_s: { ingest: day_s / 2, report: 0.1 },
  steps_mib: { ingest: 2000 },
  ...more,
});

it('keeps sizes of several calls, each once, and compares those measured alike', async () => {
  const file = join(folder, 'day.json');
  expect(await keepResult(file, day(10_000, 100))).toHaveLength(1);
  await keepResult(file, day(2000, 9));
  await keepResult(file, day(2000, 20));
  await keepResult(file, day(2000, 5, { params: { ranker: 'closed-form' } }));
  const kept = await keepResult(file, day(100_000, 1000));
  expect(kept.map(({ customers, day_s }) => [customers, day_s])).toEqual([
    [2000, 20],
    [10_000, 100],
    [100_000, 1000],
  ]);
  expect(growthOf(kept)).toEqual({ time_exponent: 1, memory_exponent: 0, steps: { ingest: 1 } });
  const table = tableOf(kept).join('\n');
  expect(table).toMatch(/rows +1,000,000 +5,000,000 +50,000,000\n/);
  expect(table).toMatch(/ingest +10\.0 \(2000\) +50\.0 \(2000\) +500\.0 \(2000\)\n/);
});

it('says nothing of the growth of a single size', () => {
  expect(growthOf([day(2000, 10)])).toEqual({ time_exponent: Number.NaN, memory_exponent: Number.NaN, steps: {} });
});

it('sees the memory of a process, within a time', () => {
  const seen = watchUse(process.pid, folder)();
  expect(peakOf(seen, 'together')).toBeGreaterThan(20);
  expect(peakOf(seen, 'together')).toBeGreaterThanOrEqual(peakOf(seen, 'largest'));
  expect(peakOf(seen, 'together', { from: Date.now() + 1000 })).toBe(0);
});
