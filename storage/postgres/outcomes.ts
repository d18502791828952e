import type { NewOutcome, OutcomeRecord, ToldOutcome } from '../../contracts/outcomes.ts';
import type { OutcomeCell, OutcomeRepository, ReliabilityCell } from '../../domain/ports/outcomes.ts';
import { type Connection, json, sql } from './client.ts';
import { transaction } from './transaction.ts';

interface Row extends Omit<NewOutcome, 'customerId' | 'productId'> {
  readonly customer_id: string;
  readonly product_id: string;
  readonly as_of: string | null;
  readonly rank: number;
  readonly model_version: number;
  readonly probability: number;
  readonly origin: ToldOutcome['origin'];
  readonly by: string;
  readonly at: Date;
}

/**
 * Joins outcomes to the newest offer that was chosen for the customer and product in the month before, with this discount; those of a text
 * ($1), or all. A statement by hand, as it is part of two.
 */
const joining = `
  update offer_outcomes o set market = c.market, as_of = c.as_of, rank = c.rank, model_version = c.model_version,
    probability = case when c.holdout then c.probability_without else c.probability end, joined_at = $2
  from offer_outcomes f cross join lateral (
    select * from chosen_offers c
    where c.customer_id = f.customer_id and c.product_id = f.product_id and c.holdout = f.holdout
      and (f.market = '' or c.market = f.market) and c.as_of <= f.date and c.as_of > f.date - 31
      and (f.holdout or abs(c.discount - f.discount) < 0.01)
    order by c.as_of desc, c.rank limit 1) c
  where o.id = f.id and f.joined_at is null and ($1::text[] is null or f.id = any($1))`;

