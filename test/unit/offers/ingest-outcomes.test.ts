import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quoteList } from '../../../domain/preprocessing/sql.ts';
import { ingestOutcomes } from '../../../pipelines/offers/response/ingest-outcomes.ts';
import { sql, type Workplace, workplace } from './source.ts';

const header = 'customer_id,product_id,date,discount,sale,holdout\n';
let place: Workplace;
beforeEach(async () => {
  place = await workplace();
});
afterEach(() => place.drop());

async function ingest(content: string, options: { maxBadShare?: number } = {}) {
  const outcomes = join(place.base, 'offers.csv');
  await writeFile(outcomes, content);
  return ingestOutcomes({ outcomes, lake: place.lake, sql, ...options });
}

async function rows(dataset: string) {
  const partitions = await place.lake.list(dataset);
  if (partitions.length === 0) return [];
  const engine = await sql.open();
  const found = await engine.query(
    `select * from read_parquet(${quoteList(partitions.map((p) => p.uri))}) order by all`,
  );
  await engine.close();
  return found;
}
const good = 'offers/offer-outcomes';
const bad = 'offers/offer-outcomes-quarantine';

describe('outcomes of offers', () => {
  it('lie in the lake by date, discounts as shares', async () => {
    const report = await ingest(`${header}1.0,a1,2026-06-01,20,1,0\n2,A1,2026-06-02,0,0,1\n2,B2,2026-06-02,7.5,0,0\n`);
    expect(report).toMatchObject({ rows: 3, quarantined: 0, days: 2, firstDate: '2026-06-01', lastDate: '2026-06-02' });
    expect((await place.lake.list(good)).map((p) => p.partition['date'])).toEqual(['2026-06-01', '2026-06-02']);
    expect(await rows(good)).toEqual([
      { customer_id: '1', product_id: 'A1', date: '2026-06-01', discount: 0.2, sale: true, holdout: false },
      { customer_id: '2', product_id: 'A1', date: '2026-06-02', discount: 0, sale: false, holdout: true },
      { customer_id: '2', product_id: 'B2', date: '2026-06-02', discount: 0.075, sale: false, holdout: false },
    ]);
  });

  it('are replaced by day, quarantine included', async () => {
    await ingest(`${header}1,A,2026-06-01,20,1,0\n1,B,2026-06-01,20,maybe,0\n1,A,2026-06-02,10,0,0\n`, {
      maxBadShare: 0.5,
    });
    await ingest(`${header}1,C,2026-06-01,5,0,0\n`);
    expect((await rows(good)).map((r) => `${r['date']} ${r['product_id']}`).sort()).toEqual([
      '2026-06-01 C',
      '2026-06-02 A',
    ]);
    expect(await rows(bad)).toEqual([]);
  });

  it.each([
    [',A,2026-06-01,5,0,0', 'customer_id is empty'],
    ['1,,2026-06-01,5,0,0', 'product_id is empty'],
    ['1,A,June,5,0,0', 'date "June" is not a date'],
    ['1,A,2026-06-01,much,0,0', 'discount "much" is not a number'],
    ['1,A,2026-06-01,100,0,0', 'discount "100" is not from 0 to below 100 percent'],
    ['1,A,2026-06-01,-5,0,0', 'discount "-5" is not from 0 to below 100 percent'],
    ['1,A,2026-06-01,5,2,0', 'sale "2" is neither 1 nor 0'],
    ['1,A,2026-06-01,5,0,', 'holdout "" is neither 1 nor 0'],
    ['1,A,2026-06-01,5,0,1', 'discount "5" of an offer that was held out'],
    ['9,Z,2026-06-01,5,0,0', 'the same offer of the day stands there before'],
  ])('are told apart when bad: %s', async (line, reason) => {
    const report = await ingest(`${header}9,Z,2026-06-01,5,0,0\n${line}\n`, { maxBadShare: 0.5 });
    expect(report).toMatchObject({ rows: 1, quarantined: 1 });
    expect((await rows(bad)).map((r) => r['reason'])).toEqual([reason]);
  });

  it('leave the lake untouched when too many are bad', async () => {
    await expect(ingest(`${header}1,A,2026-06-01,5,0,0\n1,B,x,5,0,0\n`)).rejects.toMatchObject({
      code: 'QUARANTINE_EXCEEDED',
      message: expect.stringContaining('1 of 2'),
    });
    expect(await place.lake.list(good)).toEqual([]);
  });

  it('are refused without a column, or a file', async () => {
    await expect(ingest('customer_id,product_id,date,discount,sale\n1,A,2026-06-01,5,0\n')).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('lacks the column holdout'),
    });
    await expect(
      ingestOutcomes({ outcomes: join(place.base, 'none.csv'), lake: place.lake, sql }),
    ).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('does not exist'),
    });
  });
});
