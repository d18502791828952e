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
      return db.$queryRaw<{ market: string; asOf: string; customers: number }[]>`
        select p.market, to_char(p.as_of, 'YYYY-MM-DD') as "asOf", count(*)::int as customers
        from offer_predictions p
        join (select market, max(as_of) as as_of from offer_predictions group by market) newest using (market, as_of)
        group by p.market, p.as_of order by p.market`;
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
