import type { ListDay, MarketSummary } from '../../contracts/market-lists.ts';
import type { CustomerPrediction, MarketCustomer } from '../../contracts/offers.ts';
import type { KpiRepository, PredictionRepository } from '../../domain/ports/results.ts';
import { day, json, type PrismaClient } from './client.ts';
import type { OfferPrediction } from './generated/client.ts';
import { escapeLike } from './like.ts';
import { replaceRows } from './replace-rows.ts';

export function predictionRepository(db: PrismaClient): PredictionRepository {
  const toPrediction = (row: OfferPrediction): CustomerPrediction => ({
    ...row,
    asOf: day(row.asOf),
    ...(row.products as unknown as Pick<CustomerPrediction, 'products' | 'newProducts' | 'horizonDays'>),
  });
  return {
    async replaceMarket(market, asOf, predictions) {
      const date = new Date(asOf);
      await replaceRows(db, {
        key: `predictions:${market}:${asOf}`,
        rows: predictions,
        remove: (tx) => tx.offerPrediction.deleteMany({ where: { market, asOf: date } }),
        insert: (tx, rows) =>
          tx.offerPrediction.createMany({
            data: rows.map(({ customerId, runId, modelVersion, horizonDays, products, newProducts }) => ({
              market,
              customerId,
              asOf: date,
              runId,
              modelVersion,
              products: { horizonDays, products, newProducts } as unknown as object,
            })),
          }),
      });
    },
    async byCustomer(customerId, { market, asOf }) {
      const row = await db.offerPrediction.findFirst({
        where: {
          customerId,
          ...(market === undefined ? {} : { market }),
          ...(asOf === undefined ? {} : { asOf: new Date(asOf) }),
        },
        orderBy: { asOf: 'desc' },
      });
      return row && toPrediction(row);
    },
    async byMarket(market, asOf, { limit, after }) {
      const rows = await db.offerPrediction.findMany({
        where: { market, asOf: new Date(asOf), ...(after === undefined ? {} : { customerId: { gt: after } }) },
        orderBy: { customerId: 'asc' },
        take: limit,
      });
      return rows.map(toPrediction);
    },
    async customers(market, asOf, { limit, after = null, text = null }) {
      const like = text === null ? null : `%${escapeLike(text)}%`;
      return db.$queryRaw<MarketCustomer[]>`
        select customer_id as "customerId", model_version as "modelVersion",
          coalesce((select sum((p->>'expectedRevenue')::float8) from jsonb_array_elements(products->'products') p), 0) as "expectedRevenue",
          products->'products'->0->>'description' as next, products->'newProducts'->0->>'description' as "newProduct"
        from offer_predictions
        where market = ${market} and as_of = ${asOf}::date
          and (${after}::text is null or customer_id > ${after}) and (${like}::text is null or customer_id ilike ${like})
        order by customer_id limit ${limit}`;
    },
    async markets() {
      // From market to market by the index, as from day to day below: of the past nothing is read.
      return db.$queryRaw<MarketSummary[]>`
        with recursive known as (
          (select market from offer_predictions order by market limit 1)
          union all
          select (select min(p.market) from offer_predictions p where p.market > k.market) from known k where k.market is not null
        ), newest as (
          select k.market, last.as_of, made.customers, made.run_id, made.model_version
          from known k
          cross join lateral (select max(as_of) as as_of from offer_predictions p where p.market = k.market) last
          cross join lateral (
            select count(*)::int as customers, max(p.run_id) as run_id, max(p.model_version) as model_version
            from offer_predictions p where p.market = k.market and p.as_of = last.as_of) made
          where k.market is not null)
        select n.market, to_char(n.as_of, 'YYYY-MM-DD') as "asOf", n.run_id as "runId", n.model_version as "modelVersion", n.customers,
          (select count(*)::int from chosen_offers c where c.market = n.market and c.as_of = n.as_of and not c.holdout) as offers,
          (select count(*)::int from assortment_gaps g
            where g.market = n.market and g.as_of = n.as_of and g.product_id is not null and g.score >= 0.5) as gaps,
          coalesce((
            select jsonb_object_agg(k.name, jsonb_build_object('value', k.value, 'date', to_char(k.date, 'YYYY-MM-DD')))
            from (
              select distinct on (name) name, value, date from kpis
              where pipeline = 'offers' and market = n.market and date <= n.as_of and date > n.as_of - 31
              order by name, date desc) k), '{}') as figures
        from newest n order by n.market`;
    },
    async days(market, limit) {
      // From day to day by the index: a market has a row for each customer and day.
      return db.$queryRaw<ListDay[]>`
        with recursive days as (
          select max(as_of) as as_of from offer_predictions where market = ${market}
          union all
          select (select max(p.as_of) from offer_predictions p where p.market = ${market} and p.as_of < d.as_of)
          from days d where d.as_of is not null)
        select to_char(d.as_of, 'YYYY-MM-DD') as "asOf", p.run_id as "runId", p.model_version as "modelVersion"
        from (select as_of from days where as_of is not null limit ${limit}) d
        cross join lateral (
          select run_id, model_version from offer_predictions p where p.market = ${market} and p.as_of = d.as_of limit 1) p
        order by d.as_of desc`;
    },
  };
}

export function kpiRepository(db: PrismaClient): KpiRepository {
  return {
    async save(kpis) {
      // One statement may not write a row twice.
      const last = new Map(kpis.map((kpi) => [json([kpi.pipeline, kpi.market, kpi.date, kpi.name]), kpi]));
      await db.$executeRaw`
        insert into kpis (pipeline, market, date, name, value, run_id)
        select pipeline, market, date, name, value, "runId"
        from jsonb_to_recordset(${json([...last.values()])}::jsonb) as k(pipeline text, market text, date date, name text, value float8, "runId" text)
        on conflict (pipeline, market, date, name) do update set value = excluded.value, run_id = excluded.run_id`;
    },
    async span({ pipeline, name, from, to }) {
      return db.$queryRaw<{ market: string; date: string; value: number }[]>`
        select market, to_char(date, 'YYYY-MM-DD') as date, value from kpis
        where pipeline = ${pipeline} and name = ${name} and date between ${from}::date and ${to}::date`;
    },
    async list({ pipeline, market, name, before, limit }) {
      const rows = await db.kpi.findMany({
        where: {
          pipeline,
          ...(market === undefined ? {} : { market }),
          ...(name === undefined ? {} : { name }),
          ...(before === undefined ? {} : { date: { lt: new Date(before) } }),
        },
        orderBy: [{ date: 'desc' }, { market: 'asc' }, { name: 'asc' }],
        take: limit,
      });
      return rows.map((row) => ({ ...row, date: day(row.date) }));
    },
  };
}
