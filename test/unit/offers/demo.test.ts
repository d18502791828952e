import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoOptions, type DemoReport, generateDemo } from '../../../pipelines/offers/demo/index.ts';
import { sql, workplace } from './source.ts';

interface Truth {
  readonly customer: string;
  readonly market: string;
  readonly staples: readonly string[];
  readonly gap: readonly string[];
}

const size = { customers: 200, products: 64, days: 150, markets: 2 };
let base: string;
let world: string;
let report: DemoReport;
let truth: Truth[];
let sales: { product: string; description: string; customer: string; market: string }[];

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'perennial-demo-'));
  world = join(base, 'world');
  report = await generateDemo({ ...size, out: world });
  truth = JSON.parse(await readFile(join(world, 'truth.json'), 'utf8')) as Truth[];
  const rows: string[] = [];
  for (const name of await readdir(report.sales)) {
    const text = gunzipSync(await readFile(join(report.sales, name))).toString();
    rows.push(...text.trim().split('\n').slice(1));
  }
  sales = rows.map((row) => {
    const [, product = '', description = '', , , , customer = '', market = ''] = row.split(',');
    return { product, description, customer, market };
  });
});
afterAll(() => rm(base, { recursive: true, force: true }));

async function hashOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
  for (const file of files.sort()) hash.update(file.slice(folder.length)).update(await readFile(file));
  return hash.digest('hex');
}

describe('bytes', () => {
  it('are the same for the same seed and others for another', async () => {
    const first = await hashOf(world);
    await generateDemo({ ...size, seed: 1, out: join(base, 'same') });
    await generateDemo({ ...size, seed: 2, out: join(base, 'other') });
    expect(await hashOf(join(base, 'same'))).toBe(first);
    expect(await hashOf(join(base, 'other'))).not.toBe(first);
  });
});

describe('the planted world', () => {
  it('reports a file a day, and its rows', async () => {
    expect(report).toMatchObject({ firstDate: '2026-02-01', lastDate: '2026-06-30', rows: sales.length });
    expect(await readdir(report.sales)).toHaveLength(size.days);
    expect([...new Set(sales.map((s) => s.market))].sort()).toEqual([...report.markets].sort());
  });

  it('is read by the ingest without a bad row', async () => {
    const place = await workplace();
    const read = await place.ingest(report.sales, { maxBadShare: 0, sql }).finally(place.drop);
    expect(read).toMatchObject({ files: size.days, rows: sales.length, quarantined: 0 });
  });

  it('never lets a customer buy from its gap', () => {
    const bought = new Set(sales.map((s) => `${s.customer} ${s.product}`));
    const gaps = truth.flatMap((t) => t.gap.map((product) => `${t.customer} ${product}`));
    expect(gaps.length).toBeGreaterThan(size.customers);
    expect(gaps.filter((pair) => bought.has(pair))).toEqual([]);
  });

  it('has every staple bought by somebody, nearly all by the customers they belong to', () => {
    const anybody = new Set(sales.map((s) => s.product));
    expect(truth.flatMap((t) => t.staples).filter((product) => !anybody.has(product))).toEqual([]);
    const bought = new Set(sales.map((s) => `${s.customer} ${s.product}`));
    const pairs = truth.flatMap((t) => t.staples.map((product) => `${t.customer} ${product}`));
    expect(pairs.filter((pair) => bought.has(pair)).length / pairs.length).toBeGreaterThan(0.95);
  });

  it('keeps gap and staples apart, and a customer in one market', () => {
    expect(truth.filter((t) => t.gap.some((product) => t.staples.includes(product)))).toEqual([]);
    const market = new Map(truth.map((t) => [t.customer, t.market]));
    expect(sales.filter((s) => s.market !== market.get(s.customer))).toEqual([]);
  });

  it('names the gap in texts, by words of the description', async () => {
    const describing = new Map(sales.map((s) => [s.product, s.description]));
    for (const { customer, gap } of truth) {
      const text = await readFile(join(world, 'documents', `${customer}.txt`), 'utf8');
      const missing = gap.filter((product) => {
        // Pack sizes are left out as people do; colour comes first.
        const words = (describing.get(product) ?? '').replace(/^(SET OF|PACK OF) \d+ |^(LARGE|SMALL) /, '').split(' ');
        return !text.includes([words.at(-1), ...words.slice(0, -1)].join(' ').toLowerCase());
      });
      expect(missing).toEqual([]);
    }
  });

  it('sells more at a discount', async () => {
    await generateDemo({ customers: 1000, products: 16, days: 90, seed: 3, out: join(base, 'offers') });
    const outcomes = (await readFile(join(base, 'offers', 'offers.csv'), 'utf8')).trim().split('\n').slice(1);
    const rate = (wanted: readonly string[]) => {
      const offers = outcomes
        .map((row) => row.split(','))
        .filter(([, , , discount]) => wanted.includes(discount ?? ''));
      return offers.filter(([, , , , sale]) => sale === '1').length / offers.length;
    };
    expect(rate(['30'])).toBeGreaterThan(rate(['10']));
    expect(rate(['20', '30'])).toBeGreaterThan(1.3 * rate(['0', '5']));
  });
});

describe('options', () => {
  it.each<[string, Partial<DemoOptions>]>([
    ['customers', { customers: 0 }],
    ['customers', { customers: 1.5 }],
    ['products', { products: 7 }],
    ['days', { days: Number.NaN }],
    ['days', { days: 10_000_001 }],
    ['markets', { markets: 0 }],
    ['markets', { markets: 9 }],
    ['seed', { seed: Number.NaN }],
    ['end', { end: '30.06.2026' }],
    ['end', { end: '2026-02-30' }],
  ])('refuses a bad %s', async (name, change) => {
    const out = join(base, 'refused');
    const failure = { code: 'VALIDATION_FAILED', message: expect.stringContaining(name) };
    await expect(generateDemo({ ...size, days: 2, out, ...change })).rejects.toMatchObject({
      ...failure,
      remedy: expect.stringContaining(name),
    });
    expect(await readdir(base)).not.toContain('refused');
  });
});
