import { PerennialError } from '../../../contracts/errors.ts';
import type { Campaign, CouponHistory, Redemption } from '../../../domain/offer-response/coupons/index.ts';
import type { SqlEngine } from '../../../domain/ports/sql-engine.ts';
import { hasTable, tableOf } from './source.ts';

/** Coupons to rank: a campaign, its coupons and the households it went to, by the indices of the tables of the session. */
export interface TargetCampaign extends Campaign {
  readonly id: string;
  /** Indices in the session's table `coupon_ids`, one a pool. */
  readonly coupons: Int32Array;
  readonly households: Int32Array;
}

export interface CouponData {
  readonly history: CouponHistory;
  /** Day after the newest purchase or redemption. */
  readonly asOfDay: number;
  readonly targets: readonly TargetCampaign[];
  /** What was left out of the tables, in words. */
  readonly warnings: readonly string[];
}

const dayOf = (column: string): string => `date_diff('day', date '1970-01-01', try_cast(${column} as date))`;
const group = (name: string, by: string): string =>
  `cast(dense_rank() over (order by ${by}) - 1 as integer) as ${name}_group`;

/**
 * Reads the past from the folder `train` and the coupons to be ranked from `campaigns`. Leaves the tables `household_ids`
 * and `coupon_ids` (i, id) in the session, so that what is computed by index finds its names again.
 *
 * @throws SOURCE_INVALID for a table or column that is missing, DATA_MISSING without purchases or coupons to rank.
 */
export async function readCouponData(engine: SqlEngine, train: string, campaigns: string): Promise<CouponData> {
  const dated = async (folder: string): Promise<string> =>
    (await hasTable(folder, 'campaign_descriptions')) ? await tableOf(engine, folder, 'campaign_descriptions') : '';
  const descriptions = [await tableOf(engine, train, 'campaign_descriptions'), await dated(campaigns)].filter(Boolean);
  await engine.execute(`
    create table bought as select cast(household_id as varchar) as household, cast(product_id as varchar) as product,
        ${dayOf('transaction_timestamp')} as day, try_cast(sales_value as double) as spend from (${await tableOf(engine, train, 'transactions_sample')});
    create table pooled as select distinct part, cast(campaign_id as varchar) as campaign, cast(coupon_upc as varchar) as coupon, cast(product_id as varchar) as product
      from (select 'past' as part, * from (${await tableOf(engine, train, 'coupons')}) union all select 'target', * from (${await tableOf(engine, campaigns, 'coupons')}));
    create table redeemed as select distinct cast(household_id as varchar) as household, cast(campaign_id as varchar) as campaign, cast(coupon_upc as varchar) as coupon,
        ${dayOf('redemption_date')} as day from (${await tableOf(engine, train, 'coupon_redemptions')});
    create table sent as select distinct cast(campaign_id as varchar) as campaign, cast(household_id as varchar) as household from (${await tableOf(engine, campaigns, 'campaigns')});
    create table starts as select cast(campaign_id as varchar) as campaign, min(${dayOf('start_date')}) as day from (${descriptions.join(' union all ')}) group by 1;
    create table described as select distinct on (product) cast(product_id as varchar) as product, coalesce(cast(manufacturer_id as varchar), '') as maker,
        coalesce(cast(department as varchar), '') as department, coalesce(cast(product_category as varchar), '') as category, coalesce(cast(product_type as varchar), '') as type
      from (${await tableOf(engine, train, 'products')}) order by all;`);
  const warnings = await leaveOut(engine);
  await engine.execute(`
    create table household_ids as select cast(row_number() over (order by id) - 1 as integer) as i, id
      from (select household as id from bought union select household from redeemed union select household from sent);
    create table coupon_ids as select cast(row_number() over (order by id) - 1 as integer) as i, id from (select distinct coupon as id from pooled);
    create table product_ids as select cast(row_number() over (order by id) - 1 as integer) as i, id,
        ${group('maker', 'maker, category')}, ${group('department', 'department')}, ${group('category', 'department, category')}, ${group('type', 'department, category, type')}
      from (select id, coalesce(maker, '') as maker, coalesce(department, '') as department, coalesce(category, '') as category, coalesce(type, '') as type
        from (select product as id from bought union select product from pooled) left join described on product = id);`);
  const [counts] = await engine.query(
    `select (select count(*) from household_ids) as households, (select count(*) from bought) as bought,
      greatest((select max(day) from bought), (select max(day) from redeemed)) + 1 as next`,
  );
  if (!counts || counts['bought'] === 0)
    throw new PerennialError('DATA_MISSING', `transactions_sample.parquet of "${train}" holds no purchase.`, {
      remedy: 'Give the purchases from before the campaigns.',
    });
  const asOfDay = Number(counts['next']);
  const groups = await engine.columns('select * from product_ids order by i');
  const bought = await engine.columns(`
    select h.i as household, p.i as product, day, spend from bought
    join household_ids h on h.id = household join product_ids p on p.id = product order by day, household, product, spend`);
  const past = await campaignsOf(engine, 'past', asOfDay);
  const targets = await campaignsOf(engine, 'target', asOfDay);
  const history: CouponHistory = {
    households: Number(counts['households']),
    groups: {
      maker: ints(groups['maker_group']),
      department: ints(groups['department_group']),
      category: ints(groups['category_group']),
      type: ints(groups['type_group']),
    },
    purchases: {
      household: ints(bought['household']),
      product: ints(bought['product']),
      day: ints(bought['day']),
      spend: Float64Array.from((bought['spend'] ?? []) as number[]),
    },
    campaigns: past,
    redemptions: await redemptionsOf(engine, past),
  };
  const sent = await engine.columns(
    'select campaign, i from sent join household_ids on id = household order by campaign, i',
  );
  const receivers = new Map<string, number[]>();
  ((sent['campaign'] ?? []) as string[]).forEach((campaign, row) => {
    const list = receivers.get(campaign) ?? [];
    list.push((sent['i'] as number[])[row]!);
    receivers.set(campaign, list);
  });
  return {
    history,
    asOfDay,
    targets: targets.map((target) => ({ ...target, households: Int32Array.from(receivers.get(target.id) ?? []) })),
    warnings,
  };
}

