import { Type } from 'typebox';
import type { PurchasesAnswer } from '../../../contracts/purchases.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { IdParams, Limit } from '../../schemas.ts';

/** What customers have bought. */
export function purchaseRoutes(app: App, { purchases }: Pick<AppDependencies, 'purchases'>): void {
  app.get(
    '/v1/offers/customers/:id/purchases',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['offers'],
        summary: 'What a customer has bought in a market, by product, those bought last first',
        description: 'Out of the sales in the lake; what was cancelled does not count.',
        params: IdParams,
        querystring: Type.Object({
          market: Type.String({ minLength: 1, maxLength: 200 }),
          after: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0, description: '`next` of the page before.' }),
          ),
          limit: Limit,
        }),
      },
    },
    async ({ params: { id: customerId }, query: { market, after = 0, limit } }): Promise<PurchasesAnswer> => {
      const found = await purchases.of({ market, customerId }, { after, limit });
      const end = after + found.purchases.length;
      return { market, customerId, ...found, next: end < found.products ? end : null };
    },
  );
}
