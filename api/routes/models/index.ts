import { Type } from 'typebox';
import type { App } from '../../app-type.ts';
import type { AppDependencies } from '../../dependencies.ts';

export function modelRoutes(app: App, { models, audit }: AppDependencies): void {
  app.get(
    '/v1/models',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['models'],
        summary: 'Versions of models',
        querystring: Type.Object({ model: Type.Optional(Type.String()) }),
      },
    },
    async (request) => ({ models: await models.list(request.query.model) }),
  );

  app.get(
    '/v1/models/:model/history',
    {
      config: { role: 'viewer' },
      schema: {
        tags: ['models'],
        summary: 'What each alias pointed at, newest first',
        params: Type.Object({ model: Type.String() }),
      },
    },
    async (request) => ({ changes: await models.history(request.params.model) }),
  );

  app.post(
    '/v1/models/:model/aliases/:alias',
    {
      config: { role: 'operator' },
      schema: {
        tags: ['models'],
        summary: 'Point an alias at a version',
        params: Type.Object({ model: Type.String(), alias: Type.String({ pattern: '^[a-z][a-z0-9-]{0,40}$' }) }),
        body: Type.Object(
          {
            version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
            reason: Type.String({ minLength: 3, maxLength: 1000 }),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { model, alias } = request.params;
      const { version, reason } = request.body;
      const by = request.apiKey?.name ?? '';
      await models.setAlias(model, alias, version, by, reason);
      await audit.write({
        actor: by,
        action: 'model.alias',
        subject: `${model}/${alias}`,
        detail: { version, reason },
      });
      return models.get(model, version);
    },
  );
}
