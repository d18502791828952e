import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChosenOffer } from '../../contracts/chosen-offers.ts';
import type { MarketListRow, MarketSummary } from '../../contracts/market-lists.ts';
import type { CustomerPrediction } from '../../contracts/offers.ts';
import { quote } from '../../domain/preprocessing/sql.ts';
import { duckdbEngine } from '../../engines/duckdb/engine.ts';
import { assortmentGap } from '../support/gaps.ts';
import { type OpenApi, openApi } from './support.ts';

/** A market whose name is no file name, in two languages. */
const market = 'Österreich & "Co"/DE';
const path = `/v1/offers/markets/${encodeURIComponent(market)}`;
const lines = 5_000;
let api: OpenApi;
let folder: string;

async function writeList(day: string, rows: number, description = "'MUG ' || i"): Promise<void> {
  await api.lake.replace('offers/market-lists', { market, date: day }, async (target) => {
    const engine = await duckdbEngine({ threads: 1 }).open();
    await engine.execute(`
      copy (select cast(i as integer) as rank, ['offer', 'new', 'next'][1 + i % 3] as kind, 'C' || i as customer_id, '0' || i as product_id,
        ${description} as description, 1 / i as probability, 1000 / i as expected_revenue,
        case when i % 3 = 0 then 10.0 end as discount, 'Bought twice, “due again”' as reason
        from range(1, ${rows + 1}) r(i) order by i) to ${quote(join(target, 'part-0.parquet'))} (format parquet, row_group_size 2048)`);
    await engine.close();
    return { rows };
  });
}

