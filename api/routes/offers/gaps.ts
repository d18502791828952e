import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { DateParam, IdParams, Limit } from '../../schemas.ts';

const MinScore = Type.Number({
  minimum: 0,
  maximum: 1,
  default: 0.5,
  description: 'Least chance that the customer uses it.',
});
/** What customers use, as their texts tell, and don't buy here. */
export function gapRoutes(app: App, { gaps, predictions }: AppDependencies): void {
  const viewer = { role: 'viewer' } as const;
  const dayOf = async (market: string, asOf: string | undefined): Promise<string> => {
    const day = asOf ?? (await gaps.newest(market));
    if (day !== null) return day;
    throw new PerennialError('NOT_FOUND', `There are no assortment gaps of the market "${market}".`, {
      remedy:
        'GET /v1/offers/markets lists the markets. Gaps need customers’ documents in the lake: `perennial ingest offers --documents`.',
    });
  };

  app.get(
    '/v1/offers/markets/:id/gaps',
    {
      config: viewer,
      schema: {
        tags: ['offers'],
        summary: 'Products that customers of a market use and don’t buy, by expected value',
        params: IdParams,
        querystring: Type.Object({
          asOf: Type.Optional(DateParam),
          minScore: MinScore,
          after: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: '`next` of the page before.' }),
          ),
          limit: Limit,
        }),
      },
    },
    async (request) => {
      const { minScore, limit, after } = request.query;
      const market = request.params.id;
      const asOf = await dayOf(market, request.query.asOf);
      const page = await gaps.byMarket(market, asOf, {
        minScore,
        limit,
        ...(after === undefined ? {} : { after }),
      });
      return { market, asOf, gaps: page, next: page.length === limit ? (page.at(-1)?.rank ?? null) : null };
    },
  );

  app.get(
    '/v1/offers/markets/:id/outside-assortment',
    {
      config: viewer,
      schema: {
        tags: ['offers'],
        summary: 'What customers of a market use that is not in the assortment, by expected customers',
        params: IdParams,
        querystring: Type.Object({ asOf: Type.Optional(DateParam), minScore: MinScore, limit: Limit }),
      },
    },
    async (request) => {
      const { minScore, limit } = request.query;
      const market = request.params.id;
      const asOf = await dayOf(market, request.query.asOf);
      return { market, asOf, products: await gaps.outside(market, asOf, { minScore, limit }) };
    },
  );

  app.get(
    '/v1/offers/customers/:id/gaps',
    {
      config: viewer,
      schema: {
        tags: ['offers'],
        summary: 'What a customer uses and doesn’t buy, with the text that shows it',
        params: IdParams,
        querystring: Type.Object({
          market: Type.Optional(Type.String()),
          asOf: Type.Optional(DateParam),
          minScore: MinScore,
        }),
      },
    },
    async (request) => {
      const customerId = request.params.id;
      const found = await gaps.byCustomer(customerId, request.query);
      const isKnown = async (): Promise<boolean> =>
        (await predictions.byCustomer(customerId, {})) !== null ||
        (await gaps.byCustomer(customerId, { minScore: 0 })).length > 0;
      if (found.length === 0 && !(await isKnown())) {
        throw new PerennialError('NOT_FOUND', `There is no customer "${customerId}".`, {
          remedy: 'Check the id, or run the pipeline offers.',
        });
      }
      return { customerId, gaps: found };
    },
  );
}
