import { Type } from 'typebox';
import { PerennialError } from '../../../contracts/errors.ts';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';
import { Cursor, IdParams, Limit } from '../../schemas.ts';

export function decisionRoutes(app: App, { decisions }: AppDependencies): void {
  app.get(
    '/v1/decisions',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['decisions'],
        summary: 'Retraining decisions, newest first, also those that said no',
        querystring: Type.Object({
          pipeline: Type.Optional(Type.String()),
          verdict: Type.Optional(Type.Union([Type.Literal('retrain'), Type.Literal('keep')])),
          cursor: Type.Optional(Cursor),
          limit: Limit,
        }),
      },
    },
    async (request) => decisions.list(request.query),
  );

  app.get(
    '/v1/decisions/:id',
    {
      config: { role: 'viewer' },
      schema: { tags: ['decisions'], summary: 'A decision with its inputs, thresholds and reasons', params: IdParams },
    },
    async (request) => {
      const decision = await decisions.get(request.params.id);
      if (!decision)
        throw new PerennialError('NOT_FOUND', `There is no decision "${request.params.id}".`, {
          remedy: 'GET /v1/decisions lists them.',
        });
      return decision;
    },
  );
}