beforeAll(async () => {
  api = await openApi();
  folder = mkdtempSync(join(tmpdir(), 'perennial-list-'));
  await writeList('2026-01-01', 3);
  await writeList(
    '2026-01-02',
    lines,
    "case i when 1 then '=HYPERLINK(\"http://x\")' when 2 then '-2+3' when 3 then '@SUM(A1)' else 'MUG, \"' || i || '\"' end",
  );
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Rows of a file that was downloaded, as DuckDB reads it. */
async function readBack(body: Buffer, name: string, from: (file: string) => string) {
  const file = join(folder, name);
  writeFileSync(file, body);
  const engine = await duckdbEngine({ threads: 1 }).open();
  const rows = await engine.query(`select * from ${from(quote(file))} order by rank`);
  await engine.close();
  return rows;
}

describe('the list of a market', () => {
  it('comes in pages of JSON, newest day first, every line once', async () => {
    const seen: MarketListRow[] = [];
    for (let next: number | null = 0; next !== null; ) {
      const response = await api.call('GET', `${path}/list?limit=500&after=${next}`);
      expect(response.statusCode).toBe(200);
      const page = response.json<{ asOf: string; rows: number; lines: MarketListRow[]; next: number | null }>();
      expect(page).toMatchObject({ market, asOf: '2026-01-02', rows: lines });
      seen.push(...page.lines);
      next = page.next;
    }
    expect(seen.map((line) => line.rank)).toEqual(Array.from({ length: lines }, (_, i) => i + 1));
    expect(seen[2]).toEqual({
      rank: 3,
      kind: 'offer',
      customerId: 'C3',
      productId: '03',
      description: '@SUM(A1)',
      probability: 1 / 3,
      expectedRevenue: 1000 / 3,
      discount: 10,
      reason: 'Bought twice, “due again”',
    });
    expect(seen[0]?.discount).toBeNull();
  });

  it('has one kind when told, with the ranks of the whole, and an earlier day', async () => {
    const offers = (await api.call('GET', `${path}/list?kind=offer&limit=2`)).json<{
      lines: MarketListRow[];
      next: number;
    }>();
    expect(offers.lines.map((line) => line.rank)).toEqual([3, 6]);
    expect(offers.next).toBe(6);
    const early = (await api.call('GET', `${path}/list?asOf=2026-01-01`)).json<{ rows: number; next: null }>();
    expect(early).toMatchObject({ rows: 3, next: null });
  });

  it('is found by parts of ids and descriptions, whatever their capitals, with the ranks of the whole', async () => {
    const found = async (q: string) =>
      (await api.call('GET', `${path}/list?limit=500&q=${encodeURIComponent(q)}`)).json<{ lines: MarketListRow[] }>()
        .lines;
    expect((await found('mug, "49')).map((line) => line.rank)).toEqual([
      49,
      490,
      491,
      492,
      493,
      494,
      495,
      496,
      497,
      498,
      499,
      4900,
      4901,
      4902,
      4903,
      4904,
      4905,
      4906,
      4907,
      4908,
      4909,
      ...Array.from({ length: 90 }, (_, i) => 4910 + i),
    ]);
    expect((await found('c4999')).map((line) => line.customerId)).toEqual(['C4999']);
    expect(await found("'; drop table")).toEqual([]);
    const file = await api.call('GET', `${path}/list?format=csv&q=c4999`);
    expect(file.body.trim().split('\r\n')).toHaveLength(2);
  });

  it('is a CSV file in which no cell is a formula', async () => {
    const response = await api.call('GET', `${path}/list?format=csv`);
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(response.headers['content-disposition']).toBe(
      `attachment; filename="O_sterreich_Co_DE-2026-01-02.csv"; filename*=UTF-8''${encodeURIComponent(`${market}-2026-01-02.csv`)}`,
    );
    const text = response.body;
    expect(text.split('\r\n')[0]).toBe(
      'rank,kind,customer_id,product_id,description,probability,expected_revenue,discount,reason,market,as_of',
    );
    for (const cell of text.split(/\r\n|,/)) expect(cell).not.toMatch(/^"?[=+@-]/);
    const rows = await readBack(
      response.rawPayload,
      'list.csv',
      (f) => `read_csv(${f}, all_varchar = true, header = true, quote = '"', escape = '"') `,
    );
    expect(rows).toHaveLength(lines);
    const first = rows.find((row) => row['rank'] === '1');
    // What was "=…" is text, and leading zeros of ids are there.
    expect(first).toMatchObject({
      description: '\'=HYPERLINK("http://x")',
      product_id: '01',
      discount: null,
      market,
      as_of: '2026-01-02',
    });
    expect(rows.find((row) => row['rank'] === '7')?.['description']).toBe('MUG, "7"');
  });

  it('is a workbook whose texts are texts and whose amounts are numbers', async () => {
    const accept = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    const response = await api.call('GET', `${path}/list?kind=next`, { headers: { accept } });
    expect(response.headers['content-type']).toBe(accept);
    expect(response.headers['content-disposition']).toContain('2026-01-02-next.xlsx');
    const { sheets } = await readXlsx(response.rawPayload);
    const rows = sheets[0]?.rows ?? [];
    expect(rows[0]?.slice(0, 4)).toEqual(['rank', 'kind', 'customer_id', 'product_id']);
    expect(rows).toHaveLength(1 + [...Array(lines).keys()].filter((i) => (i + 1) % 3 === 2).length);
    expect(rows[1]).toEqual([
      2,
      'next',
      'C2',
      '02',
      '-2+3',
      0.5,
      500,
      null,
      'Bought twice, “due again”',
      market,
      '2026-01-02',
    ]);
  });

  it('is a Parquet file with the types of the lake', async () => {
    const response = await api.call('GET', `${path}/list?format=parquet&kind=new`);
    expect(response.headers['content-type']).toBe('application/vnd.apache.parquet');
    const rows = await readBack(response.rawPayload, 'list.parquet', (f) => `read_parquet(${f})`);
    expect(rows).toHaveLength(Math.floor((lines + 2) / 3));
    expect(rows[0]).toMatchObject({
      market,
      as_of: '2026-01-02',
      rank: 1,
      kind: 'new',
      probability: 1,
      expected_revenue: 1000,
    });
  });

  it('leaves no copy behind, also when it is replaced while it is read', async () => {
    const download = api.call('GET', `${path}/list?format=csv&asOf=2026-01-01`);
    await Promise.all([download, writeList('2026-01-01', 3)]);
    expect((await download).body.trim().split('\r\n')).toHaveLength(4);
    await expect.poll(() => readdirSync(join(api.documentFolder, '..', 'scratch'))).toEqual([]);
  });

  it('says what there is when there is none', async () => {
    const none = await api.call('GET', '/v1/offers/markets/Atlantis/list?format=csv');
    expect(none.statusCode).toBe(404);
    expect(none.json()).toMatchObject({ code: 'NOT_FOUND', detail: expect.stringContaining('"Atlantis"') });
    expect((await api.call('GET', `${path}/list?asOf=2025-01-01`)).statusCode).toBe(404);
    expect((await api.call('GET', `${path}/list?format=pdf`)).json()).toMatchObject({
      detail: expect.stringContaining('query.format = "pdf"'),
    });
    expect((await api.call('GET', `${path}/list`, { key: null })).statusCode).toBe(401);
  });
});

describe('chosen offers', () => {
  const offer = (rank: number, customerId: string, holdout: boolean): ChosenOffer => ({
    market,
    asOf: '2026-01-02',
    rank,
    customerId,
    productId: '85123A',
    description: 'MUG',
    discount: 10,
    holdout,
    probability: 0.4,
    probabilityWithout: 0.2,
    price: 2.5,
    expectedRevenue: 9,
    incrementalMargin: 3,
    spend: 1,
    reason: '10 % off raises the chance of a sale from 20 % to 40 %',
    runId: 'r',
    modelVersion: 2,
  });

  it('come by market and by customer; those held out only when asked for', async () => {
    await api.database.chosenOffers.replaceMarket(market, '2026-01-02', [
      offer(1, 'a', true),
      offer(2, 'b', false),
      offer(3, 'b', false),
    ]);
    const made = await api.call('GET', `${path}/offers`);
    expect(made.json()).toEqual({
      market,
      asOf: '2026-01-02',
      offers: [offer(2, 'b', false), offer(3, 'b', false)],
      next: null,
    });
    const all = await api.call('GET', `${path}/offers?holdouts=true&limit=1`);
    expect(all.json()).toMatchObject({ offers: [{ customerId: 'a', holdout: true }], next: 1 });
    expect((await api.call('GET', '/v1/offers/customers/b/offers')).json()).toMatchObject({
      customerId: 'b',
      market,
      asOf: '2026-01-02',
      offers: [{ rank: 2 }, { rank: 3 }],
    });
    expect((await api.call('GET', '/v1/offers/customers/a/offers')).json()).toMatchObject({ offers: [] });
    for (const none of ['/v1/offers/customers/x/offers', '/v1/offers/markets/Atlantis/offers']) {
      const response = await api.call('GET', none);
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ remedy: expect.stringContaining('outcomes') });
    }
  });
});

describe('markets with lists', () => {
  it('tell what there is of their newest day, their newest figures, and their days', async () => {
    const prediction = (customerId: string, asOf: string, modelVersion: number): CustomerPrediction => ({
      ...{ market, customerId, asOf, runId: `run of ${asOf}`, modelVersion, horizonDays: 28 },
      ...{ products: [], newProducts: [] },
    });
    for (const [asOf, version] of [
      ['2026-01-01', 1],
      ['2026-01-02', 2],
    ] as const)
      await api.database.predictions.replaceMarket(market, asOf, [
        prediction('a', asOf, version),
        prediction('b', asOf, version),
      ]);
    const kpi = (name: string, date: string, value: number) => ({
      pipeline: 'offers',
      market,
      date,
      name,
      value,
      runId: 'r',
    });
    await api.database.kpis.save([
      kpi('expected_revenue', '2026-01-01', 1),
      kpi('expected_revenue', '2026-01-02', 2),
      kpi('lift_over_popularity', '2026-01-01', 3.4),
      kpi('coverage', '2025-11-01', 0.5),
      kpi('coverage', '2026-01-03', 0.6),
    ]);
    await api.database.gaps.replaceMarket(market, '2026-01-02', [
      assortmentGap({ rank: 1, market, asOf: '2026-01-02' }),
      assortmentGap({ rank: 2, market, asOf: '2026-01-02', score: 0.3 }),
      assortmentGap({ rank: 3, market, asOf: '2026-01-02', productId: null }),
    ]);
    const { markets } = (await api.call('GET', '/v1/offers/markets')).json<{ markets: MarketSummary[] }>();
    expect(markets).toEqual([
      {
        ...{
          market,
          asOf: '2026-01-02',
          runId: 'run of 2026-01-02',
          modelVersion: 2,
          customers: 2,
          offers: 2,
          gaps: 1,
        },
        figures: {
          expected_revenue: { value: 2, date: '2026-01-02' },
          lift_over_popularity: { value: 3.4, date: '2026-01-01' },
        },
      },
    ]);
    const days = await api.call('GET', `${path}/days`);
    expect(days.json()).toEqual({
      market,
      days: [
        { asOf: '2026-01-02', runId: 'run of 2026-01-02', modelVersion: 2 },
        { asOf: '2026-01-01', runId: 'run of 2026-01-01', modelVersion: 1 },
      ],
    });
    expect((await api.call('GET', `${path}/days?limit=1`)).json<{ days: unknown[] }>().days).toHaveLength(1);
    expect((await api.call('GET', '/v1/offers/markets/Atlantis/days')).statusCode).toBe(404);
  });
});
