import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../../domain/nlp/random.ts';
import { quote } from '../../../domain/preprocessing/sql.ts';
import { duckdbEngine } from '../../../engines/duckdb/engine.ts';

export const sql = duckdbEngine({ threads: 2 });

/** Makers, each of one category with four products; a household likes two makers, and redeems their coupons. */
const [makers, perMaker, households] = [20, 4, 120] as const;

/** Folders `train` and `campaigns` of a small world like The Complete Journey; `edit` is SQL run before they are written. */
export async function couponWorld(edit = '', without: readonly string[] = []) {
  const base = await mkdtemp(join(tmpdir(), 'perennial-coupons-'));
  const random = new Random(7);
  const likes = Array.from({ length: households }, () => [random.below(makers), random.below(makers)]);
  const values = (rows: readonly (readonly (string | number)[])[]): string =>
    rows.map((row) => `(${row.map((v) => (typeof v === 'number' ? v : quote(v))).join(', ')})`).join(', ');
  const [bought, redeemed, sent]: [(string | number)[][], string[][], string[][]] = [[], [], []];
  likes.forEach((own, h) => {
    for (let i = 0; i < 12; i++) {
      const maker = random.next() < 0.7 ? own[random.below(2)]! : random.below(makers);
      const product = maker * perMaker + random.below(perMaker);
      bought.push([
        `h${h}`,
        `p${product}`,
        1 + 3 * random.next(),
        `2017-0${1 + random.below(4)}-${10 + random.below(15)} 10:00:00`,
      ]);
    }
    for (const campaign of ['1', '2']) {
      sent.push([campaign, `h${h}`]);
      if (random.next() < 0.6)
        redeemed.push([
          `h${h}`,
          campaign,
          `u${campaign}-${own[random.below(2)]}`,
          campaign === '1' ? '2017-04-02' : '2017-05-03',
        ]);
    }
  });
  const coupons = ['1', '2'].flatMap((campaign) =>
    Array.from({ length: makers }, (_, m) =>
      [0, 1].map((p) => [campaign, `u${campaign}-${m}`, `p${m * perMaker + p}`]),
    ).flat(),
  );
  const products = Array.from({ length: makers * perMaker }, (_, p) => {
    const maker = Math.floor(p / perMaker);
    return [`p${p}`, `m${maker}`, `D${maker % 3}`, `C${maker}`, `T${p % 2}`];
  });
  const engine = await sql.open();
  await engine.execute(`
    create table transactions_sample as select * from (values ${values(bought)}) t(household_id, product_id, sales_value, transaction_timestamp);
    create table products as select * from (values ${values(products)}) t(product_id, manufacturer_id, department, product_category, product_type);
    create table coupons as select * from (values ${values(coupons)}) t(campaign_id, coupon_upc, product_id);
    create table coupon_redemptions as select * from (values ${values(redeemed)}) t(household_id, campaign_id, coupon_upc, redemption_date);
    create table campaign_descriptions as select * from (values ('1', '2017-04-01'), ('2', '2017-05-01')) t(campaign_id, start_date);
    create table campaigns as select * from (values ${values(sent)}) t(campaign_id, household_id);
    ${edit}`);
  const folders = { train: join(base, 'train'), campaigns: join(base, 'campaigns') };
  for (const [folder, campaign] of [
    [folders.train, '1'],
    [folders.campaigns, '2'],
  ] as const) {
    await mkdir(folder);
    for (const table of [
      'transactions_sample',
      'products',
      'coupons',
      'coupon_redemptions',
      'campaign_descriptions',
      'campaigns',
    ]) {
      if (without.includes(table)) continue;
      const columns = await engine.query(`describe ${table}`);
      const own = columns.some((c) => c['column_name'] === 'campaign_id')
        ? `where campaign_id = ${quote(campaign)}`
        : '';
      await engine.execute(
        `copy (select * from ${table} ${own}) to ${quote(join(folder, `${table}.parquet`))} (format parquet)`,
      );
    }
  }
  await engine.close();
  const truth = new Map(redeemed.filter(([, c]) => c === '2').map(([h = '', , coupon = '']) => [h, coupon]));
  return {
    ...folders,
    base,
    out: join(base, 'out', 'scores.parquet'),
    truth,
    drop: () => rm(base, { recursive: true, force: true }),
  };
}