/** Removes rows that cannot be used, and says so. */
async function leaveOut(engine: SqlEngine): Promise<string[]> {
  const warnings: string[] = [];
  for (const [table, bad, why] of [
    [
      'bought',
      'household is null or product is null or day is null or spend is null or spend < 0 or not isfinite(spend)',
      'row(s) of transactions_sample lack a household, product, time or amount',
    ],
    ['pooled', 'campaign is null or coupon is null or product is null', 'row(s) of coupons lack an id'],
    ['sent', 'campaign is null or household is null', 'row(s) of campaigns lack an id'],
    ['redeemed', 'household is null or day is null', 'row(s) of coupon_redemptions lack a household or date'],
    [
      'redeemed',
      "(campaign, coupon) not in (select campaign, coupon from pooled where part = 'past')",
      'redemption(s) of coupons that the table coupons does not hold',
    ],
    [
      'pooled',
      "part = 'past' and campaign not in (select campaign from starts where day is not null)",
      'coupon row(s) of past campaigns that campaign_descriptions gives no start for',
    ],
    [
      'redeemed',
      "campaign not in (select campaign from pooled where part = 'past')",
      'redemption(s) in campaigns that campaign_descriptions gives no start for',
    ],
  ] as const) {
    const [row] = await engine.query(`select count(*) as n from ${table} where ${bad}`);
    if (Number(row?.['n'] ?? 0) === 0) continue;
    warnings.push(`left out ${row?.['n']} ${why}`);
    await engine.execute(`delete from ${table} where ${bad}`);
  }
  return warnings;
}

/** Campaigns with their coupons; one without a known start begins when the data end. */
async function campaignsOf(
  engine: SqlEngine,
  part: 'past' | 'target',
  asOfDay: number,
): Promise<Omit<TargetCampaign, 'households'>[]> {
  const rows = await engine.columns(`
    select p.campaign, c.i as coupon, x.i as product, coalesce(s.day, ${asOfDay}) as start
    from pooled p join coupon_ids c on c.id = p.coupon join product_ids x on x.id = p.product left join starts s on s.campaign = p.campaign
    where part = ${part === 'past' ? "'past'" : "'target'"} order by p.campaign, coupon, x.i`);
  const campaigns = new Map<string, { startDay: number; pools: Map<number, number[]> }>();
  ((rows['campaign'] ?? []) as string[]).forEach((id, row) => {
    const one = campaigns.get(id) ?? { startDay: (rows['start'] as number[])[row]!, pools: new Map() };
    campaigns.set(id, one);
    const coupon = (rows['coupon'] as number[])[row]!;
    const pool = one.pools.get(coupon) ?? [];
    pool.push((rows['product'] as number[])[row]!);
    one.pools.set(coupon, pool);
  });
  return [...campaigns].map(([id, { startDay, pools }]) => ({
    id,
    startDay,
    coupons: Int32Array.from(pools.keys()),
    pools: [...pools.values()].map((pool) => Int32Array.from(pool)),
  }));
}

async function redemptionsOf(
  engine: SqlEngine,
  past: readonly Omit<TargetCampaign, 'households'>[],
): Promise<Redemption[]> {
  const rows = await engine.query(`
    select h.i as household, campaign, c.i as coupon, min(day) as day from redeemed
    join household_ids h on h.id = household join coupon_ids c on c.id = coupon group by all order by day, household, campaign, coupon`);
  const places = past.map(({ coupons }) => new Map([...coupons].map((coupon, i) => [coupon, i])));
  const index = new Map(past.map(({ id }, i) => [id, i]));
  return rows.map((row) => {
    const campaign = index.get(String(row['campaign']))!;
    return {
      household: Number(row['household']),
      campaign,
      coupon: places[campaign]!.get(Number(row['coupon']))!,
      day: Number(row['day']),
    };
  });
}

const ints = (column: readonly unknown[] | undefined): Int32Array => Int32Array.from((column ?? []) as number[]);
