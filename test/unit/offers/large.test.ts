import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlEngineFactory } from '../../../domain/ports/sql-engine.ts';
import { generateDemo } from '../../../pipelines/offers/demo/index.ts';
import { writeTables } from '../../../pipelines/offers/tables.ts';
import { fileArtifactStore } from '../../../storage/artifacts/file.ts';
import { fileLake } from '../../../storage/lake/file.ts';
import { line, sql, type Workplace, workplace } from './source.ts';

/** An engine that does with few rows what it does with many. */
const onDisk: SqlEngineFactory = {
  async open(options) {
    const engine = await sql.open(options);
    if (options?.scratch !== undefined) await engine.keepOnDisk();
    return { ...engine, keepOnDisk: async () => {} };
  },
};

let place: Workplace;
let source: string;
beforeAll(async () => {
  place = await workplace();
  const demo = await generateDemo({
    customers: 80,
    products: 40,
    days: 60,
    markets: 3,
    out: join(place.base, 'demo'),
  });
  source = demo.sales;
  await place.ingest(source);
});
afterAll(() => place.drop());

const stateOf = async (lake: Workplace['lake']) =>
  (await lake.list('offers/sales')).map(({ partition, rows, sha256 }) => ({ partition, rows, sha256 }));

describe('many rows', () => {
  it('come into the lake some days at a time and by way of the disk, as the same bytes as few', async () => {
    const lake = fileLake(join(place.base, 'lake-by-batches'));
    await place.ingest(source, { lake, sql: onDisk, batchRows: 100 });
    expect(await stateOf(lake)).toEqual(await stateOf(place.lake));
    for (const { uri } of await lake.list('offers/sales')) expect(await readdir(dirname(uri))).toHaveLength(1);
  });

  it('are refused and corrected as few are', async () => {
    const lake = fileLake(join(place.base, 'lake-of-faults'));
    const csv = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
    const few = await place.source({ 'a.csv': csv + line() + line({ quantity: 'x' }) });
    const refused = place.ingest(few, { lake, sql: onDisk, batchRows: 1 });
    await expect(refused).rejects.toMatchObject({ code: 'QUARANTINE_EXCEEDED' });
    expect(await lake.list('offers/sales')).toEqual([]);
    const report = await place.ingest(few, { lake, sql: onDisk, batchRows: 1, maxBadShare: 1 });
    expect(report).toMatchObject({ rows: 1, quarantined: 1 });
  });

  it('become the same tables by way of the disk', async () => {
    const made = [];
    for (const engine of [sql, onDisk]) {
      const services = { lake: place.lake, sql: engine, artifacts: fileArtifactStore(join(place.base, 'artifacts')) };
      const signal = new AbortController().signal;
      const options = { asOf: '2026-06-20', productPattern: '', services, scratch: place.base, signal };
      made.push(await writeTables(options));
    }
    expect(made[1]).toEqual(made[0]);
  });
});
