import { Type } from 'typebox';
import { newOutcomes, offerCalibration, outcomeQuality } from '../../../domain/outcomes/index.ts';
import type { App } from '../../app-type.ts';
import { daySpan } from '../../day-span.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { DateParam, IdParams, Limit } from '../../schemas.ts';

const id = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });

const Days = {
  from: Type.Optional(Type.Unsafe<string>({ ...DateParam, description: 'Default: 90 days before `to`.' })),
  to: Type.Optional(
    Type.Unsafe<string>({ ...DateParam, description: 'Day of the offers, not included. Default: after today.' }),
  ),
};

/** What became of offers, and how the predictions of them came true. */
export function outcomeRoutes(app: App, { outcomes, audit, clock }: AppDependencies): void {
  const tags = ['offers'];

  app.post(
    '/v1/offers/outcomes',
    {
      config: { role: 'operator' },
      schema: {
        tags,
        summary: 'Outcomes of offers: joined to the chosen offers that they are of, and learned from by later runs',
        description:
          'All are taken or none. The same again changes nothing; another outcome of the same offer takes its place. `prediction` is null while no such offer is known: it is joined when one is.',
        body: Type.Object(
          {
            outcomes: Type.Array(
              Type.Object(
                {
                  id: Type.Optional(id('Your own; default: that of customer, product and day.')),
                  market: Type.Optional(id('Default: that of the chosen offer.')),
                  customerId: id('As the sales have it.'),
                  productId: id('As the sales have it.'),
                  date: Type.Unsafe<string>({ ...DateParam, description: 'Day of the offer, YYYY-MM-DD.' }),
                  discount: Type.Number({ minimum: 0, exclusiveMaximum: 100, description: 'Percent of the price.' }),
                  sale: Type.Boolean({ description: 'Whether the customer bought it.' }),
                  holdout: Type.Boolean({ default: false, description: 'Drawn by chance to get no offer.' }),
                },
                { additionalProperties: false },
              ),
              { minItems: 1, maxItems: 1000 },
            ),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const by = request.apiKey?.name ?? '';
      const saved = await outcomes.save(newOutcomes(request.body.outcomes), by, clock.now());
      const joined = saved.filter(({ prediction }) => prediction !== null).length;
      const detail = { outcomes: saved.length, joined };
      await audit.write({ actor: by, action: 'offers.outcomes', subject: 'offers', detail });
      return { accepted: saved.length, joined, outcomes: saved };
    },
  );

  app.get(
    '/v1/offers/customers/:id/outcomes',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'What became of a customer’s offers, newest first, and who told it',
        params: IdParams,
        querystring: Type.Object({ limit: Limit }, { additionalProperties: false }),
      },
    },
    async ({ params, query }) => ({
      customerId: params.id,
      outcomes: await outcomes.ofCustomer(params.id, query.limit),
    }),
  );

  app.get(
    '/v1/offers/outcomes/quality',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'By market and version of the response: offers, outcomes known, conversion, Brier score, calibration',
        querystring: Type.Object(
          { ...Days, market: Type.Optional(id('Default: all.')) },
          { additionalProperties: false },
        ),
      },
    },
    async ({ query: { market, ...given } }) => {
      const { from, to } = daySpan(given, 90, clock.now());
      const filter = { from, to, ...(market === undefined ? {} : { market }) };
      return { from, to, quality: await outcomeQuality(outcomes, filter) };
    },
  );

  app.get(
    '/v1/offers/markets/:id/calibration',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary:
          'Whether offers of a market sold as often as predicted: calibration error, and shares by predicted chance',
        description:
          'Of offers that were made and whose outcome is known. `bins`: up to ten of as many offers each, at least 20 where there are as many, by rising chance, with the 95 % interval of the share that sells.',
        params: IdParams,
        querystring: Type.Object(
          {
            ...Days,
            modelVersion: Type.Optional(
              Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Of `offers-response`. Default: all.' }),
            ),
          },
          { additionalProperties: false },
        ),
      },
    },
    async ({ params, query: { modelVersion, ...given } }) =>
      offerCalibration(outcomes, {
        ...daySpan(given, 90, clock.now()),
        market: params.id,
        ...(modelVersion === undefined ? {} : { modelVersion }),
      }),
  );
}
