import type { ChosenOffer } from '../../contracts/chosen-offers.ts';
import type { ChosenOfferRepository } from '../../domain/ports/chosen-offers.ts';
import { day, type PrismaClient } from './client.ts';
import type { ChosenOffer as Row } from './generated/client.ts';
import { replaceRows } from './replace-rows.ts';

export function chosenOfferRepository(db: PrismaClient): ChosenOfferRepository {
  const toOffer = (row: Row): ChosenOffer => ({ ...row, asOf: day(row.asOf) });
  const notHeldOut = (holdouts: boolean) => (holdouts ? {} : { holdout: false });
  const newestDay = async (market: string): Promise<string | null> => {
    const row = await db.chosenOffer.findFirst({
      where: { market },
      orderBy: { asOf: 'desc' },
      select: { asOf: true },
    });
    return row && day(row.asOf);
  };
  return {
    newestDay,
    async replaceMarket(market, asOf, offers) {
      const date = new Date(asOf);
      await replaceRows(db, {
        key: `chosen-offers:${market}:${asOf}`,
        rows: offers,
        remove: (tx) => tx.chosenOffer.deleteMany({ where: { market, asOf: date } }),
        insert: (tx, rows) => tx.chosenOffer.createMany({ data: rows.map((offer) => ({ ...offer, asOf: date })) }),
      });
    },
    async byMarket(market, asOf, { limit, after, holdouts }) {
      const rows = await db.chosenOffer.findMany({
        where: {
          market,
          asOf: new Date(asOf),
          ...notHeldOut(holdouts),
          ...(after === undefined ? {} : { rank: { gt: after } }),
        },
        orderBy: { rank: 'asc' },
        take: limit,
      });
      return rows.map(toOffer);
    },
    async byCustomer(customerId, { market, asOf, holdouts }) {
      const newest = await db.chosenOffer.findFirst({
        where: {
          customerId,
          ...(market === undefined ? {} : { market }),
          ...(asOf === undefined ? {} : { asOf: new Date(asOf) }),
        },
        orderBy: { asOf: 'desc' },
        select: { market: true, asOf: true },
      });
      if (!newest) return null;
      const of = asOf ?? (await newestDay(newest.market)) ?? day(newest.asOf);
      const rows = await db.chosenOffer.findMany({
        where: { customerId, market: newest.market, asOf: new Date(of), ...notHeldOut(holdouts) },
        orderBy: { rank: 'asc' },
      });
      return { market: newest.market, asOf: of, offers: rows.map(toOffer) };
    },
  };
}
