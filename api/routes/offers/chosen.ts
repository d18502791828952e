import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { DateParam, IdParams, Limit } from '../../schemas.ts';

const viewer = { role: 'viewer' } as const;
const tags = ['offers'];

const Holdouts = Type.Boolean({
  default: false,
  description: 'Also those that are not to be made: their customers were drawn by chance to get none.',
});

/** Discounted offers that were chosen under the budget of each market. */
export function chosenOfferRoutes(app: App, { chosenOffers }: AppDependencies): void {
  app.get(
    '/v1/offers/markets/:id/offers',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Offers chosen for a market, by what they add to the expected margin',
        params: IdParams,
        querystring: Type.Object({
          asOf: Type.Optional(DateParam),
          holdouts: Holdouts,
          after: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 2_147_483_647,
              description: 'Rank of the last entry of the page before.',
            }),
          ),
          limit: Limit,
        }),
      },
    },
    async (request) => {
      const { asOf, holdouts, after, limit } = request.query;
      const market = request.params.id;
      const day = asOf ?? (await chosenOffers.newestDay(market));
      if (day === null) throw noOffers(`the market "${market}"`);
      const offers = await chosenOffers.byMarket(market, day, {
        holdouts,
        limit,
        ...(after === undefined ? {} : { after }),
      });
      return { market, asOf: day, offers, next: offers.length === limit ? (offers.at(-1)?.rank ?? null) : null };
    },
  );

  app.get(
    '/v1/offers/customers/:id/offers',
    {
      config: viewer,
      schema: {
        tags,
        summary: 'Offers chosen for a customer on the newest day of its market, or on a day',
        params: IdParams,
        querystring: Type.Object({
          market: Type.Optional(Type.String()),
          asOf: Type.Optional(DateParam),
          holdouts: Holdouts,
        }),
      },
    },
    async (request) => {
      const found = await chosenOffers.byCustomer(request.params.id, request.query);
      if (!found) throw noOffers(`the customer "${request.params.id}"`);
      return { customerId: request.params.id, ...found };
    },
  );
}

function noOffers(whom: string): PerennialError {
  return new PerennialError('NOT_FOUND', `No offer was chosen for ${whom}.`, {
    remedy: 'Offers are chosen by runs that know outcomes of earlier ones: docs/how-to/offers.md.',
  });
}
