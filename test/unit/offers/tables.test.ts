import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quote } from '../../../domain/preprocessing/sql.ts';
import { duckdbEngine } from '../../../engines/duckdb/engine.ts';
import { generateDemo } from '../../../pipelines/offers/demo/index.ts';
import { writeTables } from '../../../pipelines/offers/tables.ts';
import { fileArtifactStore } from '../../../storage/artifacts/file.ts';
import { header, line, sql, type Workplace, workplace } from './source.ts';

let place: Workplace;
beforeEach(async () => {
  place = await workplace();
});
afterEach(() => place.drop());

/** The products that models learn from. */
async function products(productPattern = ''): Promise<unknown[]> {
  const artifacts = fileArtifactStore(join(place.base, 'artifacts'));
  const services = { lake: place.lake, sql, artifacts };
  const signal = new AbortController().signal;
  const { tables } = await writeTables({ asOf: '2012-01-01', productPattern, services, scratch: place.base, signal });
  const engine = await sql.open();
  const file = await artifacts.getFile(tables.products);
  const rows = await engine.query(`select product from read_parquet(${quote(file)}) order by product`);
  await engine.close();
  return rows.map((row) => row['product']);
}

const csv = header + line() + line({ product: 'POST' }) + line({ product: 'MUG-1' });

describe('what is a product', () => {
  it('is what the mapping said when it came in, unless a run says otherwise', async () => {
    await place.ingest(await place.source({ 'a.csv': csv }));
    expect(await products()).toEqual(['85123A']);
    expect(await products('^M')).toEqual(['MUG-1']);
  });

  it('is told by the pattern of UCI Online Retail in partitions that are older than the mark', async () => {
    await place.ingest(await place.source({ 'a.csv': csv }));
    for (const { partition, uri, rows } of await place.lake.list('offers/sales')) {
      const engine = await sql.open();
      await engine.execute(`create table kept as select * exclude (is_product) from read_parquet(${quote(uri)})`);
      await place.lake.replace('offers/sales', partition, async (folder) => {
        await engine.execute(`copy kept to ${quote(join(folder, 'part-0.parquet'))} (format parquet)`);
        return { rows };
      });
      await engine.close();
    }
    expect(await products()).toEqual(['85123A']);
    // Beside newer ones, too.
    const other = header + line({ product: '11111', at: '2011-11-09 10:00:00' });
    await place.ingest(await place.source({ 'b.csv': other }));
    expect(await products()).toEqual(['11111', '85123A']);
  });
});

describe('the tables of a day', () => {
  it('are the same bytes whenever and on however many processors they are made', async () => {
    const demo = join(place.base, 'demo');
    await generateDemo({ customers: 60, products: 40, days: 60, markets: 3, out: demo });
    await place.ingest(join(demo, 'sales'));
    const made = [];
    for (const threads of [1, 4]) {
      const artifacts = fileArtifactStore(join(place.base, `artifacts-${threads}`));
      const services = { lake: place.lake, sql: duckdbEngine({ threads }), artifacts };
      const signal = new AbortController().signal;
      const options = { asOf: '2026-06-20', productPattern: '', services, scratch: place.base, signal };
      made.push(Object.entries((await writeTables(options)).tables).map(([name, { sha256 }]) => [name, sha256]));
    }
    expect(made[0]).toEqual(made[1]);
  });
});
