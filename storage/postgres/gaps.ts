import type { AssortmentGap, GapEvidence } from '../../contracts/gaps.ts';
import type { GapRepository } from '../../domain/ports/gaps.ts';
import { day, type PrismaClient } from './client.ts';
import type { AssortmentGap as Row } from './generated/client.ts';
import { replaceRows } from './replace-rows.ts';

/** Mentions shown of what is in no assortment. */
const examples = 3;

export function gapRepository(db: PrismaClient): GapRepository {
  const toGap = (row: Row): AssortmentGap => ({
    ...row,
    asOf: day(row.asOf),
    evidence: row.evidence as unknown as readonly GapEvidence[],
  });
  const newest = async (market: string): Promise<string | null> => {
    const { _max } = await db.assortmentGap.aggregate({ where: { market }, _max: { asOf: true } });
    return _max.asOf && day(_max.asOf);
  };
  return {
    newest,
    async replaceMarket(market, asOf, gaps) {
      const date = new Date(asOf);
      await replaceRows(db, {
        key: `gaps:${market}:${asOf}`,
        rows: gaps,
        remove: (tx) => tx.assortmentGap.deleteMany({ where: { market, asOf: date } }),
        insert: (tx, rows) =>
          tx.assortmentGap.createMany({
            data: rows.map((gap) => ({ ...gap, market, asOf: date, evidence: gap.evidence as unknown as object[] })),
          }),
      });
    },
    async byMarket(market, asOf, { minScore, limit, after = 0 }) {
      const rows = await db.assortmentGap.findMany({
        where: {
          market,
          asOf: new Date(asOf),
          productId: { not: null },
          score: { gte: minScore },
          rank: { gt: after },
        },
        orderBy: { rank: 'asc' },
        take: limit,
      });
      return rows.map(toGap);
    },
    async outside(market, asOf, { minScore, limit }) {
      const found = await db.$queryRaw<
        {
          name: string;
          customers: number;
          expectedCustomers: number;
          examples: (GapEvidence & { customerId: string })[];
        }[]
      >`
        select name, count(*)::int as customers, sum(score) as "expectedCustomers",
          (array_agg(jsonb_build_object('customerId', customer_id) || (evidence -> 0) order by score desc, rank))[:${examples}::int] as examples
        from assortment_gaps
        where market = ${market} and as_of = ${asOf}::date and product_id is null and score >= ${minScore}
        group by name order by sum(score) desc, name limit ${limit}`;
      return found;
    },
    async byCustomer(customerId, { minScore, market, asOf }) {
      const days = await db.assortmentGap.groupBy({
        by: ['market'],
        where: { customerId, ...(market === undefined ? {} : { market }) },
      });
      const gaps: AssortmentGap[] = [];
      for (const own of days) {
        // The newest day of the market, not of the customer: on it the customer may have no gap any more.
        const wanted = asOf ?? (await newest(own.market));
        if (wanted === null) continue;
        const rows = await db.assortmentGap.findMany({
          where: { customerId, market: own.market, asOf: new Date(wanted), score: { gte: minScore } },
          orderBy: { rank: 'asc' },
        });
        gaps.push(...rows.map(toGap));
      }
      return gaps;
    },
  };
}
