import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../../domain/nlp/random.ts';
import { fitConditionalLogit } from '../../../domain/offer-response/coupons/index.ts';
import { quote } from '../../../domain/preprocessing/sql.ts';
import { predictCoupons } from '../../../pipelines/offers/coupons/predict.ts';
import { couponWorld, sql } from './coupon-world.ts';

type World = Awaited<ReturnType<typeof couponWorld>>;
const worlds: World[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.drop()));
});

async function world(edit?: string, without?: readonly string[]): Promise<World> {
  const made = await couponWorld(edit, without);
  worlds.push(made);
  return made;
}

const predict = ({ train, campaigns, out }: World) =>
  predictCoupons({ train, campaigns, out, sql, signal: new AbortController().signal, progress: () => {} });

/** The mean of 1 / rank of what each household redeemed. */
async function reciprocalRank({ out, truth }: World): Promise<number> {
  const engine = await sql.open();
  const rows = await engine.query(
    `select household_id, coupon_upc, row_number() over (partition by household_id order by score desc) as rank from read_parquet(${quote(out)})`,
  );
  await engine.close();
  const found = rows.filter((row) => truth.get(String(row['household_id'])) === row['coupon_upc']);
  expect(found).toHaveLength(truth.size);
  return found.reduce((sum, row) => sum + 1 / Number(row['rank']), 0) / found.length;
}

describe('predict coupons', () => {
  it('puts what a household redeems far ahead of chance, for every coupon and household', async () => {
    const made = await world();
    const report = await predict(made);
    expect(report).toMatchObject({ campaigns: 1, rows: 120 * 20, warnings: [] });
    expect(report.learnedFrom.redemptions).toBeGreaterThan(40);
    // By chance it is 0.18; a household likes two of the twenty makers and redeems of either.
    expect(await reciprocalRank(made)).toBeGreaterThan(0.5);
    expect(await readdir(dirname(made.out))).toEqual(['scores.parquet']);
  });

  it('gives the same bytes again', async () => {
    const made = await world();
    const hash = async () => {
      await predict(made);
      return createHash('sha256')
        .update(await readFile(made.out))
        .digest('hex');
    };
    expect(await hash()).toBe(await hash());
  });

  it('ranks by what households buy when nothing was ever redeemed, and says so', async () => {
    const made = await world("delete from coupon_redemptions where campaign_id = '1'");
    const report = await predict(made);
    expect(report.learnedFrom).toEqual({ lists: 0, redemptions: 0 });
    expect(report.warnings.join()).toContain('no past redemption');
    expect(await reciprocalRank(made)).toBeGreaterThan(0.5);
  });

  it('takes products, coupons and households that nobody knows', async () => {
    const made = await world(`
      delete from products where manufacturer_id = 'm3';
      insert into coupons values ('2', 'u2-new', 'p-new');
      insert into campaigns values ('2', 'h-new');
      insert into coupon_redemptions values ('h1', '1', 'u-unknown', '2017-04-03')`);
    const report = await predict(made);
    expect(report.rows).toBe(121 * 21);
    expect(report.warnings).toEqual(['left out 1 redemption(s) of coupons that the table coupons does not hold']);
    expect(await reciprocalRank(made)).toBeGreaterThan(0.5);
  });

  it('does not use purchases of the campaign or later', async () => {
    const [plain, late] = [
      await world(),
      await world(
        "insert into transactions_sample select household_id, 'p0', 4, '2017-05-01 08:00:00' from campaigns where campaign_id = '2'",
      ),
    ];
    await predict(plain);
    await predict(late);
    expect(await reciprocalRank(late)).toBeCloseTo(await reciprocalRank(plain), 9);
  });

  it('leaves out rows it cannot use, and counts them', async () => {
    const made = await world(`
      insert into transactions_sample values (null, 'p1', 1, '2017-02-01'), ('h1', 'p1', 1, 'yesterday'), ('h1', 'p1', -2, '2017-02-01');
      insert into coupons values ('1', null, 'p1')`);
    const { warnings } = await predict(made);
    expect(warnings).toEqual([
      'left out 3 row(s) of transactions_sample lack a household, product, time or amount',
      'left out 1 row(s) of coupons lack an id',
    ]);
  });
});

describe('bad input', () => {
  it.each(['transactions_sample', 'products', 'coupons', 'coupon_redemptions', 'campaign_descriptions', 'campaigns'])(
    'names the missing table %s',
    async (table) => {
      await expect(predict(await world('', [table]))).rejects.toMatchObject({
        code: 'SOURCE_INVALID',
        message: expect.stringContaining(`holds no ${table}.parquet`),
      });
    },
  );

  it('names the missing column', async () => {
    await expect(predict(await world('alter table products drop column product_type'))).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringMatching(/products\.parquet lacks the column product_type; it has product_id/),
    });
  });

  it('says that there is nothing to rank, and leaves no file behind', async () => {
    const made = await world("delete from campaigns where campaign_id = '2'");
    await expect(predict(made)).rejects.toMatchObject({ code: 'DATA_MISSING' });
    expect(await readdir(dirname(made.out))).toEqual([]);
  });

  it('says that there are no purchases', async () => {
    await expect(predict(await world('delete from transactions_sample'))).rejects.toMatchObject({
      code: 'DATA_MISSING',
      message: expect.stringContaining('no purchase'),
    });
  });
});

describe('conditional logit', () => {
  it('finds planted weights, and the prior without choices', () => {
    const random = new Random(3);
    const wanted = [1.5, -0.7];
    const choices = Array.from({ length: 3000 }, () => {
      const features = Float64Array.from({ length: 20 }, () => random.normal());
      // Gumbel noise makes the largest utility a draw from the logit.
      const utility = Array.from({ length: 10 }, (_, r) => {
        const noise = -Math.log(-Math.log(random.next() || 1e-12));
        return wanted[0]! * features[2 * r]! + wanted[1]! * features[2 * r + 1]! + noise;
      });
      return { features, taken: [utility.indexOf(Math.max(...utility))] };
    });
    const weights = fitConditionalLogit(choices, { prior: [0, 0] });
    expect(weights[0]).toBeCloseTo(1.5, 1);
    expect(weights[1]).toBeCloseTo(-0.7, 1);
    expect([...fitConditionalLogit([], { prior: [1, 2] })]).toEqual([1, 2]);
  });
});
