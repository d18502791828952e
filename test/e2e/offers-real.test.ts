import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outputOf, type RunDetail } from '../../cli/runs.ts';
import { type Installation, startInstallation } from '../support/installation.ts';

const data = fileURLToPath(new URL('../../../shared/data/online-retail', import.meta.url));
const days = 30;

if (!existsSync(data)) console.warn(`Skipped: the real sales are not at ${data}.`);

describe.skipIf(!existsSync(data))(`the offers pipeline on ${days} days of real sales`, () => {
  let perennial: Installation;
  let run: RunDetail;

  beforeAll(async () => {
    perennial = await startInstallation();
    const source = join(perennial.home, 'source');
    mkdirSync(source);
    for (const name of readdirSync(data)
      .filter((n) => n.endsWith('.csv.gz'))
      .sort()
      .slice(0, days))
      cpSync(join(data, name), join(source, name));
    // A third of the history is held out by default; a month has no 31 days to spare.
    run = await perennial.runOffers({ source });
  }, 300_000);
  afterAll(() => perennial.close());

  it('takes in what people really sell: cancellations, doubled quotes, products without a customer', () => {
    expect(run.error).toBeNull();
    expect(run.status).toBe('succeeded');
    expect(outputOf(run, 'ingest')).toMatchObject({ files: days, firstDate: '2010-12-01' });
    expect((outputOf(run, 'ingest') as { rows: number }).rows).toBeGreaterThan(40_000);
  });

  it('predicts for every market that has customers', () => {
    const { markets } = outputOf(run, 'preprocess') as { markets: string[] };
    const predicted = Object.keys(outputOf(run, 'predict') as object);
    expect(predicted.sort()).toEqual([...markets].sort());
    expect(markets).toContain('United Kingdom');
  });
});
