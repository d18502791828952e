import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import type { KpiMatrix } from '../../../contracts/offers.ts';
import type { App } from '../../app-type.ts';
import { daysBetween } from '../../day-span.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { DateParam, IdParams, Limit } from '../../schemas.ts';

export function offerRoutes(app: App, { predictions, kpis }: AppDependencies): void {
  const viewer = { role: 'viewer' } as const;
  const dayOf = async (market: string, asOf: string | undefined): Promise<string> => {
    const day = asOf ?? (await predictions.markets()).find((one) => one.market === market)?.asOf;
    if (day !== undefined) return day;
    throw new PerennialError('NOT_FOUND', `There are no predictions for the market "${market}".`, {
      remedy: 'GET /v1/offers/markets lists the markets.',
    });
  };

  app.get(
    '/v1/offers/markets',
    { config: viewer, schema: { tags: ['offers'], summary: 'Markets with predictions, and their newest day' } },
    async () => ({
      markets: await predictions.markets(),
    }),
  );

  app.get(
    '/v1/offers/markets/:id/predictions',
    {
      config: viewer,
      schema: {
        tags: ['offers'],
        summary: 'Predictions of a market, by customer',
        params: IdParams,
        querystring: Type.Object({
          asOf: Type.Optional(DateParam),
          after: Type.Optional(Type.String({ description: 'Customer of the last entry of the page before.' })),
          limit: Limit,
        }),
      },
    },
    async (request) => {
      const { asOf, after, limit } = request.query;
      const market = request.params.id;
      const day = await dayOf(market, asOf);
      const page = await predictions.byMarket(market, day, { limit, ...(after === undefined ? {} : { after }) });
      return {
        market,
        asOf: day,
        predictions: page,
        next: page.length === limit ? (page.at(-1)?.customerId ?? null) : null,
      };
    },
  );

  app.get(
    '/v1/offers/markets/:id/customers',
    {
      config: viewer,
      schema: {
        tags: ['offers'],
        summary: 'Customers of a market by id, with what each will probably buy next',
        params: IdParams,
        querystring: Type.Object({
          asOf: Type.Optional(DateParam),
          text: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'A part of the id.' })),
          after: Type.Optional(Type.String({ description: 'Customer of the last entry of the page before.' })),
          limit: Limit,
        }),
      },
    },
    async (request) => {
      const { asOf, ...page } = request.query;
      const market = request.params.id;
      const day = await dayOf(market, asOf);
      const customers = await predictions.customers(market, day, page);
      return {
        ...{ market, asOf: day, customers },
        next: customers.length === page.limit ? (customers.at(-1)?.customerId ?? null) : null,
      };
    },
  );

  app.get(
    '/v1/offers/customers/:id/predictions',
    {
      config: viewer,
      schema: {
        tags: ['offers'],
        summary: 'What a customer buys next, and what it has never bought here',
        params: IdParams,
        querystring: Type.Object({ market: Type.Optional(Type.String()), asOf: Type.Optional(DateParam) }),
      },
    },
    async (request) => {
      const found = await predictions.byCustomer(request.params.id, request.query);
      if (!found) {
        throw new PerennialError(
          'NOT_FOUND',
          `There are no predictions for the customer "${request.params.id}"${request.query.asOf ? ` on ${request.query.asOf}` : ''}.`,
          {
            remedy: 'Check the id, or run the pipeline offers for that day.',
          },
        );
      }
      return found;
    },
  );

  app.get(
    '/v1/kpis',
    {
      config: viewer,
      schema: {
        tags: ['offers'],
        summary: 'Key figures, newest first',
        querystring: Type.Object({
          pipeline: Type.String({ default: 'offers' }),
          market: Type.Optional(Type.String()),
          name: Type.Optional(Type.String()),
          limit: Limit,
        }),
      },
    },
    async (request) => ({ kpis: await kpis.list(request.query) }),
  );

  app.get(
    '/v1/kpis/matrix',
    {
      config: viewer,
      schema: {
        tags: ['offers'],
        summary: 'A key figure by market and day, in columns: expected revenue, say; up to 366 days',
        querystring: Type.Object({
          pipeline: Type.String({ default: 'offers' }),
          name: Type.String({ minLength: 1, maxLength: 200, examples: ['expected_revenue'] }),
          from: DateParam,
          to: Type.Unsafe<string>({ ...DateParam, description: 'Last day, included.' }),
        }),
      },
    },
    async ({ query }): Promise<KpiMatrix> => {
      const { pipeline, name } = query;
      const days = daysBetween(query);
      const found = await kpis.span(query);
      const values = new Map(found.map(({ market, date, value }) => [`${date} ${market}`, value]));
      const markets = [...new Set(found.map(({ market }) => market))].sort();
      return {
        ...{ pipeline, name, markets, days },
        values: markets.flatMap((market) => days.map((date) => values.get(`${date} ${market}`) ?? null)),
      };
    },
  );
}