/** Outcomes of offers in PostgreSQL. */
export function outcomeRepository({ pool }: Connection): OutcomeRepository {
  return {
    save: (outcomes, by, now) =>
      transaction(pool, async (tx) => {
        // One statement may not write a row twice.
        const last = [...new Map(outcomes.map((one) => [one.id, one])).values()];
        await tx.query(sql`
          insert into offer_outcomes (id, market, customer_id, product_id, date, discount, sale, holdout, origin, by, at)
          select id, market, "customerId", "productId", date, discount, sale, holdout, 'api', ${by}, ${now}
          from jsonb_to_recordset(${json(last)}::jsonb) as o(id text, market text, "customerId" text, "productId" text, date date,
            discount float8, sale boolean, holdout boolean)
          on conflict (id) do update set market = excluded.market, customer_id = excluded.customer_id,
            product_id = excluded.product_id, date = excluded.date, discount = excluded.discount, sale = excluded.sale,
            holdout = excluded.holdout, origin = 'api', by = excluded.by, at = excluded.at, as_of = null, rank = null,
            model_version = null, probability = null, joined_at = null
          where (offer_outcomes.customer_id, offer_outcomes.product_id, offer_outcomes.date, offer_outcomes.discount,
              offer_outcomes.sale, offer_outcomes.holdout)
            is distinct from (excluded.customer_id, excluded.product_id, excluded.date, excluded.discount, excluded.sale,
              excluded.holdout) or excluded.market not in ('', offer_outcomes.market)`);
        const ids = last.map(({ id }) => id);
        await tx.query(joining, [ids, now]);
        const { rows } = await tx.query<Row>(sql`
          select *, to_char(date, 'YYYY-MM-DD') as date, to_char(as_of, 'YYYY-MM-DD') as as_of from offer_outcomes
          where id = any(${ids})`);
        const kept = new Map(rows.map((row) => [row.id, toOutcome(row)]));
        return outcomes.map(({ id }) => kept.get(id) as OutcomeRecord);
      }),

    replaceDay: (date, outcomes, sha256, now) =>
      transaction(pool, async (tx) => {
        await tx.query(sql`delete from offer_outcomes where date = ${date}::date and origin = 'file'`);
        // What the API was told of the same offer stands.
        await tx.query(sql`
          insert into offer_outcomes (id, market, customer_id, product_id, date, discount, sale, holdout, origin, by, at)
          select id, market, "customerId", "productId", date, discount, sale, holdout, 'file', ${sha256}, ${now}
          from jsonb_to_recordset(${json(outcomes)}::jsonb) as o(id text, market text, "customerId" text, "productId" text,
            date date, discount float8, sale boolean, holdout boolean)
          on conflict (id) do nothing`);
        await tx.query(joining, [outcomes.map(({ id }) => id), now]);
      }),

    async fileDays() {
      const { rows } = await pool.query<{ date: string; by: string }>(sql`
        select to_char(date, 'YYYY-MM-DD') as date, min(by) as by from offer_outcomes where origin = 'file' group by 1`);
      return new Map(rows.map(({ date, by }) => [date, by]));
    },

    async apiDays() {
      const { rows } = await pool.query<{ date: string }>(sql`
        select distinct to_char(date, 'YYYY-MM-DD') as date from offer_outcomes where origin = 'api' order by 1`);
      return rows.map(({ date }) => date);
    },

    async ofApi(date) {
      const { rows } = await pool.query<Row>(sql`
        select *, to_char(date, 'YYYY-MM-DD') as date, to_char(as_of, 'YYYY-MM-DD') as as_of from offer_outcomes
        where origin = 'api' and date = ${date}::date order by customer_id, product_id, id`);
      return rows.map(toOutcome);
    },

    async ofCustomer(customerId, limit) {
      const { rows } = await pool.query<Row>(sql`
        select *, to_char(date, 'YYYY-MM-DD') as date, to_char(as_of, 'YYYY-MM-DD') as as_of from offer_outcomes
        where customer_id = ${customerId} order by offer_outcomes.date desc, product_id, id limit ${limit}`);
      return rows.map((row) => {
        const { origin, by, at } = row;
        return { ...toOutcome(row), origin, by: origin === 'api' ? by : null, at: at.toISOString() };
      });
    },

    async join(now) {
      const { rowCount } = await pool.query(joining, [null, now]);
      return rowCount ?? 0;
    },

    async cells({ from, to, market }) {
      const { rows } = await pool.query<OutcomeCell>(sql`
        with known as (
          select market, model_version, holdout, probability, sale::int as sale,
            ntile(10) over (partition by market, model_version, holdout order by probability, id) as bin
          from offer_outcomes
          where joined_at is not null and date >= ${from}::date and date < ${to}::date
            and (${market ?? null}::text is null or market = ${market ?? null}))
        select market, model_version as "modelVersion", holdout, count(*)::int as rows, avg(probability) as predicted,
          avg(sale)::float8 as observed, sum((probability - sale) ^ 2) as squares
        from known group by market, model_version, holdout, bin order by market, model_version, holdout, bin`);
      return rows;
    },

    async reliability({ from, to, market, modelVersion = null }, least) {
      const { rows } = await pool.query<ReliabilityCell>(sql`
        with known as (
          select id, probability, sale, count(*) over () as total
          from offer_outcomes
          where joined_at is not null and not holdout and market = ${market} and date >= ${from}::date and date < ${to}::date
            and (${modelVersion}::int is null or model_version = ${modelVersion})),
        binned as (
          select *, ntile(greatest(1, least(10, total / ${least}::int))::int) over (order by probability, id) as bin from known)
        select count(*)::int as rows, count(*) filter (where sale)::int as sold, min(probability) as lowest,
          max(probability) as highest, avg(probability) as predicted
        from binned group by bin order by bin`);
      return rows;
    },

    async chosen({ from, to, market }) {
      const { rows } = await pool.query<{ market: string; modelVersion: number; offers: number }>(sql`
        select market, model_version as "modelVersion", count(*)::int as offers from chosen_offers
        where not holdout and as_of >= ${from}::date and as_of < ${to}::date
          and (${market ?? null}::text is null or market = ${market ?? null})
        group by 1, 2 order by 1, 2`);
      return rows;
    },

    async joinedDays(since) {
      const { rows } = await pool.query<{ date: string }>(sql`
        select distinct to_char(date, 'YYYY-MM-DD') as date from offer_outcomes where joined_at >= ${since} order by 1`);
      return rows.map(({ date }) => date);
    },

    async forget(before) {
      await pool.query(sql`delete from offer_outcomes where date < ${before}::date`);
    },
  };
}

function toOutcome(row: Row): OutcomeRecord {
  const { id, market, date, discount, sale, holdout, as_of, rank, model_version, probability } = row;
  return {
    ...{ id, market, customerId: row.customer_id, productId: row.product_id, date, discount, sale, holdout },
    prediction: as_of === null ? null : { asOf: as_of, rank, modelVersion: model_version, probability },
  };
}
