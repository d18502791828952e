import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Json } from '../../../contracts/json.ts';
import type { StepContext } from '../../../domain/ports/step-context.ts';
import { stepSql } from '../../../domain/preprocessing/step-sql.ts';
import { duckdbEngine } from '../../../engines/duckdb/engine.ts';
import { fileArtifactStore } from '../../../storage/artifacts/file.ts';
import { composeSources } from '../../../workers/compose.ts';

const scratch = mkdtempSync(join(tmpdir(), "perennial-it's-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** The SQL of a step that needs these. */
function sqlAfter(inputs: Readonly<Record<string, Json>>, signal = new AbortController().signal) {
  const services = {
    sql: duckdbEngine({ threads: 1 }),
    artifacts: fileArtifactStore(join(scratch, 'artifacts')),
    sources: composeSources({ s3Endpoint: undefined, s3Region: undefined }),
  } as unknown as StepContext['services'];
  return stepSql({ inputs, services, scratch, signal });
}

it('hands tables from step to step, in their order, under the ids of the steps', async () => {
  writeFileSync(join(scratch, 'days.csv'), 'date,cups\n2026-01-02,7\n2026-01-01,5\n');
  const first = sqlAfter({});
  const days = await first.store(
    `from read_csv(${await first.bring(join(scratch, 'days.csv'))}) select * order by date`,
  );
  expect(days).toEqual({
    table: { uri: expect.stringMatching(/^artifact:/), sha256: expect.any(String), bytes: expect.any(Number) },
    rows: 2,
  });
  const next = sqlAfter({ 'all-days': days, weights: [1, 2], skipped: null });
  expect(await next.query('from "all-days"')).toEqual([
    { date: '2026-01-01', cups: 5 },
    { date: '2026-01-02', cups: 7 },
  ]);
  expect(await Promise.all([next.store('select 1 as a'), next.store('from "all-days"')])).toMatchObject([
    { rows: 1 },
    { rows: 2 },
  ]);
});

it('says which source is not there', async () => {
  await expect(sqlAfter({}).bring(join(scratch, 'nowhere'))).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
});

it('does nothing for a step that was stopped', async () => {
  await expect(sqlAfter({}, AbortSignal.abort()).query('select 1')).rejects.toThrow(/abort/i);
});
